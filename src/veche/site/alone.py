"""Doing something alone, among all processes that share a database: the lock goes with the process that held it."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

_BITS = 8  # bytes of an advisory lock's key


@contextmanager
def alone(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Say whether nobody else does `name` now, and keep it so until the end; with `wait`, wait until it is so.

    PostgreSQL keeps the lock with the connection, a file in the data folder with the process (SQLite is one machine).
    A process that is killed, or loses its database, gives it back.
    """
    with (
        _by_database(name, wait=wait)
        if connection.vendor == "postgresql"
        else _by_file(name, wait=wait) as mine
    ):
        yield mine


@contextmanager
def _by_database(name: str, *, wait: bool) -> Iterator[bool]:
    key = int.from_bytes(_digest(name)[:_BITS], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {'pg_advisory_lock' if wait else 'pg_try_advisory_lock'}(%s)", [key])
        mine = wait or bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            # Where the connection is gone the lock went with it.
            with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _by_file(name: str, *, wait: bool) -> Iterator[bool]:
    path = _folder() / _digest(name).hex()[:32]
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(file, wait=wait)
    finally:
        # Closing may be not enough: a child that was forked meanwhile shares the open file.
        fcntl.flock(file, fcntl.LOCK_UN)
        os.close(file)


def _locked(file: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
