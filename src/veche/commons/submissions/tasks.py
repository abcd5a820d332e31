"""What submissions do again and again."""

from datetime import datetime

from veche.commons.submissions import services


def sweep_drafts(now: datetime) -> int:
    """Let go of drafts that nobody touched for a fortnight."""
    return services.sweep_drafts(now)
