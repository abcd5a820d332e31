"""Moving a report through its workflow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework import services as casework
from veche.commons.casework.models import Case
from veche.commons.casework.terms import Move
from veche.commons.media import services as media
from veche.commons.offices import queries as offices
from veche.commons.offices import services as routes
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.commons.submissions.models import Submission
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if
from veche.modules.reports import queries, rules
from veche.modules.reports.models import Report
from veche.modules.reports.terms import WORKFLOW

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report of a bulk act."""

    report_id: UUID
    refusals: tuple[Refusal, ...] = ()


@transaction.atomic
def move_report(
    report_id: UUID, move: Move, *, by: Actor, now: datetime, photos_from: SubjectRef | None = None
) -> Report:
    """Take one step of the workflow: answer, plan, refuse, confirm, send back and their kin.

    Refuses: what the workflow refuses; `reports.not-found`, `reports.office-unknown`, `reports.duplicate-of-itself`.
    """
    report = _locked(report_id)
    city = _city(report)
    refuse_if(_wrong_target(report, move, city))
    author, answers = Submission.objects.values_list("author_id", "details").get(pk=report.submission_id)
    roles = rules.roles_of(by, city_id=report.city_id, author_id=author, office_id=report.office_id)
    category = queries.catalogue(city).by_id[report.category_id]
    moved = casework.move(
        report.case_id,
        move,
        workflow=WORKFLOW,
        by=by,
        roles=roles,
        calendar=city.calendar,
        terms=queries.terms_of(city, category, answers),
        reasons=queries.reasons_of(city),
        now=now,
    )
    if photos_from is not None:
        media.adopt(photos_from, SubjectRef("casework.step", moved.step.id))
        media.seal([moved.step.id], sealed=report.hidden)
    if move.verb == "take":
        _keep_for(by, moved.case, now=now)
    return _follow(report, moved.case, move)


def move_many(report_ids: Iterable[UUID], move: Move, *, by: Actor, now: datetime) -> list[Outcome]:
    """Take the same step for several reports, each on its own: one refusal stops no other.

    Refuses: `reports.too-many`.
    """
    # Always in the same order: two people who move the same reports at once must not wait for each other.
    chosen = sorted(set(report_ids))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(Refusal("reports.too-many", params={"most": MOST_AT_ONCE}))
    return [_outcome(report_id, move, by=by, now=now) for report_id in chosen]


@transaction.atomic
def route_report(
    report_id: UUID, office_id: UUID, *, by: Actor, now: datetime, always: bool = False
) -> Report:
    """Give a report to an office; with `always`, teach the routing table the same for this category and place.

    Refuses: what the workflow refuses; `reports.office-unknown`.
    """
    report = move_report(report_id, Move(verb="route", office_id=office_id), by=by, now=now)
    if always:
        city = _city(report)
        category = queries.catalogue(city).by_id[report.category_id]
        routes.learn_route(category.code, report.place_id, office_id, city_id=report.city_id, by=by, now=now)
    return report


def _outcome(report_id: UUID, move: Move, *, by: Actor, now: datetime) -> Outcome:
    try:
        move_report(report_id, move, by=by, now=now)
    except Refused as refused:
        return Outcome(report_id, refused.refusals)
    return Outcome(report_id)


def _keep_for(by: Actor, case: Case, *, now: datetime) -> None:
    """Who takes a report that is nobody's yet has it from then on."""
    if case.officer_id is None and by.person_id in offices.officers_of([case.office_id]):
        casework.assign(case.pk, by.person_id, by=by, now=now)


def _locked(report_id: UUID) -> Report:
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise Refused(Refusal("reports.not-found"))
    return report


def _city(report: Report) -> CityView:
    city = places.city_by_id(report.city_id)
    assert city is not None
    return city


def _wrong_target(report: Report, move: Move, city: CityView) -> Refusal | None:
    if move.office_id is not None and move.office_id not in offices.directory(city.id).offices:
        return Refusal("reports.office-unknown", "office")
    if move.duplicate_of is None:
        return None
    if move.duplicate_of == report.pk:
        return Refusal("reports.duplicate-of-itself", "duplicate_of")
    if not Report.objects.filter(pk=move.duplicate_of, city_id=city.id).exists():
        return Refusal("reports.not-found", "duplicate_of")
    return None


def _follow(report: Report, case: Case, move: Move) -> Report:
    report.status, report.office_id, report.due_at = case.status, case.office_id, case.due_at
    report.overdue, report.answered_at = case.overdue_at is not None, case.answered_at
    if move.duplicate_of is not None:
        report.duplicate_of_id = move.duplicate_of
    report.save(update_fields=["status", "office", "due_at", "overdue", "answered_at", "duplicate_of"])
    return report
