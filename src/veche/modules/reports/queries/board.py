"""The public list on its hot path: one prepared statement, rows as the driver gives them, no model in between."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from veche.commons.places.terms import CityView
from veche.kernel.geo import Box, cell_ranges
from veche.modules.reports.queries.asking import Ask, ask
from veche.modules.reports.queries.lists import PAGE, conditions
from veche.modules.reports.terms import ReportFilter

Key = str | UUID
_RANGES = 8


class Line(NamedTuple):
    """One line of the list. Its keys are as the database keeps ids; `key_of` turns an id into such a key."""

    serial: int
    title: str
    status: str
    overdue: bool
    category: Key
    office: Key | None
    place: Key
    address: str
    filed_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    supporters: int
    photo: Key | None


_COLUMNS = (
    '"serial", "title", "status", "overdue", "category_id", "office_id", "place_id", "address", "filed_at", "due_at",'
    ' "answered_at", "supporters", "photo_id"'
)


class Board(NamedTuple):
    """A page of the list, and whether there is more on either side."""

    lines: Sequence[Line]
    has_newer: bool
    has_older: bool


def board(
    city: CityView,
    chosen: ReportFilter,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE,
    asking: Ask = ask,
) -> Board:
    """A page of the public list, newest first: the reports below number `before`, or just above `after`."""
    asked = conditions(city, chosen)
    if asked is None:
        return Board((), has_newer=False, has_older=False)
    if after is not None:
        newer = _read(asking, asked, '"serial" > %s', (after,), "ASC", limit + 1)
        if len(newer) >= limit:
            return Board(newer[:limit][::-1], has_newer=len(newer) > limit, has_older=True)
        before = None  # the first page is wanted, and it is never shown half
    more, values = ('"serial" < %s', (before,)) if before is not None else ("", ())
    older = _read(asking, asked, more, values, "DESC", limit + 1)
    return Board(older[:limit], has_newer=before is not None, has_older=len(older) > limit)


def seen(city: CityView, chosen: ReportFilter, box: Box, *, dense: bool, limit: int = PAGE) -> Board:
    """The newest reports of a filter that lie in a viewport.

    Where they lie `dense`, the newest are soon found by going down the numbers; else their cells are looked up first.
    """
    asked = conditions(city, chosen)
    if asked is None:
        return Board((), has_newer=False, has_older=False)
    inside = '"lat" BETWEEN %s AND %s AND "lon" BETWEEN %s AND %s'
    values: list[Any] = [box.south, box.north, box.west, box.east]
    order = "DESC"
    if not dense:
        ranges = list(cell_ranges(box, limit=_RANGES))
        cells = " OR ".join(['"cell" >= %s AND "cell" < %s'] * len(ranges))
        inside = f"{inside} AND ({cells})"
        values += [end for pair in ranges for end in pair]
        order = "+ 0 DESC"  # so that no database walks down all numbers to find a few
    lines = _read(ask, asked, inside, tuple(values), order, limit + 1)
    return Board(lines[:limit], has_newer=False, has_older=len(lines) > limit)


def key_of(row_id: UUID) -> Key:
    """An id as this database gives it in a raw row."""
    return row_id.hex if connection.vendor == "sqlite" else row_id


def id_of(key: Key) -> UUID:
    """The id behind a key."""
    return key if isinstance(key, UUID) else UUID(hex=key)


def moment_of(value: datetime) -> datetime:
    """A moment as this database gives it in a raw row: SQLite leaves out that it is UTC."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _read(  # noqa: PLR0917 - the parts of one statement, in its order
    asking: Ask, asked: dict[str, Any], more: str, values: tuple[Any, ...], order: str, limit: int
) -> list[Line]:
    where, params = _where(asked)
    if more:
        where = f"{where} AND {more}"
    # Every word of the statement is ours; what people typed is a parameter.
    statement = (
        f'SELECT {_COLUMNS} FROM "reports_report" WHERE {where} ORDER BY "serial" {order} LIMIT {limit}'  # noqa: S608
    )
    return [Line(*row) for row in asking(statement, (*params, *values))]


def _where(asked: dict[str, Any]) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    native = connection.vendor != "sqlite"
    for name, value in asked.items():
        column, _, several = name.partition("__")
        if isinstance(value, bool):
            parts.append(f'"{column}"' if value else f'NOT "{column}"')
        elif several:
            parts.append(f'"{column}" IN ({", ".join(["%s"] * len(value))})')
            params += value if native else [one.hex for one in value]
        else:
            parts.append(f'"{column}" = %s')
            params.append(key_of(value) if isinstance(value, UUID) else value)
    return " AND ".join(parts), params
