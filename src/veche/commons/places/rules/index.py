"""The place of a point: a tree of rectangles, behind it a grid that remembers squares lying in one place whole."""

from collections.abc import Iterable
from math import floor
from uuid import UUID

import shapely
from shapely import STRtree

from veche.kernel.geo import Box

_SQUARES_A_SIDE = 1024
_MOST_REMEMBERED = 200_000
# What a square remembers: candidates best first, and the place that holds it whole and stands behind them.
_Square = tuple[tuple[tuple[shapely.Geometry, UUID], ...], UUID | None]


class PlaceIndex:
    """Finds the most specific of many territories.

    Deepest first, then the smallest, then the code: so a point on a border always has the same answer.
    `shapes` are (id, depth, code, WKB). Safe to use from several threads.
    """

    def __init__(self, shapes: Iterable[tuple[UUID, int, str, bytes]]) -> None:
        read = [(id_, depth, code, shapely.from_wkb(wkb)) for id_, depth, code, wkb in shapes]
        read.sort(key=lambda one: (-one[1], one[3].area, one[2]))
        self._ids = [one[0] for one in read]
        self._geometries = [one[3] for one in read]
        shapely.prepare(self._geometries)
        self._tree = STRtree(self._geometries)
        self._squares: dict[tuple[int, int], _Square] = {}
        self.ids = frozenset(self._ids)
        self.box = self._box()
        span = max(self.box.east - self.box.west, self.box.north - self.box.south) if self.box else 0.0
        self._side = span / _SQUARES_A_SIDE or 1.0

    def find(self, lat: float, lon: float) -> UUID | None:
        """The place that holds a point, its border included."""
        key = (floor(lat / self._side), floor(lon / self._side))
        square = self._squares.get(key)
        if square is None:
            square = self._look(key)
        for geometry, id_ in square[0]:
            if shapely.intersects_xy(geometry, lon, lat):
                return id_
        return square[1]

    def _look(self, key: tuple[int, int]) -> _Square:
        """Work out a square, a hair wider than it is so that rounding loses no neighbour."""
        hair = self._side * 1e-6
        south, west = key[0] * self._side - hair, key[1] * self._side - hair
        box = shapely.box(west, south, west + self._side + 2 * hair, south + self._side + 2 * hair)
        candidates: list[tuple[shapely.Geometry, UUID]] = []
        behind = None
        for at in sorted(self._tree.query(box, predicate="intersects")):
            geometry, id_ = self._geometries[at], self._ids[at]
            if geometry.contains_properly(box):
                behind = id_
                break
            candidates.append((geometry, id_))
        square = (tuple(candidates), behind)
        if len(self._squares) >= _MOST_REMEMBERED:
            self._squares.clear()
        self._squares[key] = square
        return square

    def _box(self) -> Box | None:
        if not self._geometries:
            return None
        west, south, east, north = shapely.total_bounds(self._geometries)
        return Box(float(south), float(west), float(north), float(east))
