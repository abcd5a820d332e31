"""All that the page of one report shows, in five small questions of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from veche.commons.casework.models import Clock, Step
from veche.commons.casework.queries import CLOCK, STEP
from veche.commons.casework.terms import ClockView, Pace, StepView
from veche.commons.media.models import Photo
from veche.commons.media.terms import PhotoView
from veche.commons.places.terms import CityView
from veche.kernel.ids import serial_of
from veche.kernel.refusals import Refusal
from veche.modules.reports.models import Report
from veche.modules.reports.queries.asking import Ask, ask
from veche.modules.reports.queries.lists import ROW
from veche.modules.reports.queries.prepared import Prepared
from veche.modules.reports.queries.single import REST
from veche.modules.reports.terms import ReportRow, ReportView

_PACE = ("office__pace__median_days", "office__pace__p80_days", "office__pace__answers")
_AUTHOR = ("submission__author__name", "submission__author__is_active")


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report with its steps, clocks, photographs and duplicates, and the pace of its office.

    `author` is the name the author wants to be seen by, empty when nobody may see one.
    """

    view: ReportView
    author: str
    pace: Pace | None
    steps: Sequence[StepView]
    clocks: Sequence[ClockView]
    photos: Mapping[UUID, Sequence[PhotoView]]
    duplicates: Sequence[int]


def report_page(city: CityView, number: str, *, asking: Ask = ask) -> ReportPage | Refusal:
    """The report a number names in this city, with everything its page shows.

    Refuses: `ids.not-a-number`, `ids.mistyped-number`, `reports.not-found`.
    """
    serial = serial_of(number)
    if isinstance(serial, Refusal):
        return serial
    found = _REPORT.rows(serial, city.id, asking=asking)
    if not found:
        return Refusal("reports.not-found", "number")
    cut, end = len(ROW), len(ROW) + len(REST)
    row = found[0]
    view = ReportView(ReportRow(*row[:cut]), *row[cut:end])
    median, p80, answers, name, is_active = row[end:]
    return ReportPage(
        view,
        name if is_active and not view.anonymous else "",
        Pace(median, p80, answers) if median is not None else None,
        [StepView(*one) for one in _STEPS.rows(view.case_id, asking=asking)],
        [ClockView(*one) for one in _CLOCKS.rows(view.case_id, asking=asking)],
        _photos(view, asking),
        [serial for (serial,) in _DUPLICATES.rows(view.row.id, asking=asking)],
    )


def _photos(view: ReportView, asking: Ask) -> Mapping[UUID, Sequence[PhotoView]]:
    found: dict[UUID, list[PhotoView]] = {}
    for subject_id, photo_id, width, height in _PHOTOS.rows(view.submission_id, view.case_id, asking=asking):
        found.setdefault(subject_id, []).append(PhotoView(photo_id, width, height))
    return found


def _reports(serial: int, city_id: UUID) -> QuerySet[Any, Any]:
    return Report.objects.filter(serial=serial, city_id=city_id).values_list(*ROW, *REST, *_PACE, *_AUTHOR)


def _steps(case_id: UUID) -> QuerySet[Any, Any]:
    return Step.objects.filter(case_id=case_id).order_by("position").values_list(*STEP)


def _clocks(case_id: UUID) -> QuerySet[Any, Any]:
    return Clock.objects.filter(case_id=case_id).order_by("started_at", "due_at").values_list(*CLOCK)


def _photos_of(submission_id: UUID, case_id: UUID) -> QuerySet[Any, Any]:
    steps = Step.objects.filter(case_id=case_id).values("id")
    rows = Photo.objects.filter(Q(subject_id=submission_id) | Q(subject_id__in=steps), hidden=False)
    return rows.order_by("subject_id", "position", "id").values_list("subject_id", "id", "width", "height")


def _duplicates(report_id: UUID) -> QuerySet[Any, Any]:
    rows = Report.objects.filter(duplicate_of_id=report_id, hidden=False)
    return rows.order_by("serial").values_list("serial")


_REPORT = Prepared(_reports, int, UUID)
_STEPS = Prepared(_steps, UUID)
_CLOCKS = Prepared(_clocks, UUID)
_PHOTOS = Prepared(_photos_of, UUID, UUID)
_DUPLICATES = Prepared(_duplicates, UUID)
