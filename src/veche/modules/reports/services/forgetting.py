"""Forgetting an author: the report stays as a number with a public tombstone, its words go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.journal import services as journal
from veche.commons.search import services as search
from veche.commons.submissions.models import Submission
from veche.kernel.forgetting import Forgotten
from veche.kernel.geo import Point, cell_of
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.modules.reports.models import Report
from veche.modules.reports.terms import ERASED, REPORT, ReportHidden

# A hundredth of a degree: the quarter of the town, not the house.
_COARSE = 2


@transaction.atomic
def forget_author(person: Forgotten, *, now: datetime) -> None:
    """Take the words out of everything a person reported, and hide it with a public trace.

    The point follows when the map's counters have let it go; see `coarsen`.
    Refuses: never.
    """
    rows = list(Report.objects.select_for_update().filter(submission__author_id=person.person_id))
    for report in rows:
        ref = SubjectRef(REPORT, report.pk)
        search.forget_document(ref)
        # Also of one that a moderator hid before: the tombstone says why nobody can open its words.
        journal.record(
            ReportHidden(
                ref=ref,
                at=now,
                city_id=report.city_id,
                number=number_of(report.serial),
                reason=ERASED,
                role="citizen",
            )
        )
    Report.objects.filter(pk__in=[report.pk for report in rows]).update(
        hidden=True, title="", folded="", address="", photo_id=None
    )


def coarsen(report_id: UUID) -> None:
    """Leave of the point of an erased report only in which quarter it was. Harmless to repeat.

    Units: a hundredth of a degree. Refuses: never.
    """
    report = Report.objects.filter(pk=report_id).only("lat", "lon", "submission_id").first()
    if report is None:
        return
    point = Point(round(report.lat, _COARSE), round(report.lon, _COARSE))
    place = {"lat": point.lat, "lon": point.lon, "cell": cell_of(point)}
    Report.objects.filter(pk=report_id).update(**place)
    Submission.objects.filter(pk=report.submission_id).update(**place)
