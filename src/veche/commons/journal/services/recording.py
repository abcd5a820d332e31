"""Writes of the journal: one fact is one row for the public and one for delivery, in the caller's transaction."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from veche.commons.journal.models import FactRow, Outbox
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 500
# By hand: the ORM's own insert costs several times as much on this hottest of paths.
_FACT = (
    "INSERT INTO journal_factrow (id, kind, subject_kind, subject_id, city_id, at, body)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_PENDING = "INSERT INTO journal_outbox (fact_id, due_at, attempts, error) VALUES (%s, %s, 0, '')"


def record(fact: Fact) -> UUID:
    """Record what happened, in the transaction in which it happens; answers the fact's id.

    Refuses: never; outside a transaction it is a mistake of the program and raises.
    """
    # Itself and not its proxy, which would look it up again at every touch.
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a fact is recorded in the transaction of its act")
    fact_id = new_id()
    moment = connection.ops.adapt_datetimefield_value
    native = connection.features.has_native_uuid_field
    key = _key(fact_id, native)
    body = json.dumps(fact.body(), ensure_ascii=False)
    values = (
        key,
        fact.kind,
        fact.ref.kind,
        _key(fact.ref.id, native),
        _key(fact.city_id, native),
        moment(fact.at),
        body,
    )
    with connection.cursor() as cursor:
        cursor.execute(_FACT, values)
        # Due at once, whatever the clock says: a clock that is set back must not hold facts up.
        cursor.execute(_PENDING, (key, moment(AT_ONCE)))
    return fact_id


@transaction.atomic
def record_many(facts: Iterable[Fact], *, delivered: bool = False) -> list[UUID]:
    """Record many facts at once, in their order; for imports. `delivered` facts are history: no listener hears them.

    Refuses: never.
    """
    ids: list[UUID] = []
    for rows in _chunks(_row(fact) for fact in facts):
        FactRow.objects.bulk_create(rows)
        if not delivered:
            Outbox.objects.bulk_create([Outbox(fact_id=row.id, due_at=AT_ONCE) for row in rows])
        ids += [row.id for row in rows]
    return ids


def _key(value: UUID | None, native: bool) -> Any:
    return value if value is None or native else value.hex


def _row(fact: Fact) -> FactRow:
    return FactRow(
        id=new_id(),
        kind=fact.kind,
        subject_kind=fact.ref.kind,
        subject_id=fact.ref.id,
        city_id=fact.city_id,
        at=fact.at,
        body=fact.body(),
    )


def _chunks(rows: Iterable[FactRow]) -> Iterator[list[FactRow]]:
    chunk: list[FactRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
