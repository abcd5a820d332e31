"""What search needs of the outside world: an index, and which one is in use in this process."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from veche.commons.search.terms import Followed, Hit, NewDocument, Page, Question, Scope
from veche.kernel.refs import SubjectRef


class Index(Protocol):
    """A node's own index of documents; it may be lost at any time and is then built anew."""

    def find(self, question: Question, scope: Scope, page: Page) -> list[Hit]:
        """The page of hits, best first; an index that is not there yet finds nothing."""

    def alone(self) -> AbstractContextManager[bool]:
        """Be the only writer of this index on this node; False when another one is."""

    def followed(self) -> Followed | None:
        """How far it has come; None when it is missing, damaged or of an older make and must be built anew."""

    def change(self, entries: Sequence[NewDocument], gone: Sequence[SubjectRef], followed: Followed) -> None:
        """Put entries in, each in place of its forerunner, take others out, and remember how far it has come."""

    def rebuild(self, entries: Iterable[NewDocument], followed: Followed) -> int:
        """Build a new index beside the old one and put it in its place at once; how many entries it holds."""

    def size(self) -> int:
        """How many entries can be found."""


@dataclass(slots=True)
class Equipment:
    """The index of this process; `apps.py` sets it, tests may change it."""

    index: Index | None = None

    def need_index(self) -> Index:
        """The index, which must have been set."""
        if self.index is None:
            raise RuntimeError("search has no index: is veche.commons.search in INSTALLED_APPS?")
        return self.index


EQUIPMENT = Equipment()
