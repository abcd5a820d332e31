"""Reads of the journal: the public list, and how delivery stands."""

from datetime import datetime
from uuid import UUID

from django.db.models import Min

from veche.commons.journal.models import FactRow, Outbox
from veche.commons.journal.terms import FactLine, OutboxState, ParkedFact
from veche.kernel.refs import SubjectRef

PAGE = 50
# Parked facts stand beyond every real moment; see services/delivering.py.
BEYOND_YEAR = 8999
_LINE = ("id", "kind", "subject_kind", "subject_id", "city_id", "at", "body")


def facts_page(
    city_id: UUID | None = None,
    kind: str | None = None,
    subject_id: UUID | None = None,
    before: UUID | None = None,
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
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        FactLine(fact_id, kind, SubjectRef(subject_kind, subject), city, at, body)
        for fact_id, kind, subject_kind, subject, city, at, body in rows.values_list(*_LINE)[:limit]
    ]


def moments_of(subject_id: UUID) -> frozenset[datetime]:
    """The moments of everything that was recorded about one subject."""
    return frozenset(FactRow.objects.filter(subject_id=subject_id).values_list("at", flat=True))


def outbox_state() -> OutboxState:
    """How many facts wait, since when, and how many were parked; for the health page."""
    waiting = Outbox.objects.filter(due_at__year__lt=BEYOND_YEAR)
    oldest: datetime | None = waiting.aggregate(at=Min("fact__at"))["at"]
    return OutboxState(waiting.count(), oldest, Outbox.objects.filter(due_at__year__gte=BEYOND_YEAR).count())


def parked_facts(limit: int = PAGE) -> list[ParkedFact]:
    """Facts that could not be delivered, the oldest first, for whoever runs the house."""
    rows = Outbox.objects.filter(due_at__year__gte=BEYOND_YEAR).order_by("fact_id")
    fields = ("fact_id", "fact__kind", "attempts", "error")
    return [ParkedFact(*row) for row in rows.values_list(*fields)[:limit]]
