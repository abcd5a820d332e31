"""What the map counts in a viewport."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from veche.commons.places.terms import COUNTED_ZOOMS, Cell
from veche.kernel.geo import CELL_BITS, Box, cell_ranges

_RANGES = 16
_ONE_RANGE = (
    "SELECT cell, count, lat_sum / count, lon_sum / count, status FROM places_cellcount"
    " WHERE layer = %s AND city_id = %s AND zoom = %s AND status IN ({marks}) AND category = %s"
    " AND cell >= %s AND cell < %s AND count > 0"
)


def cells_in(
    layer: str,
    city_id: UUID,
    box: Box,
    zoom: int,
    *,
    status: str = "",
    statuses: Sequence[str] = (),
    category: str = "",
) -> list[Cell]:
    """The counted cells that touch a viewport, in one question of the database.

    `zoom` is the depth of the grid, brought into `COUNTED_ZOOMS`. With `statuses` each cell comes once per status;
    else once, for `status` or for all of them.
    """
    zoom = min(max(zoom, COUNTED_ZOOMS[0]), COUNTED_ZOOMS[-1])
    wanted = tuple(statuses) or (status,)
    ranges = list(_ranges(box, zoom))
    city: Any = city_id if connection.features.has_native_uuid_field else city_id.hex
    values: list[Any] = []
    for low, high in ranges:
        values += (layer, city, zoom, *wanted, category, low, high)
    # One scan per range in the order of the key: the planner has nothing to guess.
    one_range = _ONE_RANGE.format(marks=", ".join(["%s"] * len(wanted)))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one_range] * len(ranges)), values)
        return [Cell(*row) for row in cursor.fetchall()]


def _ranges(box: Box, zoom: int) -> Iterator[tuple[int, int]]:
    """Cell ranges on the grid of this zoom."""
    shift = 2 * (CELL_BITS - zoom)
    last = -1
    for low, high in cell_ranges(box, limit=_RANGES):
        start, end = max(low >> shift, last), (high - 1 >> shift) + 1
        if start < end:
            yield start, end
        last = max(last, end)
