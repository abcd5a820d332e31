"""Facts that could not be delivered, tried again by whoever mended the cause. Each such act is a fact itself."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from veche.commons.journal import queries
from veche.commons.journal.models import Outbox
from veche.commons.journal.services.recording import record
from veche.commons.journal.terms import OUTBOX, DeliveriesReleased
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

# One act names what it tried again, so it stays within what a line of the journal may hold.
AT_ONCE = 200


@transaction.atomic
def release(fact_id: UUID, *, now: datetime, city_id: UUID | None = None) -> int:
    """Try one fact again that failed or was parked; answers 1, or 0 when it is delivered or belongs to another city.

    Units: now is UTC; without a city whatever city it belongs to. Refuses: never.
    """
    return _release(queries.undelivered(city_id).filter(fact_id=fact_id), city_id, now)


@transaction.atomic
def release_parked(*, now: datetime, city_id: UUID | None = None) -> int:
    """Try everything again that failed or was parked, of one city and of none, or of all; answers how many.

    At most 200 in one act, the oldest first; the next act takes the next ones. Units: now is UTC. Refuses: never.
    """
    return _release(queries.undelivered(city_id), city_id, now)


def _release(rows: QuerySet[Outbox], city_id: UUID | None, now: datetime) -> int:
    ids = list(rows.order_by("fact_id").values_list("fact_id", flat=True)[:AT_ONCE])
    # What was delivered meanwhile is gone and stays so.
    count = Outbox.objects.filter(fact_id__in=ids).update(due_at=now, attempts=0, error="")
    if count:
        named = tuple(str(one) for one in ids)
        record(
            DeliveriesReleased(
                ref=SubjectRef(OUTBOX, new_id()), at=now, city_id=city_id, count=count, facts=named
            )
        )
    return count
