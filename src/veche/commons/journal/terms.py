"""The words of the journal: lines of the public list, listeners, and what is told of a fact."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from veche.kernel.calendar import WorkCalendar
from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef
from veche.kernel.words import N_

Handler = Callable[..., None]
OUTBOX = "journal.outbox"


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants to know of one kind of fact. `name` is kept with the delivery: never change it."""

    name: str
    fact: type[Fact]
    handler: Handler


@dataclass(frozen=True, slots=True)
class PrivateFact:
    """A fact with values that only its `owner` may read; see `services.record`."""

    fact: Fact
    private: Mapping[str, Any] = field(default_factory=dict)
    owner: UUID | None = None


class Recorded(NamedTuple):
    """A fact that was recorded just now, and what the log will hold of it."""

    id: UUID
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as the public list reads it."""

    id: UUID
    kind: str
    ref: SubjectRef
    city_id: UUID | None
    at: datetime
    body: Mapping[str, Any]
    private: Mapping[str, str] = field(default_factory=dict)
    leaf_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a fact: an English msgid and its figures; a figure may be names in several languages."""

    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)


class CityChoice(Protocol):
    """A city as the journal needs it; the directory of places has more."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - the field of the city

    @property
    def code(self) -> str: ...  # noqa: D102 - the field of the city

    @property
    def names(self) -> Mapping[str, str]: ...  # noqa: D102 - the field of the city

    @property
    def calendar(self) -> WorkCalendar: ...  # noqa: D102 - the field of the city


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesReleased(Fact):
    """An administrator let facts be delivered again that had failed; `facts` are their ids."""

    count: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SequencerState:
    """How the log stands: facts that wait for a place, since when the oldest does, its size, what stops it.

    `refused_by` names witnesses that say they have seen another log of ours.
    """

    waiting: int
    oldest_at: datetime | None
    size: int
    trouble: str = ""
    refused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves one fact. Without a `position` it is not in the log yet, and the promise counts.

    `entry` is its entry in the log; `promise` and `checkpoint` are signed notes; `key` is the log's verifier key.
    """

    code: str
    fact_id: UUID
    origin: str
    key: str
    entry: bytes
    leaf_hash: bytes
    promise: str
    position: int | None = None
    proof: tuple[bytes, ...] = ()
    checkpoint: str = ""


class PromiseView(NamedTuple):
    """What is handed out at once when an act is acknowledged; `note` is the signed promise."""

    code: str
    fact_id: UUID
    leaf_hash: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one private field: its salt, and the value that was committed to."""

    salt: bytes
    value: Any


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


class Standstill(Exception):  # noqa: N818 - a state of the log and no mistake of the program
    """The log must not grow: what is kept is not what was acknowledged or published. `code` says what."""

    def __init__(self, code: str, about: object = "") -> None:
        """`about` names a fact or a tile."""
        super().__init__(f"{code} {about}".strip())
        self.code = code


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


JOURNAL = "journal.journal"
FACT, KEY = "journal.fact", "journal.key"
# Files of the log beside its tiles: the newest checkpoint, the one the public sees, what stops the sequencer.
LATEST, PUBLISHED, TROUBLE = "latest", "checkpoint", "trouble"
# And how the witnesses stand.
WITNESSED = "witnessed"
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
ERASE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "person": N_("the person asked for it"),
        "court": N_("a court ordered it"),
        "retention": N_("the term for keeping it ran out"),
    }
)
FACTS: tuple[type[Fact], ...] = (FactAltered, ValuesErased, Restored, DeliveriesReleased)

Addresses = Callable[[Iterable[SubjectRef]], Mapping[SubjectRef, str]]
OpenFields = Callable[[Iterable[SubjectRef]], Mapping[SubjectRef, frozenset[str]]]
Teller = Callable[[FactLine], Told | None]
Cities = Callable[[], Iterable[CityChoice]]

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "journal.unknown-city": N_(
            "There is no such city here. Look at the list of cities on the first page."
        ),
        "journal.FactAltered": N_(
            "A line was not what had been acknowledged when it should have entered the log."
            " Whoever has its receipt can prove it."
        ),
        "journal.ValuesErased": N_("Private values were erased for good: %(reason)s."),
        "journal.Restored": N_("The house was restored from a backup made when the log had %(size)s lines."),
        "journal.DeliveriesReleased": N_(
            "Facts that had not reached everybody were sent on their way again: %(count)s."
        ),
    }
)
