"""Reads of the journal: the public list, and how delivery stands."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from veche.commons.journal.models import FactRow, Leaf
from veche.commons.journal.queries.delivery import outbox_state, reruns, undelivered, undelivered_facts
from veche.commons.journal.queries.log import leaf_fact, log_size, published, sequencer_state
from veche.commons.journal.queries.receipts import (
    is_sound,
    openings_of,
    promise_for,
    promise_of,
    receipt_by_code,
    receipt_of,
    recommitted,
)
from veche.commons.journal.queries.witnesses import witness_states, witnesses
from veche.commons.journal.terms import FactLine
from veche.kernel.refs import SubjectRef

__all__ = [
    "PAGE",
    "fact_of",
    "facts_page",
    "is_sound",
    "leaf_fact",
    "log_size",
    "moments_of",
    "openings_of",
    "outbox_state",
    "places_of",
    "promise_for",
    "promise_of",
    "published",
    "receipt_by_code",
    "receipt_of",
    "recommitted",
    "reruns",
    "sequencer_state",
    "undelivered",
    "undelivered_facts",
    "witness_states",
    "witnesses",
]

PAGE = 50
_LINE = ("id", "kind", "subject_kind", "subject_id", "city_id", "at", "body", "sealed", "leaf_hash")


def facts_page(
    city_id: UUID | None = None,
    kind: str | None = None,
    subject_id: UUID | None = None,
    before: UUID | None = None,
    fact_id: UUID | None = None,
    limit: int = PAGE,
) -> list[FactLine]:
    """A page of the journal, newest first: the facts recorded before the fact `before`."""
    rows = FactRow.objects.order_by("-id")
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    if city_id is not None:
        rows = rows.filter(city_id=city_id)
    if kind:
        rows = rows.filter(kind=kind)
    if fact_id is not None:
        rows = rows.filter(id=fact_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        FactLine(fact_id, kind, SubjectRef(subject_kind, subject), city, at, body, sealed, bytes(leaf))
        for fact_id, kind, subject_kind, subject, city, at, body, sealed, leaf in rows.values_list(*_LINE)[
            :limit
        ]
    ]


def fact_of(subject_id: UUID, kind: str) -> UUID | None:
    """The first fact of a kind about a subject."""
    rows = FactRow.objects.filter(subject_id=subject_id, kind=kind).order_by("id")
    return rows.values_list("id", flat=True).first()


def places_of(fact_ids: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Where facts stand in the log, and with which hash; those that wait are left out."""
    rows = Leaf.objects.filter(fact_id__in=list(fact_ids))
    return {
        one: (place, bytes(leaf)) for one, place, leaf in rows.values_list("fact_id", "position", "leaf_hash")
    }


def moments_of(subject_id: UUID) -> frozenset[datetime]:
    """The moments of everything that was recorded about one subject."""
    return frozenset(FactRow.objects.filter(subject_id=subject_id).values_list("at", flat=True))
