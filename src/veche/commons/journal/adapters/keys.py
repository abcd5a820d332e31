"""Rings of keys: a SQLite file of its own, a PostgreSQL database of its own for several machines, a twin in memory."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from secrets import token_bytes
from threading import Lock, local
from typing import TYPE_CHECKING, Any
from uuid import UUID

from veche.commons.journal.adapters.sqlite_file import open_durably

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

KEY_SIZE = 32
_PATIENCE_S = 20
_CHUNK = 500
_MOST_CONNECTIONS = 4
_TABLE_LOCK = 0x6B657973
# A destroyed key leaves its owner's name, so that no second key is ever made.
_TABLE = "CREATE TABLE IF NOT EXISTS person_key (owner {uuid} PRIMARY KEY, key {bytes})"


class SqliteKeys:
    """Keys in a file. What is deleted is overwritten at once, in the file and in its log."""

    def __init__(self, path: Path) -> None:
        """The file is made with the first key, for its owner's eyes only."""
        self._path = path
        self._mine = local()
        self._making = Lock()

    def keys_of(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of people; who has none gets one."""
        wanted = set(owners)
        found = self._read(wanted)
        fresh = wanted - found.keys()
        if fresh:
            # The lock, so that the threads of one house wait in line and not for each other's time to run out.
            with self._making:
                self._open().executemany(
                    "INSERT INTO person_key (owner, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    [(owner.hex, token_bytes(KEY_SIZE)) for owner in fresh],
                )
                self._open().commit()
            found |= self._read(fresh)
        return _there(found)

    def key_of(self, owner: UUID) -> bytes | None:
        """The key of one person, made if it was not there; None where it was destroyed."""
        # All of it, though it is one row at most: an answer that is not read to its end holds the file's log.
        found = self._open().execute("SELECT key FROM person_key WHERE owner = ?", (owner.hex,)).fetchall()
        return found[0][0] if found else self.keys_of([owner]).get(owner)

    def known_keys(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that are there, and no new ones."""
        return _there(self._read(set(owners)))

    def destroy(self, owner: UUID) -> bool:
        """Destroy a key for good."""
        with self._making:
            database = self._open()
            there = owner in self.known_keys([owner])
            database.execute(
                "INSERT INTO person_key (owner, key) VALUES (?, NULL) ON CONFLICT (owner) DO UPDATE SET key = NULL",
                (owner.hex,),
            )
            database.commit()
            # Readers of this file are quick, so this never waits long; until then the key stands in the log.
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return there

    def _read(self, owners: set[UUID]) -> dict[UUID, bytes | None]:
        found: dict[UUID, bytes | None] = {}
        for some in _chunks([owner.hex for owner in owners]):
            marks = ", ".join("?" * len(some))
            rows = self._open().execute(f"SELECT owner, key FROM person_key WHERE owner IN ({marks})", some)  # noqa: S608
            found.update((UUID(owner), key) for owner, key in rows)
        return found

    def _open(self) -> sqlite3.Connection:
        # A child of a fork must not touch its parent's connection.
        if getattr(self._mine, "process", None) != os.getpid():
            self._mine.process, self._mine.database = os.getpid(), self._opened()
        return self._mine.database  # type: ignore[no-any-return]

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.touch(mode=0o600, exist_ok=True)
        return open_durably(
            self._path,
            patience_s=_PATIENCE_S,
            script="PRAGMA secure_delete=ON; PRAGMA cache_size=-200;"
            + _TABLE.format(uuid="TEXT", bytes="BLOB"),
        )


def write_ring(path: Path, rows: Iterable[tuple[UUID, bytes | None]]) -> None:
    """Write a file of keys as `SqliteKeys` keeps it, for its owner's eyes only."""
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_TABLE.format(uuid="TEXT", bytes="BLOB"))
        database.executemany(
            "INSERT INTO person_key (owner, key) VALUES (?, ?)", ((owner.hex, key) for owner, key in rows)
        )


def read_ring(path: Path) -> list[tuple[UUID, bytes | None]]:
    """Everybody in a file of keys with their key, None where it was destroyed."""
    with closing(sqlite3.connect(path)) as database:
        return [(UUID(owner), key) for owner, key in database.execute("SELECT owner, key FROM person_key")]


