"""The place of a point: a tree of rectangles, behind it a grid that remembers squares lying in one place whole."""

from collections.abc import Iterable, Iterator
from math import floor, sqrt
from uuid import UUID

import numpy as np
import shapely
from shapely import STRtree

from veche.kernel.geo import Box

# Squares along the longer side: about four along a middling polygon, so that most look-ups have one or two candidates.
_PER_POLYGON, _FEWEST, _MOST = 4.0, 32, 512
# What a square remembers: candidates best first, and the place that holds it whole and stands behind them.
_Square = tuple[tuple[tuple[shapely.Geometry, UUID], ...], UUID | None]
_EMPTY: _Square = ((), None)


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
        self.ids = frozenset(self._ids)
        self.box = self._box()
        self._side = self._side_of_squares()
        self._squares = dict(self._worked_out()) if self.box else {}

    def find(self, lat: float, lon: float) -> UUID | None:
        """The place that holds a point, its border included."""
        square = self._squares.get((floor(lat / self._side), floor(lon / self._side)), _EMPTY)
        for geometry, id_ in square[0]:
            if shapely.intersects_xy(geometry, lon, lat):
                return id_
        return square[1]

    def _side_of_squares(self) -> float:
        if self.box is None:
            return 1.0
        along = min(max(_PER_POLYGON * sqrt(len(self._ids)), _FEWEST), _MOST)
        return max(self.box.east - self.box.west, self.box.north - self.box.south) / along or 1.0

    def _worked_out(self) -> Iterator[tuple[tuple[int, int], _Square]]:
        """All squares at once: asked for in bulk, the tree answers many times faster."""
        assert self.box is not None
        rows = range(floor(self.box.south / self._side), floor(self.box.north / self._side) + 1)
        columns = range(floor(self.box.west / self._side), floor(self.box.east / self._side) + 1)
        keys = [(row, column) for row in rows for column in columns]
        # A hair wider than they are, so that rounding loses no neighbour.
        hair = self._side * 1e-6
        south, west = np.array(keys).T * self._side - hair
        wide = self._side + 2 * hair
        boxes = shapely.box(west, south, west + wide, south + wide)
        squares, places = STRtree(self._geometries).query(boxes, predicate="intersects")
        whole = shapely.contains_properly(np.array(self._geometries)[places], boxes[squares])
        found: dict[int, list[tuple[int, bool]]] = {}
        for square, place, is_whole in zip(squares.tolist(), places.tolist(), whole.tolist(), strict=True):
            found.setdefault(square, []).append((place, is_whole))
        for square, candidates in found.items():
            yield keys[square], self._square(sorted(candidates))

    def _square(self, candidates: list[tuple[int, bool]]) -> _Square:
        """Geometries are kept best first, so their positions are their ranks."""
        before: list[tuple[shapely.Geometry, UUID]] = []
        for place, is_whole in candidates:
            if is_whole:
                return tuple(before), self._ids[place]
            before.append((self._geometries[place], self._ids[place]))
        return tuple(before), None

    def _box(self) -> Box | None:
        if not self._geometries:
            return None
        west, south, east, north = shapely.total_bounds(self._geometries)
        return Box(float(south), float(west), float(north), float(east))
