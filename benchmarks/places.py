"""Which place a point lies in, at 3,000 polygons: ours beside a bare shapely STRtree query in the same run.

Run: python benchmarks/places.py
"""

import random
import sys
from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path
from time import process_time
from uuid import UUID

import shapely
from shapely import Polygon, STRtree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from veche.commons.places.rules import PlaceIndex, Site, cells_of

POLYGONS, POINTS, CORNERS = 4_020, 40_000, 400
MOST_US = 20.0


def main() -> int:
    """Measure, print, and say by the exit code whether the figure was met."""
    chance = random.Random(1)
    outline = Polygon(
        [
            (56 + (2 + 0.2 * sin(9 * turn)) * cos(turn), 58 + sin(turn))
            for turn in (2 * pi * at / CORNERS for at in range(CORNERS))
        ]
    )
    west, south, east, north = outline.bounds
    sites = [
        Site(f"p{n}", "", chance.uniform(south, north), chance.uniform(west, east)) for n in range(POLYGONS)
    ]
    areas = [shapely.segmentize(area, 0.002) for area in cells_of(sites, outline).values()]
    shapes = [(UUID(int=n), 1, f"p{n}", shapely.to_wkb(area)) for n, area in enumerate(areas)]
    anywhere = [(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(POINTS)]
    busy = [(chance.gauss(58, 0.05), chance.gauss(56, 0.1)) for _ in range(POINTS)]
    shapely.prepare(areas)
    tree = STRtree(areas)

    def bare(lat: float, lon: float) -> object:
        return tree.query(shapely.Point(lon, lat), predicate="intersects")

    print(f"{len(areas)} polygons, {int(sum(shapely.get_num_coordinates(areas)) / len(areas))} corners each")
    start = process_time()
    index = PlaceIndex(shapes)
    print(f"built once per version in {process_time() - start:.2f} s")
    print(f"{'points':<14}{'ours, us':>10}{'bare, us':>10}{'ratio':>8}")
    slowest = 0.0
    for name, points in (("anywhere", anywhere), ("a busy city", busy)):
        ours, theirs = timed(index.find, points), timed(bare, points)
        slowest = max(slowest, ours)
        print(f"{name:<14}{ours:>10.2f}{theirs:>10.2f}{theirs / ours:>8.1f}")
    met = slowest <= MOST_US
    print(
        f"  {'ok  ' if met else 'MISS'} one look-up, microseconds of processor: {slowest:.2f} (≤ {MOST_US:g})"
    )
    return int(not met)


def timed(find: Callable[[float, float], object], points: list[tuple[float, float]]) -> float:
    """Microseconds of processor a look-up: clocks on the wall swing on shared machines."""
    start = process_time()
    for lat, lon in points:
        find(lat, lon)
    return (process_time() - start) / len(points) * 1e6


if __name__ == "__main__":
    raise SystemExit(main())
