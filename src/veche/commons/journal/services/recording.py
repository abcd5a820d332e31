"""Writes of the journal: one fact is one row for the public and one for delivery, in the caller's transaction.

What of it enters the log is settled here: its leaf's hash is kept with it and may be promised at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from os import urandom
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from veche.commons.journal.models import FactRow, Outbox, PrivateValues
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules.boxes import CHANCE, Sealed, seal
from veche.commons.journal.rules.leaves import LeafFact, body_text, leaf_of, leaf_with, private_text
from veche.commons.journal.rules.tree import leaf_hash
from veche.commons.journal.terms import PrivateFact, Recorded
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.kernel.refusals import NOTHING

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 500
_NO_SEAL = Sealed({}, None)
# By hand, and past Django's cursor: on this hottest of paths the ORM costs several times, the cursor as much as the
# statement itself.
_FACT = (
    "INSERT INTO journal_factrow (id, kind, subject_kind, subject_id, city_id, at, body, sealed, leaf_hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_PENDING = "INSERT INTO journal_outbox (fact_id, due_at, attempts, error) VALUES (%s, %s, 0, '')"
_PRIVATE = "INSERT INTO journal_privatevalues (fact_id, owner_id, box) VALUES (%s, %s, %s)"


def record(fact: Fact, *, private: Mapping[str, Any] = NOTHING, owner: UUID | None = None) -> Recorded:
    """Record what happened, in the transaction in which it happens; answers the fact's id and its leaf's hash.

    `private` are values the public sees only as commitments, encrypted with the key of `owner`: the person they are
    of, or else the subject of the fact.
    Refuses: never; outside a transaction it is a mistake of the program and raises.
    """
    # Itself and not its proxy, which would look it up again at every touch.
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a fact is recorded in the transaction of its act")
    fact_id = new_id()
    owner = owner or fact.ref.id
    sealed = _NO_SEAL
    if private:
        sealed = seal(fact_id, private, EQUIPMENT.ring.key_of(owner), urandom(CHANCE))
    body, commitments = body_text(fact.body()), private_text(sealed.commitments)
    head = LeafFact(fact_id, fact.kind, fact.ref, fact.city_id, fact.at)
    leaf = leaf_hash(leaf_with(head, body=body, private=commitments))
    forms = _forms_of(connection)
    key = forms.key(fact_id)
    values = (
        key,
        fact.kind,
        fact.ref.kind,
        forms.key(fact.ref.id),
        forms.key(fact.city_id) if fact.city_id else None,
        forms.moment(fact.at),
        body,
        commitments,
        leaf,
    )
    execute = connection.connection.execute
    with connection.wrap_database_errors:
        execute(forms.fact, values)
        # Due at once, whatever the clock says: a clock that is set back must not hold facts up.
        execute(forms.pending, (key, forms.at_once))
        if sealed.box is not None:
            execute(forms.private, (key, forms.key(owner), sealed.box))
    return Recorded(fact_id, leaf)


@transaction.atomic
def record_many(facts: Iterable[Fact | PrivateFact], *, delivered: bool = False) -> list[UUID]:
    """Record many facts at once, in their order; for imports. `delivered` facts are history: no listener hears them.

    Refuses: never.
    """
    ids: list[UUID] = []
    for some in _chunks(facts):
        rows, boxes = _rows(some)
        FactRow.objects.bulk_create(rows)
        PrivateValues.objects.bulk_create(boxes)
        if not delivered:
            Outbox.objects.bulk_create([Outbox(fact_id=row.id, due_at=AT_ONCE) for row in rows])
        ids += [row.id for row in rows]
    return ids


def _hash_of(fact_id: UUID, fact: Fact, body: Mapping[str, Any], sealed: Sealed) -> bytes:
    return leaf_hash(
        leaf_of(LeafFact(fact_id, fact.kind, fact.ref, fact.city_id, fact.at, body, sealed.commitments))
    )


class _Forms(NamedTuple):
    """How a kind of database is given keys and moments, and the statements with its marks for values."""

    key: Callable[[UUID], Any]
    moment: Callable[[datetime], Any]
    at_once: Any
    fact: str
    pending: str
    private: str


def _forms_of(connection: Any) -> _Forms:
    return _NATIVE if connection.features.has_native_uuid_field else _AS_TEXT


def _text_of(at: datetime) -> str:
    """A moment as Django writes it for SQLite."""
    return str(at)[:_WITHOUT_ZONE] if at.tzinfo is UTC else str(at.astimezone(UTC))[:_WITHOUT_ZONE]


_WITHOUT_ZONE = -len("+00:00")
_STATEMENTS = (_FACT, _PENDING, _PRIVATE)
_NATIVE = _Forms(lambda value: value, lambda at: at, AT_ONCE, *_STATEMENTS)
_AS_TEXT = _Forms(
    attrgetter("hex"), _text_of, _text_of(AT_ONCE), *(one.replace("%s", "?") for one in _STATEMENTS)
)


def _rows(facts: Iterable[PrivateFact]) -> tuple[list[FactRow], list[PrivateValues]]:
    facts = list(facts)
    keys = EQUIPMENT.ring.keys_of({one.owner or one.fact.ref.id for one in facts if one.private})
    rows, boxes = [], []
    for one in facts:
        owner = one.owner or one.fact.ref.id
        fact_id = new_id()
        sealed = _NO_SEAL
        if one.private:
            sealed = seal(fact_id, one.private, keys.get(owner), urandom(CHANCE))
        rows.append(_row(fact_id, one.fact, sealed))
        if sealed.box is not None:
            boxes.append(PrivateValues(fact_id=fact_id, owner_id=owner, box=sealed.box))
    return rows, boxes


def _row(fact_id: UUID, fact: Fact, sealed: Sealed) -> FactRow:
    body = fact.body()
    return FactRow(
        id=fact_id,
        kind=fact.kind,
        subject_kind=fact.ref.kind,
        subject_id=fact.ref.id,
        city_id=fact.city_id,
        at=fact.at,
        body=body,
        sealed=dict(sealed.commitments),
        leaf_hash=_hash_of(fact_id, fact, body, sealed),
    )


def _chunks(facts: Iterable[Fact | PrivateFact]) -> Iterator[list[PrivateFact]]:
    chunk: list[PrivateFact] = []
    for one in facts:
        chunk.append(one if isinstance(one, PrivateFact) else PrivateFact(one))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
