"""What follows from facts: the map's counters, the search, and who is told. Each listener may run twice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from veche.commons.accounts import queries as accounts
from veche.commons.accounts.terms import SYSTEM, Role
from veche.commons.casework.models import Case
from veche.commons.casework.terms import CaseMoved, DeadlineMissed, Move, Stage
from veche.commons.notices import services as notices
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places import services as counters
from veche.commons.places.terms import CellChange
from veche.commons.search import services as search
from veche.commons.submissions import queries as submissions
from veche.kernel.geo import Point
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.words import N_
from veche.modules.reports import queries
from veche.modules.reports.models import Report
from veche.modules.reports.services.moving import move_report
from veche.modules.reports.terms import (
    REPORT,
    WORKFLOW,
    ReportFiled,
    ReportHidden,
    ReportShown,
    ReportView,
    Status,
)

_SAYS = {transition.verb: transition.says for transition in WORKFLOW.transitions}


def follow_filing(fact: ReportFiled, *, fact_id: UUID, now: datetime) -> None:
    """Put a new report on the map and into the search; tell whoever has to act."""
    _count(fact.ref.id, {fact.status: 1})
    _index(fact.ref)
    _tell_of_filing(fact, fact_id=fact_id, now=now)


def follow_move(fact: CaseMoved, *, fact_id: UUID, now: datetime) -> None:
    """Move a report on the map's counters; tell the author and everybody who joined."""
    view = queries.report_by_id(fact.ref.id) if fact.ref.kind == REPORT else None
    if view is None:
        return
    if fact.from_status != fact.to_status and not view.hidden:
        _count(fact.ref.id, {fact.from_status: -1, fact.to_status: 1})
    _tell_of_move(fact, view, fact_id=fact_id, now=now)


def follow_deadline(fact: DeadlineMissed, *, fact_id: UUID, now: datetime) -> None:
    """Flag a late report and tell about it; let silence confirm an answer nobody objected to."""
    view = queries.report_by_id(fact.ref.id) if fact.ref.kind == REPORT else None
    if view is None:
        return
    if fact.stage == Stage.CONFIRM:
        if view.row.status == Status.ANSWERED:
            move_report(view.row.id, Move(verb="confirm_by_silence"), by=SYSTEM, now=now)
        return
    late = Case.objects.filter(pk=view.case_id, overdue_at__isnull=False).exists()
    Report.objects.filter(pk=view.row.id).update(overdue=late)
    if late:
        _tell_of_deadline(fact, view, fact_id=fact_id, now=now)


def follow_hiding(fact: ReportHidden, *, fact_id: UUID, now: datetime) -> None:
    """Take a hidden report off the map and out of the search."""
    _count(fact.ref.id, {_status(fact.ref.id): -1})
    search.hide_document(fact.ref.id)


def follow_showing(fact: ReportShown, *, fact_id: UUID, now: datetime) -> None:
    """Put a report that is shown again on the map and into the search."""
    _count(fact.ref.id, {_status(fact.ref.id): 1})
    search.show_document(fact.ref.id)
    _index(fact.ref)


def _index(ref: SubjectRef) -> None:
    view = queries.report_by_id(ref.id)
    if view is None or view.hidden:
        return
    search.put_document(
        ref,
        city_id=view.city_id,
        number=number_of(view.row.serial),
        title=view.row.title,
        body=f"{view.text}\n{view.row.address}",
        happened_at=view.row.filed_at,
    )


def _tell_of_filing(fact: ReportFiled, *, fact_id: UUID, now: datetime) -> None:
    view = queries.report_by_id(fact.ref.id)
    if view is None:
        return
    if view.row.office_id is None:
        people = accounts.role_holders(Role.DISPATCHER, view.city_id)
        sentence = N_("Report %(number)s waits for you to choose an office.")
    else:
        people = accounts.role_holders(Role.OFFICER, view.city_id, view.row.office_id)
        sentence = N_("New report %(number)s for %(office)s.")
    _tell(people, view, fact_id=fact_id, kind=fact.kind, sentence=sentence, now=now)


def _tell_of_move(fact: CaseMoved, view: ReportView, *, fact_id: UUID, now: datetime) -> None:
    kind = f"reports.{fact.verb}"
    _tell(_followers(view), view, fact_id=fact_id, kind=kind, sentence=_SAYS.get(fact.verb, ""), now=now)
    if fact.to_status in {Status.SENT_BACK, Status.ROUTED}:
        people = accounts.role_holders(Role.OFFICER, view.city_id, view.row.office_id)
        sentence = N_("Report %(number)s waits for an answer of %(office)s.")
        _tell(people, view, fact_id=fact_id, kind=f"{kind}.office", sentence=sentence, now=now)
    elif fact.to_status == Status.NOT_OURS:
        people = accounts.role_holders(Role.DISPATCHER, view.city_id)
        sentence = N_("Report %(number)s waits for you to choose an office.")
        _tell(people, view, fact_id=fact_id, kind=f"{kind}.dispatcher", sentence=sentence, now=now)


def _tell_of_deadline(fact: DeadlineMissed, view: ReportView, *, fact_id: UUID, now: datetime) -> None:
    sentence = N_("The term for report %(number)s has passed; %(office)s still owes the answer.")
    officers = (
        accounts.role_holders(Role.OFFICER, view.city_id, view.row.office_id) if view.row.office_id else ()
    )
    people = [*_followers(view), *officers]
    _tell(people, view, fact_id=fact_id, kind=fact.kind, sentence=sentence, now=now)


def _count(report_id: UUID, deltas: dict[str, int]) -> None:
    row = Report.objects.filter(pk=report_id).values_list("city_id", "group", "lat", "lon").first()
    if row is None:
        return
    city_id, group, lat, lon = row
    changes = [CellChange(Point(lat, lon), status, group, delta) for status, delta in deltas.items()]
    counters.apply_cell_changes(REPORT, city_id, changes)


def _status(report_id: UUID) -> str:
    return Case.objects.values_list("status", flat=True).get(subject_id=report_id)


def _followers(view: ReportView) -> list[UUID]:
    joined = submissions.supporters_of(view.submission_id)
    return [*joined, view.author_id] if view.author_id else list(joined)


def _tell(
    people: Iterable[UUID], view: ReportView, *, fact_id: UUID, kind: str, sentence: str, now: datetime
) -> None:
    city = places.city_by_id(view.city_id)
    if city is None or not sentence:
        return
    office = offices.directory(city.id).offices.get(view.row.office_id) if view.row.office_id else None
    number = number_of(view.row.serial)
    params: dict[str, object] = {
        "number": number,
        "office": dict(office.names) if office else {"ru": "диспетчер", "en": "the dispatcher"},
        "date": view.planned_on.isoformat() if view.planned_on else "",
    }
    notices.tell(
        dict.fromkeys(people),
        fact_id=fact_id,
        kind=kind,
        sentence=sentence,
        params=params,
        url=f"/{city.code}/reports/{number}",
        city_id=city.id,
        now=now,
    )
