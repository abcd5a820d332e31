"""The words of search: what is found, what is asked, and what is written into an index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from veche.kernel.refs import SubjectRef

BEGINNING = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. Pages read its row by id; the score only tells the order."""

    kind: str
    subject_id: UUID
    score: float


@dataclass(frozen=True, slots=True)
class Question:
    """What a person typed, understood: the words that carry meaning, and a number if it is one."""

    words: tuple[str, ...] = ()
    number: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.words and not self.number


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: one city, and in it these kinds of subject, or all when there are none."""

    city_id: UUID
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the hits; `newest` orders by time instead of by meaning."""

    limit: int = 20
    offset: int = 0
    newest: bool = False

    @property
    def end(self) -> int:
        """One behind the last hit of the page."""
        return self.offset + self.limit


@dataclass(frozen=True, slots=True)
class NewDocument:
    """The words of one subject: as a room puts them, and as an index takes them."""

    ref: SubjectRef
    city_id: UUID
    number: str
    title: str
    body: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """How far an index has followed the documents.

    All revisions up to `read_on` are in it. Behind it, where transactions may still come in out of order,
    `seen` names the revision of each subject that is in it already.
    """

    read_on: UUID = BEGINNING
    seen: Mapping[UUID, UUID] = field(default_factory=dict)
