"""Marks of a map that would lie upon each other: gathered into one, or spread where nobody can come closer."""

from collections.abc import Sequence
from math import asinh, cos, hypot, pi, radians, sin, sqrt, tan

from veche.modules.reports.terms import Cluster

TILE_PX = 256
TOO_NEAR_PX = 40.0
SAME_PX = 14.0
_STEP_PX = 22.0
_GOLDEN_ANGLE = pi * (3 - sqrt(5))


def gathered(marks: Sequence[Cluster], zoom: int) -> list[Cluster]:
    """Gather marks that would overlap at a zoom; what is gathered lies in the middle of what it holds.

    Cells of a grid meet at their corners, and a town often lies upon one: without this it were four marks in a heap.
    Units: `zoom` as web maps count it.
    Refuses: never.
    """
    kept: list[Cluster] = []
    squares: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for mark in sorted(marks, key=lambda one: -one.count):
        x, y = _pixel(mark, zoom)
        near = _nearest(squares, x, y)
        if near is None:
            squares.setdefault(_square(x, y), []).append((len(kept), x, y))
            kept.append(mark)
        else:
            kept[near] = _joined(kept[near], mark)
    return kept


def spread(marks: Sequence[Cluster], zoom: int) -> list[Cluster]:
    """Lay marks of one and the same spot side by side, in a spiral around it: no closer look would part them.

    Units: `zoom` as web maps count it.
    Refuses: never.
    """
    laid: list[Cluster] = []
    spots: list[list[float]] = []
    for mark in marks:
        x, y = _pixel(mark, zoom)
        spot = next((one for one in spots if hypot(x - one[0], y - one[1]) < SAME_PX), None)
        if spot is None:
            spots.append([x, y, 1])
            laid.append(mark)
        else:
            laid.append(_beside(mark, int(spot[2]), zoom))
            spot[2] += 1
    return laid


def _nearest(
    squares: dict[tuple[int, int], list[tuple[int, float, float]]], x: float, y: float
) -> int | None:
    """The largest mark that lies too near: it can only be in the same square or one beside it."""
    right, down = _square(x, y)
    return min(
        (
            at
            for i in (right - 1, right, right + 1)
            for j in (down - 1, down, down + 1)
            for at, kx, ky in squares.get((i, j), ())
            if hypot(x - kx, y - ky) < TOO_NEAR_PX
        ),
        default=None,
    )


def _square(x: float, y: float) -> tuple[int, int]:
    return int(x // TOO_NEAR_PX), int(y // TOO_NEAR_PX)


def _beside(mark: Cluster, turn: int, zoom: int) -> Cluster:
    far, angle = _STEP_PX * sqrt(turn), _GOLDEN_ANGLE * turn
    degree = 360 / (TILE_PX * 2.0**zoom)
    lat = mark.lat + far * sin(angle) * degree * cos(radians(mark.lat))
    return Cluster(lat, mark.lon + far * cos(angle) * degree, mark.count, mark.statuses, mark.row)


def _joined(one: Cluster, other: Cluster) -> Cluster:
    count = one.count + other.count
    statuses = dict(one.statuses)
    for status, number in other.statuses.items():
        statuses[status] = statuses.get(status, 0) + number
    lat = (one.lat * one.count + other.lat * other.count) / count
    lon = (one.lon * one.count + other.lon * other.count) / count
    return Cluster(lat, lon, count, statuses)


def _pixel(mark: Cluster, zoom: int) -> tuple[float, float]:
    side = TILE_PX * 2.0**zoom
    return (mark.lon / 360 + 0.5) * side, (0.5 - asinh(tan(radians(mark.lat))) / (2 * pi)) * side
