"""A query that is written with the ORM and compiled once: afterwards only its values change.

Building and compiling a query costs the ORM several times what the database takes to answer it; on pages that
everybody opens that is most of the work. What is read, and how it is converted, stays exactly the ORM's.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from veche.modules.reports.queries.asking import Ask, ask

_MARK = 7_040_000_000_000_000_000


class _Compiled(NamedTuple):
    """The statement; its values, each a constant or the place of an argument; and what makes Python of a column."""

    statement: str
    values: tuple[tuple[bool, Any], ...]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]


class Prepared:
    """A query of a fixed shape.

    `build` makes the query set out of arguments of the given kinds, `int` or `UUID`, and does nothing else with them.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._compiled = cache(self._compile)

    def rows(self, *arguments: UUID | int, asking: Ask = ask) -> list[tuple[Any, ...]]:
        """The rows for these arguments, as `values_list` gives them."""
        native = connection.features.has_native_uuid_field
        own = [one.hex if isinstance(one, UUID) and not native else one for one in arguments]
        ready = self._compiled(connection.vendor)
        values = [own[value] if is_argument else value for is_argument, value in ready.values]
        rows = asking(ready.statement, values)
        return [_converted(row, ready) for row in rows] if ready.converters else rows

    def _compile(self, _vendor: str) -> _Compiled:
        marks = [UUID(int=_MARK + at) if kind is UUID else _MARK + at for at, kind in enumerate(self._kinds)]
        places: dict[Any, int] = {}
        for at, mark in enumerate(marks):
            places[mark] = at
            if isinstance(mark, UUID):
                places[mark.hex] = at
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        statement, values = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        found = {places[value] for value in values if _is_mark(value, places)}
        assert found == set(range(len(marks))), "every argument must reach the statement"
        return _Compiled(
            statement,
            tuple((True, places[one]) if _is_mark(one, places) else (False, one) for one in values),
            tuple((at, convert, expression) for at, (convert, expression) in converters.items()),
        )


def _is_mark(value: object, places: dict[Any, int]) -> bool:
    return isinstance(value, (UUID, int, str)) and value in places


def _converted(row: tuple[Any, ...], ready: _Compiled) -> tuple[Any, ...]:
    values = list(row)
    for at, convert, expression in ready.converters:
        value = values[at]
        for one in convert:
            value = one(value, expression, connection)
        values[at] = value
    return tuple(values)
