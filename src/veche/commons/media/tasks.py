"""Media's repeated work."""

from datetime import datetime

from django.utils import timezone

from veche.commons.media import services


def sweep_orphans(now: datetime | None = None) -> int:
    """Remove what nobody owns any more; safe to miss and to repeat."""
    return services.sweep_orphans(now or timezone.now())
