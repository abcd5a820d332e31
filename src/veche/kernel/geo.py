"""Points, distances and Morton (Z-order) cells; degrees are WGS 84, metres on the mean sphere."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
CELL_BITS = 31  # per axis: 62 bits in all, so that a cell fits a signed 64-bit column
_CELLS = 1 << CELL_BITS
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """A viewport in degrees: south, west, north, east; it never crosses the antimeridian."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the box, edges included."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


def distance_m(a: Point, b: Point) -> float:
    """The great-circle distance in metres."""
    d_lat, d_lon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    h = sin(d_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(d_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def box_around(point: Point, radius_m: float) -> Box:
    """The smallest box that holds every point within the radius."""
    d_lat = radius_m / 111_195.0
    d_lon = d_lat / max(0.01, cos(radians(point.lat)))
    return Box(point.lat - d_lat, point.lon - d_lon, point.lat + d_lat, point.lon + d_lon)


def cell_of(point: Point) -> int:
    """The Morton cell of a point at full depth: 31 bits of longitude and 31 of latitude, interleaved."""
    return _spread(_grid(point.lon, 360.0)) | _spread(_grid(point.lat, 180.0)) << 1


def cell_at(cell: int, zoom: int) -> int:
    """The ancestor of a full-depth cell on a grid of 2**zoom by 2**zoom."""
    return cell >> 2 * (CELL_BITS - zoom)


def cell_ranges(box: Box, *, limit: int = 32) -> Iterator[tuple[int, int]]:
    """Cover a box by at most `limit` half-open ranges of full-depth cells, in order.

    The cover may reach beyond the box; the reader still compares latitude and longitude.
    """
    west, east = _grid(box.west, 360.0), _grid(box.east, 360.0)
    south, north = _grid(box.south, 180.0), _grid(box.north, 180.0)
    depth = CELL_BITS
    while depth > 0 and _rows(west, east, depth) * _rows(south, north, depth) > limit:
        depth -= 1
    shift = CELL_BITS - depth
    cells = sorted(
        _spread(x) | _spread(y) << 1
        for x in range(west >> shift, (east >> shift) + 1)
        for y in range(south >> shift, (north >> shift) + 1)
    )
    yield from _joined(cells, 2 * shift)


def cell_box(cell: int, zoom: int) -> Box:
    """The box in degrees of a cell of the 2**zoom grid."""
    x, y, side = _gather(cell), _gather(cell >> 1), 1 << zoom
    west, south = x / side * 360.0 - 180.0, y / side * 180.0 - 90.0
    return Box(south, west, south + 180.0 / side, west + 360.0 / side)


def _grid(degrees: float, span: float) -> int:
    return min(_CELLS - 1, max(0, int((degrees + span / 2) / span * _CELLS)))


def _rows(low: int, high: int, depth: int) -> int:
    shift = CELL_BITS - depth
    return (high >> shift) - (low >> shift) + 1


def _joined(cells: list[int], bits: int) -> Iterator[tuple[int, int]]:
    start = previous = cells[0]
    for cell in cells[1:]:
        if cell != previous + 1:
            yield start << bits, previous + 1 << bits
            start = cell
        previous = cell
    yield start << bits, previous + 1 << bits


def _spread(value: int) -> int:
    for shift, mask in _SPREAD:
        value = (value | value << shift) & mask
    return value


def _gather(value: int) -> int:
    value &= 0x5555555555555555
    for shift, mask in (
        (1, 0x3333333333333333),
        (2, 0x0F0F0F0F0F0F0F0F),
        (4, 0x00FF00FF00FF00FF),
        (8, 0x0000FFFF0000FFFF),
        (16, 0x00000000FFFFFFFF),
    ):
        value = (value | value >> shift) & mask
    return value
