"""Lists of reports: one range scan each, newest first, paged by number."""

from collections.abc import Sequence
from typing import Any

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
    asked = conditions(city, chosen)
    return Report.objects.none() if asked is None else Report.objects.filter(**asked)


def conditions(city: CityView, chosen: ReportFilter) -> dict[str, Any] | None:
    """What a filter asks of a row, by column: the one place that says which reports a list, a map or a feed shows.

    None when it names something unknown, and so finds nothing.
    """
    asked: dict[str, Any] = {"city_id": city.id, "hidden": False}
    if chosen.status:
        asked["status"] = chosen.status
    if chosen.overdue:
        asked["overdue"] = True
    for narrow in (_by_category, _by_place, _by_office, _by_text):
        more = narrow(city, chosen)
        if more is None:
            return None
        asked |= more
    return asked


def row_of(report: Report) -> ReportRow:
    """A report just written, in the form of a list's line."""
    return ReportRow(*(getattr(report, name) for name in ROW))


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


def _by_category(city: CityView, chosen: ReportFilter) -> dict[str, Any] | None:
    if chosen.category:
        category = catalogue(city).by_code.get(chosen.category)
        return {"category_id": category.id} if category else None
    return {"group": chosen.group} if chosen.group else {}


def _by_place(city: CityView, chosen: ReportFilter) -> dict[str, Any] | None:
    if not chosen.place:
        return {}
    tree = places.places_of(city.id)
    start = next((one for one in tree.values() if one.code == chosen.place), None)
    if start is None:
        return None
    if start.parent_id is None:
        return {}
    inside = {start.id}
    for one in sorted(tree.values(), key=lambda place: place.depth):
        if one.parent_id in inside:
            inside.add(one.id)
    return {"place_id__in": sorted(inside)}


def _by_office(city: CityView, chosen: ReportFilter) -> dict[str, Any] | None:
    if not chosen.office:
        return {}
    known = offices.directory(city.id).offices.values()
    return next(({"office_id": one.id} for one in known if one.code == chosen.office), None)


def _by_text(city: CityView, chosen: ReportFilter) -> dict[str, Any] | None:
    if not chosen.text:
        return {}
    hits = search.find(city.id, chosen.text, kinds=(REPORT,), limit=MOST_HITS, offset=0)
    return {"id__in": [hit.subject_id for hit in hits]} if hits else None
