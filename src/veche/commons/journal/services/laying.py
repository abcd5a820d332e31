# ruff: noqa: SLF001 - `_meta` and `_state` belong to every Django model
"""Laying new rows of an act: the plain INSERT, written once per table. The ORM writes it anew for every row."""

from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import Model

# Of these a new row holds what the database takes; asking the field about it costs as much as writing it.
_AS_THEY_ARE = frozenset(
    {
        models.BigIntegerField,
        models.BooleanField,
        models.CharField,
        models.FloatField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SlugField,
        models.TextField,
    }
)


def lay(row: Model) -> None:
    """Insert a new row whose key is set already.

    Refuses: never; a conflict raises as the database does.
    """
    statement, fields = _statement(type(row))
    values = [
        getattr(row, name) if field is None else field.get_db_prep_save(getattr(row, name), connection)
        for name, field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=128)
def _statement(model: type[Model]) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """The INSERT of a table, and its columns: each with its field where that has to prepare what is written."""
    fields = tuple(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    prepared = tuple((field.attname, None if type(field) in _AS_THEY_ARE else field) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", prepared  # noqa: S608
