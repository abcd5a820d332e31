"""What the workers of the crew do: all of it takes a while and is written down."""

import os
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.faults.crew.diary import written

# Slow is nearly half of what a job may take.
SLOW_S = 0.4 * int(os.environ.get("CREW_HURRY_S") or 4)
QUICK_S, SWEEP_S = 0.005, 1.5 * SLOW_S


def slow(number: int) -> None:
    """A job so slow that others, fetched ahead of time, wait long behind it."""
    with written(f"job:{number}"):
        time.sleep(SLOW_S)


def quick(number: int) -> None:
    """A job as most are."""
    with written(f"job:{number}"):
        time.sleep(QUICK_S)


def sweep(now: datetime) -> None:
    """A sweep."""
    with written("sweep"):
        time.sleep(SWEEP_S)


def fail(words: str) -> None:
    """A job that fails with what somebody typed."""
    raise ValueError(words)


def hear(fact: Any, *, fact_id: UUID, now: datetime) -> None:
    """A listener; some facts are too much for it."""
    if fact.places < 0:
        raise KeyError(fact.city)
    with written(f"fact:{fact_id.hex}"):
        time.sleep(QUICK_S)
