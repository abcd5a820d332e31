"""The counters of the map: kept by the worker, in batches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from veche.commons.places import rules
from veche.commons.places.models import CellCount
from veche.commons.places.terms import CellChange

_BATCH = 500  # rows of 9 columns: far below what SQLite and PostgreSQL take at once
_UPSERT = "INSERT INTO places_cellcount (layer, city_id, zoom, status, category, cell, count, lat_sum, lon_sum) VALUES "
_MERGE = (
    " ON CONFLICT (layer, city_id, zoom, status, category, cell) DO UPDATE SET"
    " count = places_cellcount.count + excluded.count,"
    " lat_sum = places_cellcount.lat_sum + excluded.lat_sum,"
    " lon_sum = places_cellcount.lon_sum + excluded.lon_sum"
)
_REMOVE = (
    "DELETE FROM places_cellcount WHERE layer = %s AND city_id = %s AND zoom = %s AND status = %s"
    " AND category = %s AND cell = %s AND count = 0"
)
_LINE = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@transaction.atomic
def apply_cell_changes(layer: str, city_id: UUID, changes: Iterable[CellChange]) -> None:
    """Add changes of single things to every counter they touch.

    A count may fall below zero while a later change is still on its way; such cells are not shown.
    Units: degrees.
    Refuses: never.
    """
    tallies = rules.key_changes(changes)
    if not tallies:
        return
    _write(layer, city_id, tallies, merge=True)
    _sweep(layer, city_id, [key for key in sorted(tallies) if tallies[key].count <= 0])


@transaction.atomic
def recount(layer: str, city_id: UUID, rows: Iterable[tuple[float, float, str, str]]) -> int:
    """Throw a layer's counters away and count (lat, lon, status, category) anew; answers the number of counters.

    For imports and repairs. Units: degrees.
    Refuses: never.
    """
    CellCount.objects.filter(layer=layer, city_id=city_id).delete()
    tallies = rules.roll_up((*row, 1) for row in rows)
    _write(layer, city_id, tallies, merge=False)
    return len(tallies)


def _write(layer: str, city_id: UUID, tallies: Mapping[rules.Key, rules.Tally], *, merge: bool) -> None:
    city: Any = city_id if connection.features.has_native_uuid_field else city_id.hex
    # In key order, so that two writers lock rows in the same order and pages are filled one after another.
    lines = (
        (layer, city, *key, tallies[key].count, tallies[key].lat_sum, tallies[key].lon_sum)
        for key in sorted(tallies)
    )
    with connection.cursor() as cursor:
        for batch in _batches(lines):
            sql = _UPSERT + ", ".join([_LINE] * len(batch)) + (_MERGE if merge else "")
            cursor.execute(sql, [value for line in batch for value in line])


def _sweep(layer: str, city_id: UUID, keys: Sequence[rules.Key]) -> None:
    """Remove counters that came down to nothing: only those just touched can have."""
    city: Any = city_id if connection.features.has_native_uuid_field else city_id.hex
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE, [(layer, city, *key) for key in keys])


def _batches(lines: Iterator[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch
