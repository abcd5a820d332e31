"""One report, read in a single row."""

from uuid import UUID

from veche.commons.journal import queries as journal
from veche.commons.places.terms import CityView
from veche.kernel.ids import serial_of
from veche.kernel.refusals import Refusal
from veche.modules.reports.models import Report
from veche.modules.reports.queries.lists import ROW
from veche.modules.reports.terms import Hiding, ReportHidden, ReportRow, ReportView

REST = (
    "city_id",
    "case_id",
    "submission_id",
    "submission__author_id",
    "submission__anonymous",
    "submission__text",
    "submission__details",
    "submission__language",
    "submission__channel",
    "submission__source",
    "why",
    "case__planned_on",
    "case__not_ours_count",
    "case__officer_id",
    "duplicate_of__serial",
    "hidden",
)


def report_by_number(city: CityView, number: str) -> ReportView | Refusal:
    """The report a number names in this city.

    Refuses: `ids.not-a-number`, `ids.mistyped-number`, `reports.not-found`.
    """
    serial = serial_of(number)
    if isinstance(serial, Refusal):
        return serial
    row = Report.objects.filter(serial=serial, city_id=city.id).values_list(*ROW, *REST).first()
    return _view(row) if row else Refusal("reports.not-found", "number")


def report_by_id(report_id: UUID) -> ReportView | None:
    """The report with this id, in whatever city."""
    row = Report.objects.filter(pk=report_id).values_list(*ROW, *REST).first()
    return _view(row) if row else None


def hiding_of(report_id: UUID) -> Hiding | None:
    """When and why a report was hidden last."""
    for line in journal.facts_page(kind=ReportHidden.kind, subject_id=report_id, limit=1):
        return Hiding(
            line.at,
            str(line.body.get("reason", "")),
            str(line.body.get("role", "")),
            str(line.body.get("order", "")),
            line.id,
        )
    return None


def _view(row: tuple[object, ...]) -> ReportView:
    cut = len(ROW)
    return ReportView(ReportRow(*row[:cut]), *row[cut:])  # type: ignore[arg-type]
