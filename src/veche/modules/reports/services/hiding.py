"""Hiding what breaks the rules, always with a public trace."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework.models import Step
from veche.commons.journal import services as journal
from veche.commons.media import queries as photographs
from veche.commons.media import services as media
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if
from veche.modules.reports import access, queries, rules
from veche.modules.reports.models import Report
from veche.modules.reports.terms import ERASED, HIDE_REASONS, REPORT, ReportHidden, ReportShown


@transaction.atomic
def hide_report(report_id: UUID, reason: str, *, by: Actor, now: datetime, order: str = "") -> Report:
    """Hide a report and its photographs from the public; its number stays and says by which role and why.

    `order` names the order of a court, which that reason needs: which court, its number, its date.
    Refuses: `reports.not-found`, `reports.hide-reason`, `reports.order-missing`, `reports.order-too-long`,
    `access.denied`.
    """
    refuse_if(rules.check_order(reason, order))
    return _set_hidden(report_id, reason, hidden=True, by=by, now=now, order=order)


@transaction.atomic
def show_report(report_id: UUID, reason: str, *, by: Actor, now: datetime) -> Report:
    """Show a hidden report again.

    Refuses: `reports.not-found`, `reports.hide-reason`, `reports.erased`, `access.denied`.
    """
    return _set_hidden(report_id, reason, hidden=False, by=by, now=now)


@transaction.atomic
def hide_photo(report_id: UUID, photo_id: UUID, reason: str, *, by: Actor, now: datetime) -> None:
    """Take one photograph of a report, or of a step of it, out of sight for good; the rest stays.

    Refuses: `reports.not-found`, `media.no-such-photo`, `media.may-not-hide`, `media.unknown-reason`.
    """
    report = _locked(report_id)
    shown = photographs.photos_of([report.submission_id, *_steps_of(report)])
    if photo_id not in {one.id for photos in shown.values() for one in photos}:
        raise Refused(Refusal("media.no-such-photo", "photo"))
    media.hide(photo_id, reason=reason, by=by, now=now)
    if report.photo_id == photo_id:
        left = [one.id for one in shown[report.submission_id] if one.id != photo_id]
        report.photo_id = left[0] if left else None
        report.save(update_fields=["photo_id"])


def _set_hidden(
    report_id: UUID, reason: str, *, hidden: bool, by: Actor, now: datetime, order: str = ""
) -> Report:
    report = _locked(report_id)
    if not access.may_hide(by, report.city_id):
        raise Refused(Refusal("access.denied"))
    if reason not in HIDE_REASONS:
        raise Refused(Refusal("reports.hide-reason", "reason"))
    if report.hidden is hidden:
        return report
    last = queries.hiding_of(report_id)
    if not hidden and last and last.reason == ERASED:
        raise Refused(Refusal("reports.erased"))
    report.hidden = hidden
    report.save(update_fields=["hidden"])
    media.seal([report.submission_id, *_steps_of(report)], sealed=hidden)
    fact = ReportHidden if hidden else ReportShown
    journal.record(
        fact(
            ref=SubjectRef(REPORT, report.pk),
            at=now,
            city_id=report.city_id,
            number=number_of(report.serial),
            reason=reason,
            order=" ".join(order.split()),
        ),
        private={"person": str(by.person_id)},
        owner=by.person_id,
    )
    return report


def _locked(report_id: UUID) -> Report:
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise Refused(Refusal("reports.not-found"))
    return report


def _steps_of(report: Report) -> list[UUID]:
    return list(Step.objects.filter(case_id=report.case_id).values_list("id", flat=True))
