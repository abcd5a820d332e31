"""Facts as they are handed over, and as the public list reads and tells them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from veche.kernel.calendar import WorkCalendar
from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef


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


Addresses = Callable[[Iterable[SubjectRef]], Mapping[SubjectRef, str]]
OpenFields = Callable[[Iterable[SubjectRef]], Mapping[SubjectRef, frozenset[str]]]
Teller = Callable[[FactLine], Told | None]
Cities = Callable[[], Iterable[CityChoice]]
