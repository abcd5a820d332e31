"""Forgetting a person: the key is destroyed, and with it everything that was locked with it, in every copy."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.services.recording import record
from veche.commons.journal.terms import KEY, ValuesErased
from veche.kernel.refs import SubjectRef


@transaction.atomic
def erase_values(owner: UUID, *, reason: str, role: str, now: datetime) -> None:
    """Record that the private values locked with a key are erased.

    The key goes with the commit. Should the house die between the two, the delivery of the fact destroys the key.
    Units: now is UTC. Refuses: never.
    """
    record(ValuesErased(ref=SubjectRef(KEY, owner), at=now, reason=reason, role=role))
    transaction.on_commit(lambda: EQUIPMENT.ring.destroy(owner))


def destroy_key(fact: ValuesErased, *, fact_id: UUID, now: datetime) -> None:
    """Destroy the key of erased values, should it still be there. Harmless to repeat."""
    del fact_id, now
    if EQUIPMENT.ring.known_keys([fact.ref.id]):
        EQUIPMENT.ring.destroy(fact.ref.id)