class PostgresKeys:
    """Keys in a PostgreSQL database of their own, for a house on several machines."""

    def __init__(self, url: str) -> None:
        """The table is made with the first key."""
        self._url = url
        self._opening = Lock()
        self._opened: tuple[int, ConnectionPool[psycopg.Connection[Any]]] | None = None

    def keys_of(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of people; who has none gets one."""
        wanted = set(owners)
        found = self._read(wanted)
        fresh = sorted(wanted - found.keys())
        if fresh:
            with self._pool().connection() as database:
                database.cursor().executemany(
                    "INSERT INTO person_key (owner, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [(owner, token_bytes(KEY_SIZE)) for owner in fresh],
                )
            found |= self._read(set(fresh))
        return _there(found)

    def key_of(self, owner: UUID) -> bytes | None:
        """The key of one person, made if it was not there; None where it was destroyed."""
        return self.keys_of([owner]).get(owner)

    def known_keys(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that are there, and no new ones."""
        return _there(self._read(set(owners)))

    def destroy(self, owner: UUID) -> bool:
        """Destroy a key for good; a vacuum takes the old row out of the file."""
        there = owner in self.known_keys([owner])
        with self._pool().connection() as database:
            database.execute(
                "INSERT INTO person_key (owner, key) VALUES (%s, NULL) ON CONFLICT (owner) DO UPDATE SET key = NULL",
                (owner,),
            )
            database.execute("VACUUM person_key")
        return there

    def rows(self) -> Iterator[tuple[UUID, bytes | None]]:
        """Everybody with their key, None where it was destroyed: as they are at one moment."""
        with self._pool().connection() as database, database.transaction():
            cursor = database.cursor(name="people")
            for owner, key in cursor.execute("SELECT owner, key FROM person_key ORDER BY owner"):
                yield owner, bytes(key) if key is not None else None

    def take_back(self, rows: Iterable[tuple[UUID, bytes | None]]) -> None:
        """Put keys of a backup into their places: all or none. A key that is destroyed, here or there, stays so."""
        with self._pool().connection() as database, database.transaction():
            database.cursor().executemany(
                "INSERT INTO person_key (owner, key) VALUES (%s, %s) ON CONFLICT (owner) DO UPDATE SET key ="
                " CASE WHEN person_key.key IS NULL THEN NULL ELSE excluded.key END",
                rows,
            )

    def close(self) -> None:
        """Let go of the connections."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _read(self, owners: set[UUID]) -> dict[UUID, bytes | None]:
        with self._pool().connection() as database:
            rows = database.execute(
                "SELECT owner, key FROM person_key WHERE owner = ANY(%s)", (list(owners),)
            )
            return {owner: bytes(key) if key is not None else None for owner, key in rows.fetchall()}

    def _pool(self) -> "ConnectionPool[psycopg.Connection[Any]]":
        # A child of a fork must not touch its parent's connections.
        with self._opening:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = (os.getpid(), self._made())
            return self._opened[1]

    def _made(self) -> "ConnectionPool[psycopg.Connection[Any]]":
        from psycopg_pool import ConnectionPool  # not where SQLite is all there is: it weighs ten megabytes

        pool = ConnectionPool(
            self._url,
            min_size=1,
            max_size=_MOST_CONNECTIONS,
            timeout=_PATIENCE_S,
            kwargs={"autocommit": True},
            open=True,
        )
        with pool.connection() as database, database.transaction():
            # Two who make a table at once trip over each other in spite of IF NOT EXISTS.
            database.execute("SELECT pg_advisory_xact_lock(%s)", (_TABLE_LOCK,))
            database.execute(_TABLE.format(uuid="uuid", bytes="bytea"))
        return pool


class MemoryKeys:
    """Keeps keys in this process; for tests and consoles."""

    def __init__(self) -> None:
        """Empty at first."""
        self._keys: dict[UUID, bytes | None] = {}

    def keys_of(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of people; who has none gets one."""
        return _there({owner: self._keys.setdefault(owner, token_bytes(KEY_SIZE)) for owner in owners})

    def key_of(self, owner: UUID) -> bytes | None:
        """The key of one person, made if it was not there; None where it was destroyed."""
        return self.keys_of([owner]).get(owner)

    def known_keys(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that are there, and no new ones."""
        return _there({owner: self._keys.get(owner) for owner in owners})

    def destroy(self, owner: UUID) -> bool:
        """Destroy a key for good."""
        there = self._keys.get(owner) is not None
        self._keys[owner] = None
        return there


def _there(found: dict[UUID, bytes | None]) -> dict[UUID, bytes]:
    return {owner: key for owner, key in found.items() if key is not None}


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
