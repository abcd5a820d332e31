"""Questions of the database as plain rows, and how to find out whether they would be answered the same again."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connection

Rows = list[tuple[Any, ...]]
Ask = Callable[[str, Sequence[Any]], Rows]


class Question(NamedTuple):
    """A statement with its values, how wide its rows are, and the rows it brought."""

    statement: str
    values: Sequence[Any]
    width: int
    rows: Rows


class Proof(NamedTuple):
    """All questions of a page as one statement with one row: a driver is asked once, not once for every row."""

    statement: str
    values: tuple[Any, ...]
    answer: tuple[Any, ...]


def ask(statement: str, values: Sequence[Any]) -> Rows:
    """The rows of a statement, as the driver gives them."""
    return _asked(statement, values).rows


class Remembered:
    """Asks, and remembers what was asked and answered: as long as the answers stay, so does what was made of them."""

    def __init__(self) -> None:
        self._questions: list[Question] = []
        self._proof: Proof | None = None

    def __call__(self, statement: str, values: Sequence[Any]) -> Rows:
        """The rows of a statement."""
        self._questions.append(_asked(statement, values))
        return self._questions[-1].rows

    def same_again(self) -> bool:
        """Whether every question is answered as before.

        With SQLite the driver is asked directly: this is all that a page shown again costs.
        """
        if connection.vendor != "sqlite":
            return self._same()
        if not self._questions:
            return True
        connection.ensure_connection()
        wire: Any = connection.connection
        with connection.wrap_database_errors:
            if self._proof is None:
                return self._prove(wire)
            found: tuple[Any, ...] = wire.execute(self._proof.statement, self._proof.values).fetchone()
        return found == self._proof.answer

    def _same(self) -> bool:
        return all(ask(one.statement, one.values) == one.rows for one in self._questions)

    def _prove(self, wire: Any) -> bool:
        """Compare row by row, and in the same look at the database write down what to compare from now on."""
        statement, values = _joined(self._questions)
        wire.execute("SAVEPOINT looking")  # a transaction, or a part of the one that runs already
        try:
            same = self._same()
            answer = wire.execute(statement, values).fetchone()
        finally:
            wire.execute("RELEASE looking")
        if same:
            self._proof = Proof(statement, values, answer)
        return same


def _asked(statement: str, values: Sequence[Any]) -> Question:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: Rows = cursor.fetchall()
        return Question(statement, values, len(cursor.description), rows)


def _joined(questions: Sequence[Question]) -> tuple[str, tuple[Any, ...]]:
    """Every statement under a name of its own, and beside each other all that they bring."""
    named, brought = [], []
    for at, one in enumerate(questions):
        columns = ", ".join(f"c{number}" for number in range(one.width))
        named.append(f"q{at}({columns}) AS ({one.statement.replace('%s', '?')})")
        brought.append(f"(SELECT json_group_array(json_array({columns})) FROM q{at})")  # noqa: S608 - all ours
    values = tuple(value for one in questions for value in one.values)
    return f"WITH {', '.join(named)} SELECT {', '.join(brought)}", values
