"""The counters of the map: what a change means for every zoom, status and category."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from veche.commons.places.terms import COUNTED_ZOOMS, CellChange
from veche.kernel.geo import Point, cell_at, cell_of

_DEEPEST = COUNTED_ZOOMS[-1]
# (zoom, status, category, cell); an empty status or category holds the total over all of them.
Key = tuple[int, str, str, int]


@dataclass(slots=True)
class Tally:
    """How many more, and the sums of their latitudes and longitudes."""

    count: int = 0
    lat_sum: float = 0.0
    lon_sum: float = 0.0

    def add(self, count: int, lat_sum: float, lon_sum: float) -> None:
        """Add to it."""
        self.count += count
        self.lat_sum += lat_sum
        self.lon_sum += lon_sum


def key_changes(changes: Iterable[CellChange]) -> dict[Key, Tally]:
    """What changes of single things add to every counter; what cancels out is left out.

    Units: degrees. Refuses: never.
    """
    return roll_up((c.point.lat, c.point.lon, c.status, c.category, c.delta) for c in changes)


def roll_up(rows: Iterable[tuple[float, float, str, str, int]]) -> dict[Key, Tally]:
    """Count (lat, lon, status, category, delta) at the deepest zoom once, then add upwards.

    Units: degrees. Refuses: never.
    """
    deepest: dict[Key, Tally] = {}
    for lat, lon, status, category, delta in rows:
        key = (_DEEPEST, status, category, cell_at(cell_of(Point(lat, lon)), _DEEPEST))
        tally = deepest.get(key)
        if tally is None:
            tally = deepest[key] = Tally()
        tally.count += delta
        tally.lat_sum += lat * delta
        tally.lon_sum += lon * delta
    with_totals: dict[Key, Tally] = {}
    for (zoom, status, category, cell), tally in deepest.items():
        for one, other in {(status, category), (status, ""), ("", category), ("", "")}:
            _into(with_totals, (zoom, one, other, cell), tally)
    counts = dict(with_totals)
    level: Mapping[Key, Tally] = with_totals
    for _ in reversed(COUNTED_ZOOMS[:-1]):
        level = _level_above(level)
        counts.update(level)
    return {key: tally for key, tally in counts.items() if _matters(tally)}


def _level_above(level: Mapping[Key, Tally]) -> dict[Key, Tally]:
    above: dict[Key, Tally] = {}
    for (zoom, status, category, cell), tally in level.items():
        _into(above, (zoom - 1, status, category, cell >> 2), tally)
    return above


def _into(counts: dict[Key, Tally], key: Key, tally: Tally) -> None:
    own = counts.get(key)
    if own is None:
        own = counts[key] = Tally()
    own.add(tally.count, tally.lat_sum, tally.lon_sum)


def _matters(tally: Tally) -> bool:
    return tally.count != 0 or tally.lat_sum != 0.0 or tally.lon_sum != 0.0
