"""How delivery stands: what waits, what failed, and what became of what was tried again."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from veche.commons.journal.models import FactRow, Outbox
from veche.commons.journal.terms import DeliveriesReleased, FactLine, OutboxState, Rerun, UndeliveredFact
from veche.kernel.refs import SubjectRef

PAGE = 50
# Parked facts stand beyond every real moment; see services/delivering.py.
BEYOND = datetime(8999, 1, 1, tzinfo=UTC)
_LINE = ("id", "kind", "subject_kind", "subject_id", "city_id", "at", "body", "sealed", "leaf_hash")


def outbox_state() -> OutboxState:
    """How many facts wait, since when, and how many were parked; for the health page."""
    parked = Q(due_at__gte=BEYOND)
    found = Outbox.objects.aggregate(
        waiting=Count("pk", filter=~parked),
        oldest_at=Min("fact__at", filter=~parked),
        parked=Count("pk", filter=parked),
    )
    return OutboxState(**found)


def undelivered(city_id: UUID | None = None) -> QuerySet[Outbox]:
    """What failed at least once or was parked, of one city and of none, or of all."""
    rows = Outbox.objects.filter(Q(attempts__gt=0) | Q(due_at__gte=BEYOND))
    return rows if city_id is None else rows.filter(Q(fact__city_id=city_id) | Q(fact__city_id=None))


def undelivered_facts(
    city_id: UUID | None = None, *, after: UUID | None = None, limit: int = PAGE
) -> list[UndeliveredFact]:
    """A page of facts that could not be delivered yet, the oldest first, after the last one of the page before."""
    rows = undelivered(city_id)
    if after is not None:
        rows = rows.filter(fact_id__gt=after)
    fields = ("attempts", "error", "due_at", *(f"fact__{name}" for name in _LINE))
    page = rows.order_by("fact_id").values_list(*fields)[:limit]
    return [
        UndeliveredFact(
            FactLine(fact_id, kind, SubjectRef(subject_kind, subject), city, at, body, sealed, bytes(leaf)),
            attempts,
            error,
            due_at if due_at < BEYOND else None,
        )
        for attempts, error, due_at, fact_id, kind, subject_kind, subject, city, at, body, sealed, leaf in page
    ]


def reruns(city_id: UUID | None = None, limit: int = 5) -> list[Rerun]:
    """What became of what was tried again lately, of one city or of all, the newest first."""
    rows = FactRow.objects.filter(kind=DeliveriesReleased.kind)
    if city_id is not None:
        rows = rows.filter(city_id=city_id)
    return [_rerun(at, body["facts"]) for at, body in rows.order_by("-id").values_list("at", "body")[:limit]]


def _rerun(at: datetime, fact_ids: list[str]) -> Rerun:
    failed = Q(attempts__gt=0) | Q(due_at__gte=BEYOND)
    still = Outbox.objects.filter(fact_id__in=[UUID(one) for one in fact_ids])
    found = still.aggregate(waiting=Count("pk", filter=~failed), failed=Count("pk", filter=failed))
    return Rerun(at, len(fact_ids), **found)
