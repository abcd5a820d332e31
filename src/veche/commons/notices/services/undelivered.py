"""Letters that were given up: kept for a while, for whoever can mend the cause."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from veche.commons.journal import services as journal
from veche.commons.notices.models import Letter
from veche.commons.notices.terms import (
    LETTERS,
    LONG_USEFUL,
    TOO_LATE,
    UNDELIVERED_KEPT,
    LettersLetGo,
    LettersReleased,
)
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_LONGEST_WHY = 60


@transaction.atomic
def letter_given_up(letter_id: UUID, why: str, *, now: datetime) -> None:
    """Keep a letter that will not be tried again by itself; `why` is a class or a code of the post.

    Units: now is UTC. Refuses: never.
    """
    Letter.objects.filter(id=letter_id, gave_up_at=None).update(
        gave_up_at=now, why=why[:_LONGEST_WHY], due_at=NEVER
    )


@transaction.atomic
def expire_letters(*, now: datetime) -> int:
    """Give up letters whose time is over; codes and the like, which help nobody any more, are thrown away.

    Units: now is UTC. Refuses: never.
    """
    late = Letter.objects.filter(until_at__lte=now, gave_up_at=None)
    gone, _ = late.filter(until_at__lt=F("created_at") + LONG_USEFUL).delete()
    return gone + late.update(gave_up_at=now, why=TOO_LATE, due_at=NEVER)


@transaction.atomic
def release_letters(
    *, now: datetime, city_id: UUID | None = None, letter_ids: Iterable[UUID] | None = None
) -> int:
    """Send letters that were given up on their way again, those of a city and of none; answers how many.

    Without a city those of every city, without ids all of them. They are useful as long again as when they were
    written. Units: now is UTC. Refuses: never; letters that are gone are left out.
    """
    rows = _given_up(city_id, letter_ids).select_for_update()
    ids = list(rows.values_list("id", flat=True))
    count = Letter.objects.filter(id__in=ids).update(
        until_at=now + (F("until_at") - F("created_at")),
        created_at=now,
        due_at=now,
        attempts=0,
        gave_up_at=None,
        why="",
    )
    return _recorded(LettersReleased, count, city_id, now)


@transaction.atomic
def let_letters_go(
    *, now: datetime, city_id: UUID | None = None, letter_ids: Iterable[UUID] | None = None
) -> int:
    """Throw away letters that were given up; answers how many. Whose they are is chosen as for `release_letters`.

    Units: now is UTC. Refuses: never.
    """
    count, _ = _given_up(city_id, letter_ids).delete()
    return _recorded(LettersLetGo, count, city_id, now)


@transaction.atomic
def purge_undelivered(*, now: datetime) -> int:
    """Throw away what was given up 30 days ago; answers how many.

    Units: now is UTC. Refuses: never.
    """
    gone, _ = Letter.objects.filter(gave_up_at__lte=now - UNDELIVERED_KEPT).delete()
    return gone


def _given_up(city_id: UUID | None, letter_ids: Iterable[UUID] | None) -> QuerySet[Letter]:
    rows = Letter.objects.filter(gave_up_at__isnull=False)
    if city_id is not None:
        rows = rows.filter(Q(city_id=city_id) | Q(city_id=None))
    return rows if letter_ids is None else rows.filter(id__in=list(letter_ids))


def _recorded(
    kind: type[LettersReleased] | type[LettersLetGo], count: int, city_id: UUID | None, now: datetime
) -> int:
    if count:
        fact: Fact = kind(ref=SubjectRef(LETTERS, new_id()), at=now, city_id=city_id, count=count)
        journal.record(fact)
    return count
