"""The words of the journal: lines of the public list, listeners, and what is told of a fact."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from veche.kernel.calendar import WorkCalendar
from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef
from veche.kernel.words import N_

Handler = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants to know of one kind of fact. `name` is kept with the delivery: never change it."""

    name: str
    fact: type[Fact]
    handler: Handler


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as the public list reads it."""

    id: UUID
    kind: str
    ref: SubjectRef
    city_id: UUID | None
    at: datetime
    body: Mapping[str, Any]


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
class ParkedFact:
    """A fact that could not be delivered; `error` names exception classes and codes, never data of people."""

    fact_id: UUID
    kind: str
    attempts: int
    error: str


Addresses = Callable[[Iterable[SubjectRef]], Mapping[SubjectRef, str]]
Teller = Callable[[FactLine], Told | None]
Cities = Callable[[], Iterable[CityChoice]]

SENTENCES: Mapping[str, str] = MappingProxyType(
    {"journal.unknown-city": N_("There is no such city here. Look at the list of cities on the first page.")}
)
