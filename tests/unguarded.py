"""Past the guards of append-only tables: for emptying a test database, and for playing an administrator who cheats."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

Connection = Any
Unguarded = Callable[[Connection], AbstractContextManager[None]]


@contextmanager
def sqlite(connection: Connection) -> Iterator[None]:
    """Take the triggers away and put them back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement)


@contextmanager
def postgres(connection: Connection) -> Iterator[None]:
    """Switch the triggers off, as a superuser may."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Past the guards, whatever the database."""
    with (sqlite if connection.vendor == "sqlite" else postgres)(connection):
        yield


@contextmanager
def flushing(operations: type[Any], past: Unguarded) -> Iterator[None]:
    """Let Django empty all tables of a test database past the guards."""
    flush = operations.execute_sql_flush

    def execute_sql_flush(self: Any, statements: list[str]) -> None:
        with past(self.connection):
            flush(self, statements)

    operations.execute_sql_flush = execute_sql_flush
    try:
        yield
    finally:
        operations.execute_sql_flush = flush
