"""On PostgreSQL two roles: the owner of the tables brings them up to date, the house itself may not undo history.

Triggers refuse changes of append-only tables; but the owner of a table can take its triggers away. So the house works
as a role that owns nothing, and that has no right to change, remove or empty what is append-only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection

from veche.site.database import database

# Append-only tables, each with the columns that may still be emptied, to erase what is a person's own.
GUARDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "journal_factrow": (),
        "journal_leaf": (),
        "casework_step": ("text", "details", "actor_id"),
    }
)


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables, where one is named; then as the house again, with its rights renewed."""
    url = settings.CONFIG.owner_url
    if not url or connection.vendor != "postgresql":
        yield
        return
    own = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(_without_pool(database(url, settings.DATA_DIR, 1)))
    try:
        yield
        grant(role_of(settings.CONFIG.database_url))
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(own)


def grant(role: str) -> None:
    """Give a role what the house needs, and nothing that undoes history."""
    with connection.cursor() as cursor:
        for statement in statements(connection.ops.quote_name(role)):
            cursor.execute(statement)


def statements(role: str) -> list[str]:
    """What gives a (quoted) role its rights."""
    all_of = "ON ALL {} IN SCHEMA public"
    found = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE {all_of.format('TABLES')} TO {role}",
        f"GRANT USAGE, SELECT {all_of.format('SEQUENCES')} TO {role}",
    ]
    for table, columns in GUARDED.items():
        found.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        if columns:
            found.append(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}")
    return found


def role_of(url: str) -> str:
    """The role a database address signs in as."""
    return unquote(urlsplit(url).username or "")


def _without_pool(entry: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in entry["OPTIONS"].items() if key != "pool"}
    return {**entry, "OPTIONS": options}
