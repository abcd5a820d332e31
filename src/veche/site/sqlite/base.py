"""Django's SQLite backend, with the threads of one process queueing for the write lock instead of polling for it.

SQLite lets a second writer sleep and look again, longer each time: under load the unlucky one waits a second. Threads
of one process can simply wait in line. Other processes are still kept apart by SQLite itself.
"""

from contextlib import suppress
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.sqlite3 import base

from veche.site.turns import aside

_PATIENCE_S = 5.0
_KNOWN_STATEMENTS = 512
_QUEUES: dict[str, Lock] = {}
_REGISTER = Lock()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that remembers how a statement is spelt for SQLite, instead of spelling it anew every time."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """The statement with SQLite's own marks for its values."""
        if param_names is None:
            return _spelt(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in line before it begins to write."""

    _holds: "Lock | None" = None  # in Python 3.11 Lock is a function, so only a checker reads this

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of our own kind."""
        del name
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        queue = _queue_of(str(self.settings_dict["NAME"]))
        patience = self.settings_dict["OPTIONS"].get("timeout", _PATIENCE_S)
        if not queue.acquire(timeout=patience):
            raise OperationalError("database is locked: somebody has been writing for too long")
        self._holds = queue
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # the stubs leave it out
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        # The disk takes its time to make it durable; whoever comes next may compute meanwhile, and write right after.
        with aside():
            try:
                super()._commit()  # type: ignore[misc] # the stubs leave it out
            except BaseException:
                # A full disk, say. It is undone here and now: whoever has the turn meanwhile waits for our lock, and
                # we would wait for the turn.
                with suppress(DatabaseError):
                    super()._rollback()  # type: ignore[misc] # the stubs leave it out
                raise
            finally:
                self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # the stubs leave it out
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # the stubs leave it out
        finally:
            self._leave()

    def _leave(self) -> None:
        held, self._holds = self._holds, None
        if held is not None:
            held.release()


@lru_cache(maxsize=_KNOWN_STATEMENTS)
def _spelt(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _queue_of(name: str) -> Lock:
    with _REGISTER:
        return _QUEUES.setdefault(name, Lock())
