"""Reports as their authors and followers see them, and the numbers of a city."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from veche.commons.casework.models import Case
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import COUNTED_ZOOMS, CityView
from veche.commons.submissions import queries as submissions
from veche.kernel.geo import Box
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.modules.reports.models import Report
from veche.modules.reports.queries.lists import ROW
from veche.modules.reports.terms import OPEN, REPORT, ReportRow, Status

_WORLD = Box(-90.0, -180.0, 90.0, 180.0)

OPEN_FIELDS = frozenset({"text", "address", "point", "details", "photos"})


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report and the city it belongs to."""

    row: ReportRow
    city_id: UUID


@dataclass(frozen=True, slots=True)
class CityFigures:
    """How a city does: what is open, what of it is late, and what was answered of late."""

    open: int
    overdue: int
    answered: int
    statuses: Mapping[str, int]

    @property
    def total(self) -> int:
        """All public reports."""
        return sum(self.statuses.values())


def own_reports(person_id: UUID, *, before: int | None = None, limit: int = 20) -> list[OwnReport]:
    """What a person filed in all cities, newest first; hidden reports too, for they are theirs."""
    rows = Report.objects.filter(submission__author_id=person_id)
    if before is not None:
        rows = rows.filter(serial__lt=before)
    return _own(rows.order_by("-serial")[:limit].values_list(*ROW, "city_id"))


@dataclass(frozen=True, slots=True)
class JoinedPage:
    """Reports a person joined; `next` goes on with the page after, None on the last one."""

    reports: list[OwnReport]
    next: UUID | None


def joined_reports(person_id: UUID, *, before: UUID | None = None, limit: int = 20) -> JoinedPage:
    """What a person joined last, newest first; what was hidden since is left out."""
    found = submissions.joined_by(person_id, before=before, limit=limit + 1)
    joined = found[:limit]
    rows = Report.objects.filter(submission_id__in=joined, hidden=False).values_list(
        *ROW, "city_id", "submission_id"
    )
    order = {submission_id: at for at, submission_id in enumerate(joined)}
    shown = _own(row[:-1] for row in sorted(rows, key=lambda row: order[row[-1]]))
    return JoinedPage(shown, joined[-1] if len(found) > limit else None)


def city_figures(city: CityView, *, since: datetime) -> CityFigures:
    """The numbers of a city: states from the counters of the map, the rest from narrow indexes."""
    cells = places.cells_in(REPORT, city.id, _WORLD, COUNTED_ZOOMS[0], statuses=tuple(Status))
    statuses: Counter[str] = Counter()
    for one in cells:
        statuses[one.status] += one.count
    late = Report.objects.filter(city_id=city.id, overdue=True, hidden=False, status__in=OPEN)
    # Office by office, because answers are indexed that way: a city has dozens of them and answers by the million.
    answered = Case.objects.filter(
        office_id__in=list(offices.directory(city.id).offices), answered_at__gte=since, subject_kind=REPORT
    )
    return CityFigures(sum(statuses[one] for one in OPEN), late.count(), answered.count(), dict(statuses))


def addresses_of(refs: Iterable[SubjectRef]) -> dict[SubjectRef, str]:
    """Where reports are shown; a hidden one is left out."""
    wanted = {ref.id: ref for ref in refs}
    rows = Report.objects.filter(id__in=list(wanted), hidden=False).values_list("id", "serial", "city_id")
    found = {}
    for report_id, serial, city_id in rows:
        city = places.city_by_id(city_id)
        if city is not None:
            found[wanted[report_id]] = f"/{city.code}/reports/{number_of(serial)}"
    return found


def open_fields_of(refs: Iterable[SubjectRef]) -> dict[SubjectRef, frozenset[str]]:
    """Which private fields of facts about reports everybody may read: what their pages show; of a hidden one none."""
    wanted = {ref.id: ref for ref in refs}
    shown = Report.objects.filter(id__in=list(wanted), hidden=False).values_list("id", flat=True)
    return {wanted[report_id]: OPEN_FIELDS for report_id in shown}


def _own(rows: Iterable[tuple[Any, ...]]) -> list[OwnReport]:
    return [OwnReport(ReportRow(*row[:-1]), row[-1]) for row in rows]
