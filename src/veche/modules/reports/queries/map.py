"""What the map shows: clusters at every zoom, the same set as the list."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Avg, Count, F, IntegerField
from django.db.models.expressions import Func, Value

from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.geo import CELL_BITS, Box
from veche.modules.reports.queries.lists import filtered, in_box, reports_in
from veche.modules.reports.terms import REPORT, Cluster, ReportFilter, Status

DEEPEST_COUNTED = 15
# A little deeper the counters still help out where reports lie dense: their cells are only somewhat wide there.
DEEPEST_HELPED = 17
MOST_SINGLE = 200
MOST_GROUPED = 2_000


def clusters(city: CityView, chosen: ReportFilter, box: Box, zoom: int) -> list[Cluster]:
    """The marks of a viewport. `zoom` is the depth of the grid, 2**zoom cells a side.

    A plain filter at a low zoom is answered by the counters the worker keeps, however many reports there are;
    everything else is counted from the covering index.
    """
    if chosen.is_plain and zoom <= DEEPEST_HELPED:
        marks = _counted(city, chosen, box, min(zoom, DEEPEST_COUNTED))
        most = MOST_SINGLE if zoom <= DEEPEST_COUNTED else MOST_GROUPED
    else:
        marks = _grouped(city, chosen, box, zoom) if zoom <= DEEPEST_COUNTED else []
        most = MOST_SINGLE
    if sum(mark.count for mark in marks) >= most:
        return marks
    # So few that each can be shown by its own category and status; who draws gathers those that overlap.
    return _singles(city, chosen, box)


def _singles(city: CityView, chosen: ReportFilter, box: Box) -> list[Cluster]:
    rows = reports_in(city, chosen, box, limit=MOST_SINGLE)
    if len(rows) == MOST_SINGLE:
        return _grouped(city, chosen, box, DEEPEST_HELPED)
    return [Cluster(row.lat, row.lon, 1, {row.status: 1}, row) for row in rows]


def _counted(city: CityView, chosen: ReportFilter, box: Box, zoom: int) -> list[Cluster]:
    statuses = (chosen.status,) if chosen.status else tuple(Status)
    marks: dict[int, list[tuple[str, int, float, float]]] = defaultdict(list)
    for one in places.cells_in(REPORT, city.id, box, zoom, statuses=statuses, category=chosen.group):
        marks[one.cell].append((one.status, one.count, one.lat, one.lon))
    return [_merged(parts) for _, parts in sorted(marks.items())]


def _grouped(city: CityView, chosen: ReportFilter, box: Box, zoom: int) -> list[Cluster]:
    shift = 2 * (CELL_BITS - zoom)
    cell = Func(
        F("cell"), Value(shift), template="(%(expressions)s)", arg_joiner=" >> ", output_field=IntegerField()
    )
    rows = (
        in_box(filtered(city, chosen), box)
        .order_by()
        .annotate(square=cell)
        .values_list("square", "status")
        .annotate(n=Count("id"), lat_mean=Avg("lat"), lon_mean=Avg("lon"))
    )
    marks: dict[int, list[tuple[str, int, float, float]]] = defaultdict(list)
    for square, status, count, lat, lon in rows:
        marks[square].append((status, count, lat, lon))
    return [_merged(parts) for _, parts in sorted(marks.items())]


def _merged(parts: list[tuple[str, int, float, float]]) -> Cluster:
    count = sum(part[1] for part in parts)
    statuses: Mapping[str, int] = {status: n for status, n, _, _ in parts}
    lat = sum(lat * n for _, n, lat, _ in parts) / count
    lon = sum(lon * n for _, n, _, lon in parts) / count
    return Cluster(lat, lon, count, statuses)
