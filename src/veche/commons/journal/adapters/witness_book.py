"""What a witness of ours remembers: one SQLite file, durable before an answer leaves, safe for many at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from veche.commons.journal.adapters.sqlite_file import open_durably
from veche.commons.journal.rules import witnessing
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.witnessing import Answer, Submission
from veche.commons.journal.terms import Evidence, WatchedLog

FILE = "witness.sqlite3"
MOST_EVIDENCE = 100  # of one log and kind: whoever may sign could fill our disk
_PATIENCE_S = 5.0
_TABLES = """
CREATE TABLE IF NOT EXISTS log (
    origin TEXT NOT NULL, key TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (origin, key)
);
CREATE TABLE IF NOT EXISTS checkpoint (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS evidence (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, kind TEXT NOT NULL,
    known TEXT NOT NULL, offered TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (origin, size, root)
);
"""


class WitnessBook:
    """The logs that are watched, the last checkpoint cosigned of each, and evidence against them."""

    def __init__(self, folder: Path) -> None:
        """The file is made with its tables when it is not there."""
        self._path = folder / FILE
        with self._open() as connection:
            connection.executescript(_TABLES)

    def watch(self, key: Verifier, *, now: datetime) -> bool:
        """Watch a log by its key; False when it is watched already."""
        with self._open() as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO log VALUES (?, ?, ?)", (key.name, str(key), now.isoformat())
            )
            return done.rowcount == 1

    def keys_of(self, origin: str) -> list[Verifier]:
        """The keys that a log may sign with."""
        with self._open() as connection:
            return _keys(connection, origin)

    def consider(self, asked: Submission, *, now: datetime) -> Answer:
        """Decide about a checkpoint and, when it may be cosigned, store it: one step, durable once this returns.

        Units: now is UTC. Refuses: never; a refusal is an answer.
        """
        keys = self.keys_of(asked.checkpoint.origin)
        if not witnessing.is_signed(asked.note, keys):
            return witnessing.decide(None, keys, asked)  # strangers do not make others wait for the lock
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            last = _last(connection, asked.checkpoint.origin)
            answer = witnessing.decide(Checkpoint.parse(last.text) if last else None, keys, asked)
            if answer.status is HTTPStatus.OK:
                _store(connection, asked, now)
            elif answer.evidence and last:
                _keep(connection, asked, last, answer.evidence, now)
            connection.execute("COMMIT")
        return answer

    def watched(self) -> list[WatchedLog]:
        """Every log that is watched, by its origin."""
        with self._open() as connection:
            origins = [
                row[0] for row in connection.execute("SELECT DISTINCT origin FROM log ORDER BY origin")
            ]
            return [_watched(connection, origin) for origin in origins]

    def evidence(self) -> list[Evidence]:
        """What was kept against logs, the newest first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT origin, kind, known, offered, at FROM evidence ORDER BY at DESC"
            ).fetchall()
        return [
            Evidence(origin, kind, known, offered, datetime.fromisoformat(at))
            for origin, kind, known, offered, at in rows
        ]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(open_durably(self._path, patience_s=_PATIENCE_S)) as connection:
            connection.isolation_level = None
            yield connection


def _keys(connection: sqlite3.Connection, origin: str) -> list[Verifier]:
    rows = connection.execute("SELECT key FROM log WHERE origin = ? ORDER BY key", (origin,))
    return [Verifier.parse(row[0]) for row in rows]


def _last(connection: sqlite3.Connection, origin: str) -> Note | None:
    row = connection.execute("SELECT note FROM checkpoint WHERE origin = ?", (origin,)).fetchone()
    return Note.parse(row[0]) if row else None


def _store(connection: sqlite3.Connection, asked: Submission, now: datetime) -> None:
    new = asked.checkpoint
    connection.execute(
        "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?)",
        (new.origin, new.size, new.root, str(asked.note), now.isoformat()),
    )


def _keep(
    connection: sqlite3.Connection, asked: Submission, last: Note, kind: witnessing.Kind, now: datetime
) -> None:
    new = asked.checkpoint
    held = connection.execute(
        "SELECT count(*) FROM evidence WHERE origin = ? AND kind = ?", (new.origin, kind)
    ).fetchone()
    if held[0] < MOST_EVIDENCE:
        connection.execute(
            "INSERT OR IGNORE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?)",
            (new.origin, new.size, new.root, kind, str(last), str(asked.note), now.isoformat()),
        )


def _watched(connection: sqlite3.Connection, origin: str) -> WatchedLog:
    keys = tuple(map(str, _keys(connection, origin)))
    row = connection.execute("SELECT size, root, at FROM checkpoint WHERE origin = ?", (origin,)).fetchone()
    if row is None:
        return WatchedLog(origin, keys)
    return WatchedLog(origin, keys, row[0], row[1], datetime.fromisoformat(row[2]))
