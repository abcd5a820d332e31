# ruff: noqa: SLF001 - `_meta` and `_state` belong to every Django model
"""Laying new rows of an act: the plain INSERT, written once per table. The ORM writes it anew for every row."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model


def lay(row: Model) -> None:
    """Insert a new row whose key is set already.

    Refuses: never; a conflict raises as the database does.
    """
    statement, fields = _statement(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=128)
def _statement(model: type[Model]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", fields  # noqa: S608
