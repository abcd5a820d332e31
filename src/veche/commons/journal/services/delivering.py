"""Delivery: every listener hears of every fact at least once, and what it does for it happens exactly once.

A fact is claimed by pushing its `due_at` forward, so that a second worker leaves it alone and a worker that dies
gives it back after the lease. The listener's work and its row of `Delivery` are one transaction: that row, and not
the claim, is what keeps two workers from doing the same work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from veche.commons.journal.models import Delivery, FactRow, Outbox
from veche.commons.journal.services.listening import fact_type, listeners_of
from veche.commons.journal.terms import Listener
from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refused

BATCH = 50
MOST_ATTEMPTS = 20
LEASE = timedelta(minutes=2)
FIRST_DELAY_S = 2
LONGEST_DELAY = timedelta(hours=1)
PARKED_AT = datetime(9000, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=90)
UNKNOWN = "unknown-kind"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class _Failure:
    listener: str
    error: str

    def __str__(self) -> str:
        return f"{self.listener}: {self.error}"


def deliver(*, now: datetime, limit: int) -> int:
    """Deliver what is due, oldest first, at most `limit` facts; answers how many were delivered to everybody.

    Refuses: never; what fails is tried again later and later, and parked after `MOST_ATTEMPTS`.
    """
    done = tried = 0
    while tried < limit:
        claimed = _claim(min(BATCH, limit - tried), now=now)
        if not claimed:
            break
        tried += len(claimed)
        done += sum(_deliver(fact_id, now=now) for fact_id in claimed)
    return done


def purge_deliveries(*, now: datetime, batch: int = 5_000) -> int:
    """Forget deliveries older than 90 days, except those of facts that still wait; answers how many.

    Refuses: never.
    """
    total = 0
    while gone := _purge_batch(now - KEPT, batch):
        total += gone
    return total


@transaction.atomic
def _claim(limit: int, *, now: datetime) -> list[UUID]:
    # What is due later than any delay allows was put off by a clock that has been set back since.
    astray = Q(due_at__gt=now + LONGEST_DELAY + LEASE, due_at__lt=PARKED_AT)
    rows = Outbox.objects.filter(Q(due_at__lte=now) | astray).order_by("fact_id")
    rows = rows.select_for_update(skip_locked=True)
    claimed = list(rows.values_list("fact_id", flat=True)[:limit])
    Outbox.objects.filter(fact_id__in=claimed).update(due_at=now + LEASE)
    return claimed


def _deliver(fact_id: UUID, *, now: datetime) -> bool:
    row = FactRow.objects.filter(pk=fact_id).first()
    if row is None:  # another worker finished it
        return False
    kind = fact_type(row.kind)
    if kind is None:
        return _put_off(fact_id, [_Failure(row.kind, UNKNOWN)], now=now, park=True)
    try:
        ref = SubjectRef(row.subject_kind, row.subject_id)
        fact = kind.from_body(row.body, ref=ref, at=row.at, city_id=row.city_id)
    except (TypeError, ValueError, KeyError):
        # Written by a newer or older house: kept until a house that can read it comes.
        return _put_off(fact_id, [_Failure(row.kind, UNREADABLE)], now=now, park=True)
    try:
        failures = _to_all(fact, fact_id, now=now)
    except Exception:  # noqa: BLE001 - a commit that fails names no listener, so each gets its own
        failures = _to_each(fact, fact_id, now=now)
    return _put_off(fact_id, failures, now=now) if failures else True


@transaction.atomic
def _to_all(fact: Fact, fact_id: UUID, *, now: datetime) -> list[_Failure]:
    """One transaction for the whole fact, a savepoint for each listener: one commit on the disk instead of many."""
    if not Outbox.objects.select_for_update().filter(pk=fact_id).exists():
        return []
    failures = [
        failure for one in listeners_of(fact.kind) if (failure := _to_one(one, fact, fact_id, now=now))
    ]
    if not failures:
        Outbox.objects.filter(pk=fact_id).delete()
    return failures


def _to_each(fact: Fact, fact_id: UUID, *, now: datetime) -> list[_Failure]:
    failures = [
        failure for one in listeners_of(fact.kind) if (failure := _to_one(one, fact, fact_id, now=now))
    ]
    if not failures:
        Outbox.objects.filter(pk=fact_id).delete()
    return failures


def _to_one(listener: Listener, fact: Fact, fact_id: UUID, *, now: datetime) -> _Failure | None:
    try:
        with transaction.atomic():
            if _enter(fact_id, listener.name, now=now):
                listener.handler(fact, fact_id=fact_id, now=now)
    except Exception as error:  # noqa: BLE001 - whatever a listener does wrong must not reach the others
        return _Failure(listener.name, error_code(error))
    return None


def _enter(fact_id: UUID, listener: str, *, now: datetime) -> bool:
    """Write that a listener handles a fact; False when it has. A second worker waits here for the first one."""
    if Delivery.objects.filter(fact_id=fact_id, listener=listener).exists():
        return False
    try:
        with transaction.atomic():
            Delivery.objects.create(fact_id=fact_id, listener=listener, at=now)
    except IntegrityError:
        return False
    return True


def error_code(error: BaseException) -> str:
    """The class of an error and its code: messages may hold data of people, so they are never kept.

    Refuses: never.
    """
    if isinstance(error, Refused):
        return f"Refused {', '.join(error.codes)}"
    state = getattr(error.__cause__, "sqlstate", None) or getattr(error.__cause__, "sqlite_errorname", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


@transaction.atomic
def _put_off(fact_id: UUID, failures: Sequence[_Failure], *, now: datetime, park: bool = False) -> bool:
    row = Outbox.objects.select_for_update().filter(pk=fact_id).first()
    if row is None:
        return False
    row.attempts += 1
    row.error = "; ".join(str(failure) for failure in failures)[:1000]
    row.due_at = PARKED_AT if park or row.attempts >= MOST_ATTEMPTS else now + delay(row.attempts)
    row.save(update_fields=["attempts", "error", "due_at"])
    return False


def delay(attempts: int) -> timedelta:
    """How long a fact waits after so many failures: twice as long each time, an hour at most.

    Refuses: never.
    """
    return min(LONGEST_DELAY, timedelta(seconds=FIRST_DELAY_S * 2 ** min(attempts - 1, 20)))


@transaction.atomic
def _purge_batch(before: datetime, batch: int) -> int:
    # Ids grow with time, so the old rows stand at the beginning and no index over time is needed.
    oldest = list(Delivery.objects.order_by("id").values_list("id", "at", "fact_id")[:batch])
    waiting = set(Outbox.objects.values_list("fact_id", flat=True))
    old = [row_id for row_id, at, fact_id in oldest if at < before and fact_id not in waiting]
    if old:
        Delivery.objects.filter(pk__in=old).delete()
    return len(old)
