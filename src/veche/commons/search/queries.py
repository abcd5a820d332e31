"""Finding, and reading documents for those who index them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from veche.commons.search import rules
from veche.commons.search.models import Document
from veche.commons.search.ports import EQUIPMENT
from veche.commons.search.terms import Hit, NewDocument, Page, Scope
from veche.kernel.refs import SubjectRef

DEEPEST = 10_000
_CHUNK = 1_000
_ENTRY = ("subject_kind", "subject_id", "city_id", "number", "title", "body", "happened_at")


def find(
    city_id: UUID,
    text: str,
    *,
    kinds: Iterable[str] = (),
    limit: int = 20,
    offset: int = 0,
    newest: bool = False,
) -> list[Hit]:
    """What a city has to a text, best first (or newest first): only kinds, ids and scores.

    A number that was typed finds its bearer before all others. Never raises because of what was typed.
    """
    question = rules.understood(text)
    limit = min(limit, DEEPEST - max(0, offset))
    if question.is_empty or limit <= 0:
        return []
    page = Page(limit, max(0, offset), newest)
    return EQUIPMENT.need_index().find(question, Scope(city_id, tuple(kinds)), page)


def latest_revision() -> UUID | None:
    """The highest revision there is."""
    return Document.objects.order_by("-revision").values_list("revision", flat=True).first()


def revisions_after(revision: UUID) -> Iterator[tuple[UUID, UUID]]:
    """Subject and revision of all documents changed after a revision, oldest change first."""
    rows = Document.objects.filter(revision__gt=revision).order_by("revision", "subject_id")
    yield from rows.values_list("subject_id", "revision").iterator(_CHUNK)


def entries_of(subject_ids: Sequence[UUID]) -> tuple[list[NewDocument], list[SubjectRef]]:
    """The entries of some documents, and the subjects that are hidden among them."""
    entries, gone = [], []
    rows = Document.objects.filter(subject_id__in=subject_ids).values_list("hidden", *_ENTRY)
    for hidden, *row in rows:
        entry = _entry(row)
        if hidden:
            gone.append(entry.ref)
        else:
            entries.append(entry)
    return entries, gone


def all_entries() -> Iterator[NewDocument]:
    """Every document that may be found, in chunks by key: no long transaction, no large memory."""
    last = UUID(int=0)
    while True:
        rows = list(
            Document.objects.filter(subject_id__gt=last, hidden=False)
            .order_by("subject_id")
            .values_list(*_ENTRY)[:_CHUNK]
        )
        yield from map(_entry, rows)
        if len(rows) < _CHUNK:
            return
        last = rows[-1][1]


def shown_count() -> int:
    """How many documents may be found."""
    return Document.objects.filter(hidden=False).count()


def settled_before(now: datetime) -> datetime:
    """The moment before which no transaction is still at work.

    SQLite lets one writer in at a time, so its commits come in the order of their revisions. PostgreSQL is asked
    for the oldest transaction that is still open: it may yet commit revisions that are lower than some we saw.
    """
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        oldest = cursor.fetchone()[0]
    return min(now, oldest.astimezone(UTC)) if oldest else now


def _entry(row: Sequence[Any]) -> NewDocument:
    kind, subject_id, city_id, number, title, body, happened_at = row
    return NewDocument(SubjectRef(kind, subject_id), city_id, number, title, body, happened_at)
