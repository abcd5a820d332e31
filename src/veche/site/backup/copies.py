"""A copy of the database as it was at one moment, taken while others write; each kind has its own way."""

from contextlib import AbstractContextManager
from pathlib import Path

from django.db import connection

from veche.site.backup.terms import Snapshot, Tell


def snapshot(file: Path, *, tell: Tell) -> AbstractContextManager[Snapshot]:
    """Copy the database into a file; it may be asked, and the file is there, until the block ends."""
    if connection.vendor == "sqlite":
        from veche.site.backup import sqlite

        return sqlite.snapshot(Path(connection.settings_dict["NAME"]), file, tell=tell)
    from veche.site.backup import postgresql

    return postgresql.snapshot(connection.get_connection_params(), file, tell=tell)
