"""What SQL a page or a filing really runs: taken down as it passes, for the bare handler to repeat."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection


def statements(act: Callable[[], object]) -> list[list[Any]]:
    """Run something and answer its statements with `?` for parameters, as SQLite takes them."""
    taken: list[list[Any]] = []

    def take(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        rows = params if many else [params]
        taken.extend([sql.replace("%s", "?").replace("%%", "%"), list(row or ())] for row in rows)
        return execute(sql, params, many, context)

    connection.ensure_connection()
    own, connection.connection = connection.connection, _Heard(connection.connection, taken)
    try:
        with connection.execute_wrapper(take):
            act()
    finally:
        connection.connection = own
    return [
        one for one in taken if not one[0].startswith(("SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN", "COMMIT"))
    ]


class _Heard:
    """SQLite's own connection, when somebody speaks to it past Django."""

    def __init__(self, inner: Any, taken: list[list[Any]]) -> None:
        self._inner, self._taken = inner, taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def execute(self, sql: str, params: Any = ()) -> Any:
        """Take it down and do it."""
        self._taken.append([sql, list(params)])
        return self._inner.execute(sql, params)


def inserts(taken: list[list[Any]], serial: int) -> list[list[Any]]:
    """The inserts of a filing: its keys and its serial become marks, which the bare handler makes anew."""
    found = [[sql, list(params)] for sql, params in taken if sql.startswith("INSERT")]
    keys: dict[str, str] = {}
    for sql, params in found:
        own = _own_key(sql, params)
        if own is not None:
            keys.setdefault(own, f"@id:{len(keys)}")
    return [[sql, [_mark(value, keys, serial) for value in params]] for sql, params in found]


def plain(taken: list[list[Any]]) -> list[list[Any]]:
    """Statements whose parameters JSON can hold."""
    return [
        [sql, [value.hex if isinstance(value, UUID) else value for value in params]] for sql, params in taken
    ]


def dump(pages: dict[str, list[list[Any]]]) -> str:
    """All of it as JSON."""
    return json.dumps(pages, default=str)


def _own_key(sql: str, params: list[Any]) -> str | None:
    first = params[0] if params else None
    return first if isinstance(first, str) and len(first) == 32 and "submissions_serial" not in sql else None


def _mark(value: Any, keys: dict[str, str], serial: int) -> Any:
    if isinstance(value, str) and value in keys:
        return keys[value]
    return "@serial" if value == serial and isinstance(value, int) else value
