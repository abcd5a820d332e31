"""Witnesses of this log, and logs that a witness of ours watches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from veche.kernel.words import N_


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody outside who cosigns checkpoints: a name for people, an address, and a verifier key."""

    name: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """The witnesses of this log, and how many of them must have signed before a checkpoint is shown."""

    witnesses: tuple[Witness, ...] = ()
    needed: int = 0


NO_WITNESSES = WitnessPolicy()
# What may be the matter with a witness. The first two are alarms: it says it has seen another log of ours.
REFUSED, AHEAD = "refused", "ahead"
UNREACHABLE, UNCLEAR, UNKNOWN_THERE = "unreachable", "unclear", "unknown-there"
ALARMS = frozenset({REFUSED, AHEAD})
WITNESS_TROUBLES: Mapping[str, str] = MappingProxyType(
    {
        REFUSED: N_("it refuses to sign: what we show is not a continuation of what it signed before"),
        AHEAD: N_("it refuses to sign: it has signed a longer journal than the one we have"),
        UNREACHABLE: N_("it does not answer just now"),
        UNCLEAR: N_("it answers in a way we do not understand"),
        UNKNOWN_THERE: N_("it does not watch this journal yet"),
    }
)


@dataclass(frozen=True, slots=True)
class WitnessState:
    """How a witness of this log stands: the size it has signed last and when, and what is the matter with it.

    `trouble` is a word of `WITNESS_TROUBLES` or empty; `alarm` says that it has seen another log of ours.
    """

    key: str
    size: int = 0
    signed_at: datetime | None = None
    trouble: str = ""
    failures: int = 0

    @property
    def alarm(self) -> bool:
        """Whether it is about the log and not about the line."""
        return self.trouble in ALARMS


@dataclass(frozen=True, slots=True)
class WitnessReply:
    """What came over the line from a witness: a status of HTTP, its kind, and the beginning of its body."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log that a witness of ours watches: its verifier keys, the last checkpoint it cosigned, and when."""

    origin: str
    keys: tuple[str, ...]
    size: int = 0
    root: bytes = b""
    cosigned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two signed notes of one log that do not belong together, as a witness met them. `kind` says how sure it is."""

    origin: str
    kind: str
    known: str
    offered: str
    at: datetime
