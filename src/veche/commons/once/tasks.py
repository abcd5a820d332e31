"""What is done again and again about answers that were given."""

from datetime import datetime

from veche.commons.once import services


def sweep_answers(now: datetime) -> int:
    """Delete answers nobody will ask for again."""
    return services.sweep_answers(now)
