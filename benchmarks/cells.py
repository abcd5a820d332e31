"""The counters of the map at a million points: counting anew, one move, one viewport, beside a bare GROUP BY.

Run: VECHE_DATA_DIR=/tmp/somewhere python benchmarks/cells.py
"""

import os
import random
import statistics
import sys
from functools import partial
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veche.site.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from veche.commons.places import queries
from veche.commons.places.models import CellCount, City
from veche.commons.places.services import apply_cell_changes, recount
from veche.commons.places.terms import CellChange
from veche.kernel.geo import Box, Point, cell_of, cell_ranges

POINTS = int(os.environ.get("POINTS", "1000000"))
LAYER = "benchmarks.point"
STATUSES = ("new", "routed", "in_work", "planned", "answered", "confirmed", "sent_back", "refused")
GROUPS = ("roads", "security", "social", "infrastructure", "crime")


def main() -> None:
    call_command("migrate", verbosity=0)
    City.objects.filter(code="benchmark").delete()
    city = City.objects.create(
        code="benchmark", names={"en": "B"}, tz="UTC", country="RU", lat=58, lon=56, pack={}
    )
    chance = random.Random(1)
    towns = [(chance.uniform(56, 61), chance.uniform(52, 59), chance.uniform(0.02, 0.15)) for _ in range(46)]
    rows = [row(chance, towns) for _ in range(POINTS)]
    start = perf_counter()
    counters = recount(LAYER, city.pk, rows)
    print(f"counting {POINTS:,} points anew: {perf_counter() - start:.1f} s, {counters:,} counters")
    moves = [each(partial(move, city.pk, one)) for one in chance.choices(rows, k=200)]
    print(f"one thing changes its status: p50 {statistics.median(moves):.2f} ms")
    bare = group_by(rows)
    print(f"{'viewport':<28}{'p50, ms':>9}{'p99, ms':>9}{'cells':>7}{'GROUP BY, ms':>14}{'ratio':>7}")
    for zoom, width in ((6, 12.0), (8, 4.0), (10, 1.0), (12, 0.3), (15, 0.05)):
        spots = [chance.choice(rows) for _ in range(100)]
        boxes = [
            Box(lat - width / 4, lon - width / 2, lat + width / 4, lon + width / 2) for lat, lon, *_ in spots
        ]
        ours = [each(partial(viewport, city.pk, box, zoom)) for box in boxes]
        theirs = [each(partial(bare, box, zoom)) for box in boxes[:5]]
        cells = [len(viewport(city.pk, box, zoom)) for box in boxes]
        p50, p99 = statistics.median(ours), statistics.quantiles(ours, n=100)[98]
        slow = statistics.median(theirs)
        print(
            f"zoom {zoom:>2}, {width:>5} degrees wide {p50:>9.2f}{p99:>9.2f}"
            f"{statistics.median(cells):>7.0f}{slow:>14.1f}{slow / p50:>7.0f}"
        )
    CellCount.objects.filter(layer=LAYER).delete()
    City.objects.filter(pk=city.pk).delete()


def row(chance: random.Random, towns: list[tuple[float, float, float]]) -> tuple[float, float, str, str]:
    lat, lon, size = chance.choice(towns)
    return (
        chance.gauss(lat, size / 2),
        chance.gauss(lon, size),
        chance.choice(STATUSES),
        chance.choice(GROUPS),
    )


def viewport(city_id, box: Box, zoom: int) -> list:
    return queries.cells_in(LAYER, city_id, box, zoom, statuses=STATUSES)


def move(city_id, one) -> None:
    lat, lon, status, group = one
    point = Point(lat, lon)
    apply_cell_changes(
        LAYER, city_id, [CellChange(point, status, group, -1), CellChange(point, "duplicate", group, 1)]
    )


def group_by(rows):
    """The plain way: a covering index by cell and GROUP BY."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (cell BIGINT, status TEXT, lat REAL, lon REAL)")
        cursor.executemany(
            "INSERT INTO bare VALUES (%s, %s, %s, %s)",
            [(cell_of(Point(lat, lon)), status, lat, lon) for lat, lon, status, _ in rows],
        )
        cursor.execute("CREATE INDEX bare_cell ON bare (cell, status, lat, lon)")

    def ask(box: Box, zoom: int) -> list:
        shift = 2 * (31 - zoom)
        one = (
            f"SELECT cell >> {shift}, status, count(*), avg(lat), avg(lon) FROM bare"
            " WHERE cell >= %s AND cell < %s GROUP BY 1, 2"
        )
        ranges = list(cell_ranges(box, limit=16))
        sql = " UNION ALL ".join([one] * len(ranges))
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for pair in ranges for value in pair])
            return cursor.fetchall()

    return ask


def each(act) -> float:
    """Milliseconds of one act."""
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1e3


if __name__ == "__main__":
    main()
