"""Troubles that pass: a disk without room, a database that does not answer. Who sent something may send it again."""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from enum import StrEnum

from django.db import InterfaceError, OperationalError

# What a client is asked to wait; a full disk is emptied by people, a database restarts in seconds.
AGAIN_AFTER_S = 30
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_DISK_FULL = "53100"  # PostgreSQL
# The file, its locks or its neighbours cannot be had just now; SQLite calls a full disk by several of these names.
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN")


class Outage(StrEnum):
    """What is amiss; the value is the code of the sentence."""

    NO_ROOM = "site.no-room"
    NO_DATABASE = "site.no-database"


def outage_of(error: BaseException | None) -> Outage | None:
    """Which passing trouble an error comes from; None for a mistake of the program, which no waiting mends."""
    found = {outage for one in _chain(error) if (outage := _of(one))}
    return Outage.NO_ROOM if Outage.NO_ROOM in found else next(iter(found), None)


def outage_now() -> Outage | None:
    """The same for the error that is being handled."""
    return outage_of(sys.exception())


def _of(error: BaseException) -> Outage | None:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return Outage.NO_ROOM
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == _DISK_FULL or _name(cause) == "SQLITE_FULL":
        return Outage.NO_ROOM
    # Whatever PostgreSQL calls operational passes: it starts, it stops, it has too many visitors, its line broke.
    passes = not isinstance(cause, sqlite3.Error) or _name(cause).startswith(_BUSY)
    return Outage.NO_DATABASE if passes else None


def _name(cause: BaseException | None) -> str:
    return str(getattr(cause, "sqlite_errorname", ""))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
