"""SQLite: copied by its own backup while others write, and put back by a rename."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from veche.site.backup.terms import Damaged, Snapshot, Tell
from veche.site.failure import Failure

_PAGES = 2000
_PATIENCE_S = 20


@contextmanager
def snapshot(database: Path, file: Path, *, tell: Tell) -> Iterator[Snapshot]:
    """The database as it is now, in a file of its own; the file goes when the block ends."""
    try:
        copy(database, file, tell=tell)
        with closing(_reading(file)) as connection:
            _refuse_unsound(
                connection, Failure(f"the database {database} is damaged; no backup was made of it")
            )

            def ask(statement: str) -> Iterator[Sequence[Any]]:
                yield from connection.execute(statement)

            yield Snapshot(file, ask)
    finally:
        remove(file)


def copy(database: Path, file: Path, *, tell: Tell = lambda _: None) -> None:
    """Copy a database that others may be writing to.

    All steps read one and the same moment: without the transaction around them each commit of somebody else would make
    SQLite begin anew, and in a busy house it would never end. Writers do not wait for it.
    """
    with (
        closing(_reading(database)) as source,
        closing(sqlite3.connect(file, isolation_level=None)) as target,
    ):
        # The copy is read once more and then removed or made durable as a whole.
        target.execute("PRAGMA synchronous=OFF")
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()

        def step(_status: int, remaining: int, total: int) -> None:
            tell(f"{100 * (total - remaining) // max(1, total)} %")

        source.backup(target, pages=_PAGES, progress=step)
        # One file, without a log beside it.
        target.execute("PRAGMA journal_mode=DELETE")


def keep_destroyed(present: Path, restored: Path) -> None:
    """Destroy in restored keys of people what is destroyed in the present ones: nobody who was erased comes back."""
    if not (present.is_file() and restored.is_file()):
        return
    with closing(_reading(present)) as source:
        gone = source.execute("SELECT owner FROM person_key WHERE key IS NULL").fetchall()
    with closing(sqlite3.connect(restored, isolation_level=None)) as target:
        target.execute("PRAGMA secure_delete=ON")
        target.execute("BEGIN")
        target.executemany(
            "INSERT INTO person_key (owner, key) VALUES (?, NULL) ON CONFLICT (owner) DO UPDATE SET key = NULL",
            gone,
        )
        target.execute("COMMIT")


def refuse_damaged(file: Path) -> None:
    """Let SQLite look through a whole database.

    Refuses: Damaged.
    """
    with closing(_reading(file)) as connection:
        _refuse_unsound(connection, Damaged("the database in it is damaged. Nothing was changed"))


def in_use(database: Path) -> bool:
    """Whether any process has the database open."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
            # With WAL this asks for all of its locks, which nobody gets whom others keep company.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False  # broken, which may be why somebody restores
    return False


def remove(database: Path) -> None:
    """Remove a database and what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            database.with_name(database.name + end).unlink()


def _reading(database: Path) -> sqlite3.Connection:
    if not database.is_file():
        raise Failure(f"there is no database {database}. Run `veche migrate` first.")
    return sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S, isolation_level=None
    )


def _refuse_unsound(connection: sqlite3.Connection, failure: Failure) -> None:
    try:
        first = connection.execute("PRAGMA integrity_check(1)").fetchone()
        strangers = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise failure from error
    if first != ("ok",) or strangers:
        raise failure
