# ruff: noqa: SLF001 - `_meta` and `_state` belong to every Django model
"""Laying new rows of an act: the plain INSERT, written once per table. The ORM writes it anew for every row."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Model

Prepare = Callable[[Any], Any]

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
    # Itself and not its proxy, which would look it up again at every touch.
    connection = connections[DEFAULT_DB_ALIAS]
    statement, columns = _statement(type(row), connection.vendor)
    values = [
        getattr(row, name) if prepare is None else prepare(getattr(row, name)) for name, prepare in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=128)
def _statement(model: type[Model], _vendor: str) -> tuple[str, tuple[tuple[str, Prepare | None], ...]]:
    """The INSERT of a table, and its columns: each with what makes of a value what the database takes."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields = tuple(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    prepared = tuple((field.attname, _prepare(field)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", prepared  # noqa: S608


def _prepare(field: Any) -> Prepare | None:
    if field.is_relation:
        return _prepare(field.target_field)
    connection = connections[DEFAULT_DB_ALIAS]
    if type(field) in _AS_THEY_ARE:
        return None
    if type(field) is models.UUIDField:
        return None if connection.features.has_native_uuid_field else _hex
    if type(field) is models.DateTimeField:
        return _moment
    return lambda value: field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


def _hex(value: Any) -> Any:
    return value.hex if value is not None else None


def _moment(value: Any) -> Any:
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)
