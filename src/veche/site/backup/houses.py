"""The database of this house being filled aside, asked and written to there, and taking its place."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import django.db
from django.apps import apps
from django.db import connection

from veche.site import server
from veche.site.backup import layout, sqlite
from veche.site.backup.staging import sync
from veche.site.backup.terms import Damaged
from veche.site.failure import Failure

_PATIENCE_S = 5


class Filled(Protocol):
    """A database that was filled and may be taken over."""

    def take_over(self) -> tuple[Path, ...]:
        """Put it into its place; answers where the old one went, if there is such a place."""


def folder() -> Path:
    """Where a database is staged: beside the present one, or in the data folder."""
    return _file().parent if connection.vendor == "sqlite" else layout.data()


def inhabited() -> bool:
    """Whether anything was ever recorded here."""
    if connection.vendor == "sqlite" and not _file().exists():
        return False
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables & {"journal_factrow", "accounts_person", "places_city"}:
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - one of three names above
            if cursor.fetchone():
                return True
    return False


@contextmanager
def filled(file: Path, stamp: str) -> Iterator[Filled]:
    """The restored database, brought up to date, under Django's own connection until the block ends.

    Refuses: Damaged when the copy is.
    """
    with _sqlite(file, stamp) if connection.vendor == "sqlite" else _postgresql(file) as found:
        yield found


class _File:
    def __init__(self, fresh: Path, place: Path, stamp: str) -> None:
        self._fresh, self._place = fresh, place
        self._aside = place.with_name(f"{place.name}.replaced-{stamp}")

    def take_over(self) -> tuple[Path, ...]:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        was = self._place.exists()
        for end in ("", "-wal", "-shm") if was else ():
            beside = self._place.with_name(self._place.name + end)
            if beside.exists():
                beside.rename(self._aside.with_name(self._aside.name + end))
        # What litestream remembers is of the file that was here.
        shutil.rmtree(self._place.with_name(f".{self._place.name}-litestream"), ignore_errors=True)
        self._fresh.rename(self._place)
        sync(self._place.parent)
        connection.settings_dict["NAME"] = str(self._place)
        return (self._aside,) if was else ()


@contextmanager
def _sqlite(file: Path, stamp: str) -> Iterator[Filled]:
    sqlite.refuse_damaged(file)
    place = _file()
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    try:
        server.migrate(quiet=True)
        yield _File(file, place, stamp)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)


class _Transaction:
    def take_over(self) -> tuple[Path, ...]:
        connection.commit()
        return ()


@contextmanager
def _postgresql(file: Path) -> Iterator[Filled]:
    import psycopg

    from veche.site.backup import postgresql

    connection.ensure_connection()
    # By hand: the commit is an act of its own here, and what follows it is outside of it.
    connection.set_autocommit(False)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE_S}s'")
        postgresql.put_back(connection.connection, file, unwanted=_own_tables())
        server.migrate(quiet=True)
        yield _Transaction()
    except (psycopg.errors.LockNotAvailable, django.db.OperationalError) as error:
        raise Failure(f"the database is in use ({first_line(error)}). Nothing was changed.") from error
    except psycopg.Error as error:
        raise Damaged(
            f"the database in it cannot be loaded ({first_line(error)}). Nothing was changed."
        ) from error
    finally:
        connection.rollback()
        connection.close()


def first_line(error: Exception) -> str:
    """What a database says, without its hints."""
    return str(error).strip().partition("\n")[0]


def _own_tables() -> list[str]:
    """Every table of ours that is there, whatever version made it: `django_migrations` knows no model."""
    present = set(connection.introspection.table_names())
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001 - every model has it
    return sorted(present & (ours | {"django_migrations"}))


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])
