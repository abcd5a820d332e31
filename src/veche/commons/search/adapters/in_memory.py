"""The plain twin: a few sets in memory, for tests and consoles."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from veche.commons.search.adapters.keys import Keys, keys_of, lemma_keys, scope_mark, stem_key
from veche.commons.search.terms import Followed, Hit, NewDocument, Page, Question, Scope
from veche.kernel.refs import SubjectRef


@dataclass(frozen=True, slots=True)
class _Kept:
    entry: NewDocument
    keys: Keys


class IndexInMemory:
    """Looks through all entries, one after another; forgets them with the process."""

    def __init__(self) -> None:
        """Empty, and to be built anew."""
        self._kept: dict[UUID, _Kept] = {}
        self._followed: Followed | None = None

    def find(self, question: Question, scope: Scope, page: Page) -> list[Hit]:
        """The page of hits; the score is how often the words are said."""
        hits = []
        for kept in self._kept.values():
            entry = kept.entry
            if entry.city_id != scope.city_id or (scope.kinds and entry.ref.kind not in scope.kinds):
                continue
            score = _score(question, kept)
            if score:
                hits.append((score, entry))
        if any(score >= _ALL for score, _ in hits):
            hits = [(score, entry) for score, entry in hits if score >= _ALL]
        hits.sort(key=lambda hit: (hit[0] if not page.newest else 0, hit[1].happened_at), reverse=True)
        return [Hit(entry.ref.kind, entry.ref.id, score) for score, entry in hits[page.offset : page.end]]

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """There is nobody else."""
        yield True

    def followed(self) -> Followed | None:
        """How far it has come."""
        return self._followed

    def change(self, entries: Sequence[NewDocument], gone: Sequence[SubjectRef], followed: Followed) -> None:
        """Put in, take out, remember."""
        for ref in gone:
            self._kept.pop(ref.id, None)
        for entry in entries:
            self._kept[entry.ref.id] = _Kept(entry, keys_of(entry))
        self._followed = followed

    def rebuild(self, entries: Iterable[NewDocument], followed: Followed) -> int:
        """Begin anew."""
        self._kept = {entry.ref.id: _Kept(entry, keys_of(entry)) for entry in entries}
        self._followed = followed
        return len(self._kept)

    def size(self) -> int:
        """How many entries can be found."""
        return len(self._kept)


_ALL = 1_000.0  # more than any text says its words


def _score(question: Question, kept: _Kept) -> float:
    mark = scope_mark(kept.entry.city_id, kept.entry.ref.kind)
    if question.number and mark + question.number in kept.keys.numbers:
        return 2 * _ALL
    lemmas, stems = Counter(kept.keys.lemmas), Counter(kept.keys.stems)
    said = [
        max(stems[mark + stem_key(word)], *(lemmas[mark + key] for key in lemma_keys(word)))
        for word in question.words
    ]
    return min(sum(said), _ALL / 2) + (_ALL if said and all(said) else 0.0)
