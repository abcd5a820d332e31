"""What the worker calls."""

from datetime import datetime

from django.utils import timezone

from veche.commons.journal import services


def deliver_outbox(now: datetime | None = None, limit: int = 500) -> int:
    """Deliver facts to their listeners; answers how many."""
    return services.deliver(now=now or timezone.now(), limit=limit)


def purge_deliveries(now: datetime) -> int:
    """Forget old deliveries."""
    return services.purge_deliveries(now=now)
