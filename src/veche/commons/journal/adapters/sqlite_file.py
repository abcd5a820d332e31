"""How this room opens a SQLite file of its own: durable at every commit, whoever else opens it at the same moment."""

import sqlite3
from pathlib import Path
from time import monotonic, sleep

_PAUSE_S = 0.01
_PRIMARY_CODE = 0xFF  # what stands above says why it was busy


def open_durably(path: Path, *, patience_s: float, script: str = "") -> sqlite3.Connection:
    """A connection that commits only what is on the disk; the script (SQL) is run on it first.

    Units: patience_s is how long to wait for others who write, in seconds. Refuses: sqlite3.OperationalError
    when others took longer.
    """
    database = sqlite3.connect(path, timeout=patience_s, check_same_thread=False)
    _write_ahead(database, patience_s)
    database.executescript(f"PRAGMA synchronous=FULL; {script}")
    return database


def _write_ahead(database: sqlite3.Connection, patience_s: float) -> None:
    # Two who switch a new file over at once: one is told at once that it is busy, whatever its timeout.
    until = monotonic() + patience_s
    while not _switched(database):
        if monotonic() > until:
            database.close()
            raise sqlite3.OperationalError("database is locked")
        sleep(_PAUSE_S)


def _switched(database: sqlite3.Connection) -> bool:
    try:
        database.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as refused:
        if refused.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
