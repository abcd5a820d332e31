"""The journal about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from veche.kernel.facts import Fact
from veche.kernel.words import N_

JOURNAL = "journal.journal"
FACT, KEY = "journal.fact", "journal.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesReleased(Fact):
    """An administrator let facts be delivered again that had failed; `facts` are their ids."""

    count: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactAltered(Fact):
    """A fact was not what had been acknowledged when its turn came to enter the log. `ref` names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesErased(Fact):
    """Private values of facts were destroyed with their key: nobody can open their commitments any more.

    `ref` names the key; how many facts they were of stays untold, so that nobody learns how active somebody was.

    `reason` is a code of `ERASE_REASONS`, `role` who asked for it.
    """

    reason: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Fact):
    """The house was restored from a backup; the log may be shorter than what was seen of it before."""

    size: int
    root: str
    made_at: datetime


ERASE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "person": N_("the person asked for it"),
        "court": N_("a court ordered it"),
        "retention": N_("the term for keeping it ran out"),
    }
)
FACTS: tuple[type[Fact], ...] = (FactAltered, ValuesErased, Restored, DeliveriesReleased)
