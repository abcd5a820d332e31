"""Who hears of facts, and how their delivery stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from veche.commons.journal.terms.lines import FactLine
from veche.kernel.facts import Fact

Handler = Callable[..., None]
OUTBOX = "journal.outbox"


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants to know of one kind of fact. `name` is kept with the delivery: never change it."""

    name: str
    fact: type[Fact]
    handler: Handler


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How delivery stands: facts that wait, since when the oldest does, and facts that were parked."""

    waiting: int
    oldest_at: datetime | None
    parked: int


@dataclass(frozen=True, slots=True)
class UndeliveredFact:
    """A fact that could not be delivered; `error` names listeners, exception classes and codes, never data of people.

    `due_at` is None when it was parked: then only a person lets it try again.
    """

    line: FactLine
    attempts: int
    error: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rerun:
    """What became of facts that were tried again: how many arrived, wait for their turn, failed again."""

    at: datetime
    count: int
    waiting: int
    failed: int

    @property
    def arrived(self) -> int:
        """Those that everybody has heard by now."""
        return self.count - self.waiting - self.failed
