"""Questions of the database as plain rows, and how to find out whether they would be answered the same again."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

Rows = list[tuple[Any, ...]]
Ask = Callable[[str, Sequence[Any]], Rows]


def ask(statement: str, values: Sequence[Any]) -> Rows:
    """The rows of a statement, as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: Rows = cursor.fetchall()
        return rows


class Remembered:
    """Asks, and remembers what was asked and answered: as long as the answers stay, so does what was made of them."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, Sequence[Any], Rows]] = []

    def __call__(self, statement: str, values: Sequence[Any]) -> Rows:
        """The rows of a statement."""
        rows = ask(statement, values)
        self._asked.append((statement, values, rows))
        return rows

    def same_again(self) -> bool:
        """Whether every question is answered as before.

        With SQLite the driver is asked directly: this is all that a page shown again costs.
        """
        if connection.vendor != "sqlite":
            return all(ask(statement, values) == rows for statement, values, rows in self._asked)
        connection.ensure_connection()
        wire: Any = connection.connection
        with connection.wrap_database_errors:
            return all(
                wire.execute(statement.replace("%s", "?"), values).fetchall() == rows
                for statement, values, rows in self._asked
            )
