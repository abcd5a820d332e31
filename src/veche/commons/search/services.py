"""Documents are put, hidden and forgotten; the index of this node follows them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from veche.commons.search import queries, rules
from veche.commons.search.models import Document
from veche.commons.search.ports import EQUIPMENT, Index
from veche.commons.search.terms import Followed, NewDocument
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

# Clocks of nodes differ, and a revision is made a moment before its transaction is done.
SLACK = timedelta(seconds=60)
_BATCH = 2_000
_AT_ONCE = 500


def put_document(
    ref: SubjectRef, *, city_id: UUID, number: str, title: str, body: str, happened_at: datetime
) -> None:
    """Say which words a subject is to be found by; said again, the new words replace the old.

    A hidden document is shown again by it. Harmless to repeat.
    """
    put_documents([NewDocument(ref, city_id, number, title, body, happened_at)])


@transaction.atomic
def put_documents(documents: Iterable[NewDocument]) -> int:
    """Say which words many subjects are to be found by, as an import does; how many they were."""
    first = _next_revision().int
    rows = {
        document.ref.id: Document(
            subject_id=document.ref.id,
            subject_kind=document.ref.kind,
            city_id=document.city_id,
            number=document.number,
            title=document.title,
            body=document.body,
            happened_at=document.happened_at,
            hidden=False,
            # each its own: an index that is interrupted between two of them reads on behind the first
            revision=UUID(int=first + step),
        )
        for step, document in enumerate(documents)
    }
    Document.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["subject_id"],
        update_fields=[
            "subject_kind", "city_id", "number", "title", "body", "happened_at", "hidden", "revision",
        ],
        batch_size=_AT_ONCE,
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def hide_document(ref: SubjectRef) -> None:
    """Let a subject be found no more until it is put again; harmless to repeat."""
    Document.objects.filter(subject_id=ref.id, hidden=False).update(hidden=True, revision=_next_revision())


@transaction.atomic
def forget_document(ref: SubjectRef) -> None:
    """Erase the words of a subject. An empty row stays: by it every node learns to forget them too."""
    Document.objects.filter(subject_id=ref.id).update(
        hidden=True, number="", title="", body="", revision=_next_revision()
    )


def follow(now: datetime) -> int:
    """Bring the index of this node up to date; how many documents were new to it.

    Cheap when nothing changed. Builds the index anew when it is missing or damaged. When another process of
    this node is at it, there is nothing to do. Harmless to repeat and to interrupt.
    """
    index = EQUIPMENT.need_index()
    with index.alone() as alone:
        if not alone:
            return 0
        followed = index.followed()
        return _rebuild(index, now) if followed is None else _follow(index, followed, now)


def rebuild(
    now: datetime, watched: Callable[[Iterable[NewDocument]], Iterable[NewDocument]] = iter
) -> int | None:
    """Build the index of this node anew from the documents; how many it holds, None when another is writing.

    `watched` may wrap the entries to show how far it is. People find with the old index until the new one is whole.
    """
    index = EQUIPMENT.need_index()
    with index.alone() as alone:
        return _rebuild(index, now, watched) if alone else None


def _rebuild(
    index: Index, now: datetime, watched: Callable[[Iterable[NewDocument]], Iterable[NewDocument]] = iter
) -> int:
    settled = _settled(now)  # before reading: what changes meanwhile is followed afterwards
    return index.rebuild(watched(queries.all_entries()), Followed(settled))


def _follow(index: Index, followed: Followed, now: datetime) -> int:
    settled = _settled(now)
    count = 0
    seen = dict(followed.seen)
    last = followed.read_on
    for batch in _batches(queries.revisions_after(followed.read_on)):
        fresh = [subject_id for subject_id, revision in batch if seen.get(subject_id) != revision]
        seen.update(batch)
        last = batch[-1][1]
        if fresh:
            index.change(*queries.entries_of(fresh), _marked(followed, seen, last, settled))
            count += len(fresh)
    mark = _marked(followed, seen, last, settled)
    if mark.read_on != followed.read_on and not count:
        index.change([], [], mark)
    return count


def _marked(followed: Followed, seen: dict[UUID, UUID], last: UUID, settled: UUID) -> Followed:
    read_on = max(followed.read_on, min(last, settled))
    return Followed(read_on, {subject: revision for subject, revision in seen.items() if revision > read_on})


def _settled(now: datetime) -> UUID:
    return rules.first_revision_of(queries.settled_before(now) - SLACK)


def _next_revision() -> UUID:
    return rules.next_revision(new_id(), queries.latest_revision())


def _batches(rows: Iterable[tuple[UUID, UUID]]) -> Iterator[list[tuple[UUID, UUID]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
