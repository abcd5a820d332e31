"""What accounts do again and again."""

from datetime import datetime

from veche.commons.accounts import services


def sweep_unconfirmed(now: datetime) -> int:
    """Let go of accounts that were asked for and never confirmed."""
    return services.sweep_unconfirmed(now)
