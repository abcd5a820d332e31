"""Taking over reports that lived in another system, in bulk: an import, or the demonstration."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import SYSTEM
from veche.commons.casework import services as casework
from veche.commons.casework.models import Case
from veche.commons.casework.services import History, PastMove
from veche.commons.journal import services as journal
from veche.commons.journal.terms import PrivateFact
from veche.commons.offices import queries as offices
from veche.commons.places import services as places
from veche.commons.places.terms import CellChange, CityView, PlaceView
from veche.commons.search import services as search
from veche.commons.search.terms import NewDocument
from veche.commons.submissions import services as submissions
from veche.commons.submissions.models import Submission
from veche.commons.submissions.rules import fold
from veche.commons.submissions.terms import NewSubmission
from veche.kernel.geo import Point, cell_of
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.modules.reports import queries, rules
from veche.modules.reports.models import Report
from veche.modules.reports.services.filing import submission_of
from veche.modules.reports.terms import (
    REPORT,
    WORKFLOW,
    CategoryView,
    NewReport,
    ReportFiled,
    ReportsImported,
    Route,
    Status,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class PastReport:
    """A report as it was: what was filed and when, to whom it went, and the steps that followed.

    Without an `office_id` the routing table decides; a `due_at` of the earlier system wins over the pack's term.
    """

    new: NewReport
    filed_at: datetime
    moves: tuple[PastMove, ...] = ()
    office_id: UUID | None = None
    source: str = ""
    external_id: str | None = None
    due_at: datetime | None = None
    supporters: int = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    past: PastReport
    submission: Submission
    category: CategoryView
    place: PlaceView
    route: Route | None


def take_over(
    pasts: Iterable[PastReport], *, city: CityView, now: datetime, recorded: bool = False
) -> Iterator[list[bool]]:
    """Write past reports in batches; each answer says which of its rows were new. The rest were known already.

    One transaction a batch: a batch is written whole or not at all. Give only what the rules let in.
    `recorded` writes every act into the journal; otherwise a batch is one fact. Nobody is notified of the past.
    Refuses: what `submissions.receive_many` refuses, before anything of the batch is written.
    """
    waiting = iter(pasts)
    while batch := list(islice(waiting, BATCH)):
        yield _take_batch(batch, city=city, now=now, recorded=recorded)


@transaction.atomic
def _take_batch(batch: Sequence[PastReport], *, city: CityView, now: datetime, recorded: bool) -> list[bool]:
    placed = [(past, queries.place_of(city, past.new.point)) for past in batch]
    received = submissions.receive_many(
        [(_submission(past, place), past.filed_at) for past, place in placed], by=SYSTEM
    )
    taken = [
        _taken(past, one.submission, place, city)
        for (past, place), one in zip(placed, received, strict=True)
        if one.created
    ]
    if recorded:
        journal.record_many(
            (
                PrivateFact(_filed(one, city), queries.private_of(one.submission), one.submission.author_id)
                for one in taken
            ),
            delivered=True,
        )
    cases = casework.write_histories(
        [_history(one, city) for one in taken],
        workflow=WORKFLOW,
        calendar=city.calendar,
        now=now,
        recorded=recorded,
    )
    reports = [_report(one, case) for one, case in zip(taken, cases, strict=True)]
    Report.objects.bulk_create(reports, batch_size=BATCH)
    _follow(reports, taken, city)
    if taken and not recorded:
        source = taken[0].past.source
        journal.record(
            ReportsImported(
                ref=SubjectRef("places.city", city.id),
                at=now,
                city_id=city.id,
                source=source,
                rows=len(taken),
            )
        )
    return [one.created for one in received]


def _submission(past: PastReport, place: PlaceView) -> NewSubmission:
    handed_in = submission_of(past.new, place, dict(past.new.answers))
    return replace(handed_in, source=past.source, external_id=past.external_id)


def _taken(past: PastReport, submission: Submission, place: PlaceView, city: CityView) -> _Taken:
    category = queries.catalogue(city).by_code[past.new.category]
    on = city.calendar.local_date(past.filed_at)
    route = None if past.office_id else queries.route_for(city, category, place, on=on)
    return _Taken(past, submission, category, place, route)


def _history(one: _Taken, city: CityView) -> History:
    office = one.past.office_id or (one.route.office_id if one.route else None)
    return History(
        ref=SubjectRef(REPORT, one.past.new.id),
        city_id=city.id,
        status=Status.ROUTED if office else Status.NEW,
        office_id=office,
        terms=queries.terms_of(city, one.category, one.past.new.answers),
        opened_at=one.past.filed_at,
        due_at=one.past.due_at,
        moves=one.past.moves,
    )


def _report(one: _Taken, case: Case) -> Report:
    new = one.past.new
    title = rules.title_of(new.text)
    return Report(
        id=new.id,
        city_id=new.city_id,
        submission=one.submission,
        case=case,
        serial=one.submission.serial,
        category_id=one.category.id,
        group=one.category.group,
        status=case.status,
        overdue=case.overdue_at is not None,
        office_id=case.office_id,
        place_id=one.place.id,
        lat=new.point.lat,
        lon=new.point.lon,
        cell=cell_of(new.point),
        title=title,
        folded=fold(title),
        address=one.submission.address,
        supporters=one.past.supporters,
        why=one.route.why() if one.route else {},
        filed_at=one.past.filed_at,
        due_at=case.due_at,
        answered_at=case.answered_at,
    )


def _follow(reports: Sequence[Report], taken: Sequence[_Taken], city: CityView) -> None:
    """The map's counters and the search are written at once: nothing else hears of the past."""
    changes = [CellChange(Point(one.lat, one.lon), one.status, one.group, 1) for one in reports]
    places.apply_cell_changes(REPORT, city.id, changes)
    search.put_documents(
        NewDocument(
            ref=SubjectRef(REPORT, report.id),
            city_id=city.id,
            number=number_of(report.serial),
            title=report.title,
            body=f"{one.past.new.text}\n{report.address}",
            happened_at=report.filed_at,
        )
        for one, report in zip(taken, reports, strict=True)
    )


def _filed(one: _Taken, city: CityView) -> ReportFiled:
    office = offices.directory(city.id).offices.get(one.route.office_id) if one.route else None
    return ReportFiled(
        ref=SubjectRef(REPORT, one.past.new.id),
        at=one.past.filed_at,
        city_id=city.id,
        number=number_of(one.submission.serial),
        category=one.category.code,
        group=one.category.group,
        place=one.place.code,
        office=office.code if office else "",
        status=Status.ROUTED if office else Status.NEW,
    )
