"""Inside the offices: handing a report over, and giving it to one officer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework import services as casework
from veche.commons.offices import queries as offices
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import access
from veche.modules.reports.models import Report
from veche.modules.reports.services.moving import MOST_AT_ONCE, Outcome
from veche.modules.reports.terms import WORKFLOW


@transaction.atomic
def hand_over_report(report_id: UUID, office_id: UUID, *, reason: str, by: Actor, now: datetime) -> Report:
    """Hand a report over to an office of the same family (parent, child, sister); the clock runs on.

    Refuses: `reports.not-found`, `reports.not-your-office`, `reports.office-unknown`, `reports.not-family` and
    what casework refuses.
    """
    report = _own(report_id, by)
    if office_id not in family(report.city_id, report.office_id):
        raise Refused(Refusal("reports.not-family", "office"))
    case = casework.hand_over(report.case_id, office_id, workflow=WORKFLOW, by=by, text=reason, now=now)
    report.office_id, report.due_at = case.office_id, case.due_at
    report.save(update_fields=["office", "due_at"])
    return report


@transaction.atomic
def assign_report(report_id: UUID, officer_id: UUID | None, *, by: Actor, now: datetime) -> Report:
    """Give a report to one officer of its office; None takes it back into the common queue.

    Refuses: `reports.not-found`, `reports.not-your-office` and what casework refuses.
    """
    report = _own(report_id, by)
    casework.assign(report.case_id, officer_id, by=by, now=now)
    return report


def assign_many(
    report_ids: Iterable[UUID], officer_id: UUID | None, *, by: Actor, now: datetime
) -> list[Outcome]:
    """Give several reports to one officer, each on its own: one refusal stops no other.

    Refuses: `reports.too-many`.
    """
    # Always in the same order: two people who give out the same reports at once must not wait for each other.
    chosen = sorted(set(report_ids))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(Refusal("reports.too-many", params={"most": MOST_AT_ONCE}))
    return [_outcome(report_id, officer_id, by=by, now=now) for report_id in chosen]


def family(city_id: UUID, office_id: UUID | None) -> frozenset[UUID]:
    """The offices a report may be handed over to: parent, children and sisters."""
    known = offices.directory(city_id).offices
    if office_id is None or office_id not in known:
        return frozenset()
    parent = known[office_id].parent_id
    kin = {
        one.id
        for one in known.values()
        if one.parent_id == office_id or one.id == parent or (parent and one.parent_id == parent)
    }
    return frozenset(kin - {office_id})


def _outcome(report_id: UUID, officer_id: UUID | None, *, by: Actor, now: datetime) -> Outcome:
    try:
        assign_report(report_id, officer_id, by=by, now=now)
    except Refused as refused:
        return Outcome(report_id, refused.refusals)
    return Outcome(report_id)


def _own(report_id: UUID, by: Actor) -> Report:
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise Refused(Refusal("reports.not-found"))
    if not access.may_answer(by, report.office_id):
        raise Refused(Refusal("reports.not-your-office"))
    return report
