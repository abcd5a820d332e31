"""Reads for receipts: a fact as the log has it, what proves it, and what its private fields were."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from veche.commons.journal.models import FactRow, Leaf, PrivateValues
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.queries.log import entry_at, inclusion, leaf_fact, published
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.boxes import opened
from veche.commons.journal.rules.leaves import commitments, leaf_of, salt_of
from veche.commons.journal.rules.notes import Verifier
from veche.commons.journal.rules.receipts import code_of, ids_of, promise
from veche.commons.journal.rules.tree import leaf_hash
from veche.commons.journal.terms import Opening, PromiseView, Receipt, Recorded, ValuesErased
from veche.kernel.ids import made_at

# By hand: filing waits for it.
_FIRST = "SELECT id, leaf_hash FROM journal_factrow WHERE subject_id = %s AND kind = %s ORDER BY id LIMIT 1"


def promise_for(subject_id: UUID, kind: str) -> PromiseView | None:
    """The promise for the first fact of a kind about a subject: all that an acknowledgement has to hand out."""
    key = FactRow._meta.pk.get_db_prep_value(subject_id, connection)  # noqa: SLF001 - Django's documented _meta
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, (key, kind))
        row = cursor.fetchone()
    if row is None:
        return None
    return promise_of(Recorded(row[0] if isinstance(row[0], UUID) else UUID(row[0]), bytes(row[1])))


def promise_of(fact: Recorded) -> PromiseView:
    """The promise for a fact."""
    return PromiseView(code_of(fact.id), fact.id, fact.leaf_hash, _promise(*fact))


def _promise(fact_id: UUID, leaf: bytes) -> str:
    key = _own_key()
    # Its id says when a fact was written; so the promise comes out the same whenever it is asked for.
    promised = promise(key.name, fact_id, leaf, made_at(fact_id), EQUIPMENT.delay_s)
    return notes.signed_text(promised.text, key, EQUIPMENT.key)


# Private fields that name a person.
_PEOPLE = ("person", "officer")


def receipt_by_code(code: str) -> Receipt | None:
    """The receipt with a code, however it is written; None when there is none."""
    span = ids_of(code)
    if span is None:
        return None
    # Where a row was removed past the program, the place in the log still knows the fact.
    found = (
        FactRow.objects.filter(id__range=span).values_list("id", flat=True).first()
        or Leaf.objects.filter(fact_id__range=span).values_list("fact_id", flat=True).first()
    )
    return receipt_of(found) if found else None


def receipt_of(fact_id: UUID) -> Receipt | None:
    """Everything that proves a fact: the promise at once, the place and the proof as soon as the log has it."""
    place = Leaf.objects.filter(fact_id=fact_id).values_list("position", flat=True).first()
    shown = published()
    logged = place is not None and shown is not None and place < shown[0].size
    row = None if logged else FactRow.objects.filter(pk=fact_id).first()
    if logged:
        assert place is not None
        entry = entry_at(place)
    elif row is not None:
        entry = leaf_of(leaf_fact(row))
    else:
        return None
    leaf = bytes(row.leaf_hash) if row is not None else leaf_hash(entry)
    key = _own_key()
    return Receipt(
        code=code_of(fact_id),
        fact_id=fact_id,
        origin=key.name,
        key=str(key),
        entry=entry,
        leaf_hash=leaf,
        promise=_promise(fact_id, leaf),
        position=place if logged else None,
        proof=tuple(inclusion(place, shown[0].size)) if logged and place is not None and shown else (),
        checkpoint=str(shown[1]) if logged and shown else "",
    )


def is_sound(found: Receipt) -> bool:
    """Whether the list of the journal shows what the receipt says."""
    row = FactRow.objects.filter(pk=found.fact_id).first()
    return row is not None and leaf_hash(leaf_of(leaf_fact(row))) == leaf_hash(found.entry) == found.leaf_hash


def openings_of(wanted: Mapping[UUID, Iterable[str]]) -> dict[UUID, dict[str, Opening]]:
    """What opens some private fields of facts: each value with its salt. What was erased is missing."""
    boxes = list(
        PrivateValues.objects.filter(fact_id__in=list(wanted)).values_list("fact_id", "owner_id", "box")
    )
    keys = EQUIPMENT.ring.known_keys({owner for _, owner, _ in boxes})
    found: dict[UUID, dict[str, Opening]] = {}
    for fact_id, owner, box in boxes:
        if owner in keys:
            found[fact_id] = _open(fact_id, bytes(box), keys[owner], wanted[fact_id])
    return found


def recommitted(values: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, dict[str, str]]:
    """Commitments to values as they are now, under the salts of the facts that committed to them first.

    They come out as the log has them if nobody changed the values, and say nothing else. Facts whose key was
    destroyed are missing. A person who is gone because the journal says that they were forgotten is not missed.
    """
    boxes = list(
        PrivateValues.objects.filter(fact_id__in=list(values)).values_list("fact_id", "owner_id", "box")
    )
    keys = EQUIPMENT.ring.known_keys({owner for _, owner, _ in boxes})
    inside = {
        fact_id: found
        for fact_id, owner, box in boxes
        if owner in keys and (found := opened(fact_id, bytes(box), keys[owner]))
    }
    forgotten = _forgotten(inside[one].values.get(name) for one in inside for name in _PEOPLE)
    return {
        fact_id: commitments(found.secret, _with_forgotten(values[fact_id], found.values, forgotten))
        for fact_id, found in inside.items()
    }


def _with_forgotten(
    now: Mapping[str, Any], then: Mapping[str, Any], forgotten: frozenset[str]
) -> dict[str, Any]:
    gone = {name: then[name] for name in _PEOPLE if not now.get(name) and then.get(name) in forgotten}
    return {**now, **gone}


def _forgotten(people: Iterable[str | None]) -> frozenset[str]:
    """Those of whom the journal says that their values were erased."""
    wanted = [UUID(one) for one in set(people) if one]
    rows = FactRow.objects.filter(subject_id__in=wanted, kind=ValuesErased.kind)
    return frozenset(map(str, rows.values_list("subject_id", flat=True)))


def _open(fact_id: UUID, box: bytes, key: bytes, names: Iterable[str]) -> dict[str, Opening]:
    inside = opened(fact_id, box, key)
    if inside is None:
        return {}
    values: Mapping[str, Any] = inside.values
    return {name: Opening(salt_of(inside.secret, name), values[name]) for name in names if name in values}


def _own_key() -> Verifier:
    return _verifier(EQUIPMENT.key.name, EQUIPMENT.key.public)


@lru_cache(maxsize=4)
def _verifier(name: str, public: bytes) -> Verifier:
    return Verifier(name, public)
