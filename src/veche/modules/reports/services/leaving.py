"""Leaving a report one had joined."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.journal import services as journal
from veche.commons.submissions import services as submissions
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports.models import Report
from veche.modules.reports.terms import REPORT, ReportLeft


@transaction.atomic
def leave_report(report_id: UUID, *, by: Actor, now: datetime) -> int:
    """Take a “me too” back; answers how many still follow. Leaving twice counts once.

    Refuses: `reports.not-found`, `submissions.may-not-join`.
    """
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise Refused(Refusal("reports.not-found"))
    if not submissions.leave(report.submission_id, by=by):
        return report.supporters
    report.supporters = max(0, report.supporters - 1)
    report.save(update_fields=["supporters"])
    journal.record(
        ReportLeft(
            ref=SubjectRef(REPORT, report_id),
            at=now,
            city_id=report.city_id,
            number=number_of(report.serial),
            supporters=report.supporters,
        ),
        private={"person": str(by.person_id)},
        owner=by.person_id,
    )
    return report.supporters
