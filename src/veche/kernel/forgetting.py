"""Forgetting a person: what each room is told when it has to let go of somebody's data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A person to be forgotten. `email` is told so that what only bears the address can be found too."""

    person_id: UUID
    email: str


# Called inside the one transaction in which all rooms forget: `forget(person, now=now)`.
Forget = Callable[[Forgotten, datetime], None]
