"""Lists of reports: one range scan each, newest first, paged by number."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.commons.search import queries as search
from veche.kernel.geo import Box, Point, box_around, cell_ranges, distance_m
from veche.modules.reports.models import Report
from veche.modules.reports.queries.catalogue import catalogue
from veche.modules.reports.terms import OPEN, REPORT, ReportFilter, ReportRow

ROW = (
    "id",
    "serial",
    "title",
    "status",
    "overdue",
    "category_id",
    "office_id",
    "place_id",
    "address",
    "lat",
    "lon",
    "filed_at",
    "due_at",
    "answered_at",
    "supporters",
    "photo_id",
)
PAGE = 20
MOST_HITS = 500
NEAR_M = 100.0


def reports_page(
    city: CityView,
    chosen: ReportFilter,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> list[ReportRow]:
    """A page of the public list, newest first: the reports below number `before`, or just above `after`."""
    rows = filtered(city, chosen)
    if after is not None:
        newer = rows.filter(serial__gt=after).order_by("serial")[:limit]
        return [ReportRow(*row) for row in newer.values_list(*ROW)][::-1]
    if before is not None:
        rows = rows.filter(serial__lt=before)
    return [ReportRow(*row) for row in rows.order_by("-serial")[:limit].values_list(*ROW)]


def filtered(city: CityView, chosen: ReportFilter) -> QuerySet[Report]:
    """The public reports of a filter; a filter that names nothing known finds nothing."""
    rows = Report.objects.filter(city_id=city.id, hidden=False)
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    if chosen.overdue:
        rows = rows.filter(overdue=True)
    if chosen.category:
        category = catalogue(city).by_code.get(chosen.category)
        rows = rows.filter(category_id=category.id) if category else rows.none()
    elif chosen.group:
        rows = rows.filter(group=chosen.group)
    if chosen.place:
        rows = _within_place(rows, city, chosen.place)
    if chosen.office:
        rows = rows.filter(office_id__in=_offices(city, chosen.office))
    if chosen.text:
        hits = search.find(city.id, chosen.text, kinds=(REPORT,), limit=MOST_HITS, offset=0)
        rows = rows.filter(id__in=[hit.subject_id for hit in hits])
    return rows


def rows_by_id(ids: Iterable[UUID]) -> dict[UUID, ReportRow]:
    """Reports by their ids, hidden ones too."""
    found = Report.objects.filter(id__in=list(ids)).values_list(*ROW)
    return {row[0]: ReportRow(*row) for row in found}


def open_near(
    city: CityView, point: Point, group: str, *, radius_m: float = NEAR_M, limit: int = 5
) -> list[ReportRow]:
    """Open reports of the same group near a point, the nearest first: what a citizen may join instead."""
    box = box_around(point, radius_m)
    near = _in_box(city, box).filter(status__in=OPEN, group=group).values_list(*ROW)[:200]
    rows = [ReportRow(*row) for row in near]
    measured = [(distance_m(point, Point(row.lat, row.lon)), row.serial, row) for row in rows]
    return [row for far, _, row in sorted(measured, key=lambda one: one[:2])[:limit] if far <= radius_m]


def reports_in(city: CityView, chosen: ReportFilter, box: Box, *, limit: int) -> Sequence[ReportRow]:
    """The reports of a filter inside a viewport."""
    rows = in_box(filtered(city, chosen), box)
    return [ReportRow(*row) for row in rows[:limit].values_list(*ROW)]


def in_box(rows: QuerySet[Report], box: Box) -> QuerySet[Report]:
    """Narrow reports to a viewport by ranges of cells, then by degrees."""
    from django.db.models import Q

    ranges = Q()
    for low, high in cell_ranges(box, limit=8):
        ranges |= Q(cell__gte=low, cell__lt=high)
    return rows.filter(ranges, lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)


def _in_box(city: CityView, box: Box) -> QuerySet[Report]:
    return in_box(Report.objects.filter(city_id=city.id, hidden=False), box)


def _within_place(rows: QuerySet[Report], city: CityView, code: str) -> QuerySet[Report]:
    tree = places.places_of(city.id)
    start = next((one for one in tree.values() if one.code == code), None)
    if start is None:
        return rows.none()
    if start.parent_id is None:
        return rows
    inside = {start.id}
    for one in sorted(tree.values(), key=lambda place: place.depth):
        if one.parent_id in inside:
            inside.add(one.id)
    return rows.filter(place_id__in=inside)


def _offices(city: CityView, code: str) -> list[UUID]:
    return [one.id for one in offices.directory(city.id).offices.values() if one.code == code]
