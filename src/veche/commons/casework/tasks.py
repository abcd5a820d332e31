"""What the worker calls."""

from datetime import datetime

from veche.commons.casework import services


def sweep_deadlines(now: datetime) -> int:
    """Mark what was missed."""
    return services.sweep_deadlines(now)


def sweep_pace(now: datetime) -> int:
    """Count how fast offices answer."""
    return services.sweep_pace(now)
