"""The index on disk, by tantivy.

`<folder>/current` names the folder of the index in use; a new one is built beside it and takes its place by one
rename. `<index>/followed.json` tells how far it has come; it is written after the commit, so that a crash in
between repeats work and loses none.
"""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import structlog
import tantivy

from veche.commons.search.adapters.keys import Keys, keys_of, lemma_keys, scope_mark, stem_key
from veche.commons.search.terms import Followed, Hit, NewDocument, Page, Question, Scope
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

MAKE = "v1"  # another make of the schema or of the keys: every node builds its index anew
_HEAP = 50_000_000
_ENOUGH = 20
_SURE = 1_000.0
_LOW = (1 << 64) - 1
_log = structlog.get_logger(__name__)
_COLUMNS = ("kind", "high", "low")
_Build = Callable[[str, Sequence[str]], tantivy.Query]
_Must, _Should = tantivy.Occur.Must, tantivy.Occur.Should


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("ref", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("scope", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("lemmas", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("numbers", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("at", fast=True)
    # What a hit is made of lies in columns: read for five hundred hits at once in the time of a dozen stored texts.
    for column in _COLUMNS:
        builder.add_unsigned_field(column, fast=True)
    return builder.build()


_SCHEMA = _schema()


@dataclass(frozen=True, slots=True)
class _Open:
    """An index opened for reading, as it was at `stamp`."""

    stamp: tuple[str, int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher
    scopes: tuple[str, ...]
    kinds: Mapping[int, str]


class IndexOnDisk:
    """A tantivy index in a folder of this node."""

    def __init__(self, folder: Path) -> None:
        """Nothing is opened or made before it is needed."""
        self._folder = folder
        self._open: _Open | None = None
        self._pid = os.getpid()
        self._lock = threading.Lock()

    def find(self, question: Question, scope: Scope, page: Page) -> list[Hit]:
        """The page of hits; nothing while there is no index, or when it cannot be read."""
        try:
            opened = self._reader()
            return _find(opened, question, scope, page) if opened else []
        except (ValueError, OSError) as problem:
            _log.warning("search.unreadable", problem=str(problem))
            self._open = None
            return []

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the lock of the folder; the system lets go of it when a process dies."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def followed(self) -> Followed | None:
        """How far it has come; None when it must be built anew."""
        home = self._home()
        if home is None:
            return None
        try:
            state = json.loads((home / "followed.json").read_text())
            if self._reader() is None:
                return None
            seen = {UUID(subject): UUID(revision) for subject, revision in state["seen"].items()}
            return Followed(UUID(state["read_on"]), seen)
        except (ValueError, OSError, KeyError, TypeError, AttributeError) as problem:
            _log.warning("search.damaged", problem=str(problem))
            self._open = None
            return None

    def change(self, entries: Sequence[NewDocument], gone: Sequence[SubjectRef], followed: Followed) -> None:
        """Write what changed in one commit, then how far that is."""
        home = self._home()
        assert home is not None
        if entries or gone:
            index = _opened(home)
            writer = index.writer(_HEAP, 1)
            for ref in (*gone, *(entry.ref for entry in entries)):
                writer.delete_documents_by_term("ref", str(ref))
            for entry in entries:
                writer.add_document(_document(entry, keys_of(entry)))
            writer.commit()
            writer.wait_merging_threads()
        _write(home / "followed.json", _state(followed))

    def rebuild(self, entries: Iterable[NewDocument], followed: Followed) -> int:
        """Build in a new folder, switch, and clear away all others."""
        home = self._folder / f"{MAKE}-{new_id().hex}"
        home.mkdir(parents=True)
        writer = _opened(home).writer(_HEAP, 1)
        count = 0
        for entry in entries:
            writer.add_document(_document(entry, keys_of(entry)))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        _write(home / "followed.json", _state(followed))
        _write(self._folder / "current", home.name)
        for other in self._folder.glob("v*-*"):
            if other != home:
                shutil.rmtree(other, ignore_errors=True)
        return count

    def size(self) -> int:
        """How many entries can be found."""
        opened = self._reader()
        return opened.searcher.num_docs if opened else 0

    def _home(self) -> Path | None:
        try:
            name = (self._folder / "current").read_text().strip()
        except (OSError, ValueError):
            return None
        home = self._folder / name
        return home if name.startswith(f"{MAKE}-") and "/" not in name and home.is_dir() else None

    def _reader(self) -> _Open | None:
        """The index as it lies on disk now: two looks at the file system when nothing changed."""
        home = self._home()
        if home is None:
            return None
        with suppress(FileNotFoundError):
            changed = (home / "meta.json").stat()
            stamp = (home.name, changed.st_mtime_ns, changed.st_ino)
            opened = self._open
            if opened is None or opened.stamp != stamp or self._pid != os.getpid():
                with self._lock:
                    opened = self._reopened(home, stamp)
            return opened
        return None

    def _reopened(self, home: Path, stamp: tuple[str, int, int]) -> _Open:
        before = self._open
        if before is not None and before.stamp == stamp and self._pid == os.getpid():
            return before
        if before is not None and before.stamp[0] == home.name and self._pid == os.getpid():
            index = before.index
            index.reload()
        else:
            index = _opened(home)
        searcher = index.searcher()
        scopes = tuple(term for term, _ in searcher.terms_with_prefix("scope", ""))
        kinds = {_kind_key(kind): kind for _, _, kind in (scope.partition(" ") for scope in scopes)}
        self._open, self._pid = _Open(stamp, index, searcher, scopes, kinds), os.getpid()
        return self._open


def _opened(home: Path) -> tantivy.Index:
    index = tantivy.Index(_SCHEMA, path=str(home), reuse=True)
    index.register_tokenizer(
        "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    index.config_reader("manual")
    index.reload()
    return index


def _document(entry: NewDocument, keys: Keys) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("ref", str(entry.ref))
    document.add_text("scope", f"{entry.city_id} {entry.ref.kind}")
    document.add_text("lemmas", " ".join(keys.lemmas))
    document.add_text("stems", " ".join(keys.stems))
    for number in keys.numbers:
        document.add_text("numbers", number)
    document.add_integer("at", int(entry.happened_at.timestamp()))
    document.add_unsigned("kind", _kind_key(entry.ref.kind))
    document.add_unsigned("high", entry.ref.id.int >> 64)
    document.add_unsigned("low", entry.ref.id.int & _LOW)
    return document


def _find(opened: _Open, question: Question, scope: Scope, page: Page) -> list[Hit]:
    kinds = scope.kinds or _kinds(opened, scope.city_id)
    marks = [scope_mark(scope.city_id, kind) for kind in kinds]
    if not marks:
        return []
    sure = _by_number(opened, question, marks)
    known = {hit.subject_id for hit in sure}
    # Who typed a number that exists wants its bearer: others only where they say exactly the same.
    ways = (_strictly,) if sure else (_strictly, _widely, _loosely)
    others = _by_words(opened, question, marks, page, ways)
    hits = sure + [hit for hit in others if hit.subject_id not in known]
    return hits[page.offset : page.end]


def _kinds(opened: _Open, city_id: UUID) -> list[str]:
    beginning = f"{city_id} "
    return [scope.removeprefix(beginning) for scope in opened.scopes if scope.startswith(beginning)]


def _by_number(opened: _Open, question: Question, marks: list[str]) -> list[Hit]:
    if not question.number:
        return []
    terms = [mark + question.number for mark in marks]
    query = tantivy.Query.term_set_query(_SCHEMA, "numbers", terms)
    hits = _run(opened, query, _ENOUGH, newest=True)
    return [Hit(hit.kind, hit.subject_id, _SURE) for hit in hits]


def _by_words(
    opened: _Open, question: Question, marks: list[str], page: Page, ways: Sequence[_Build]
) -> list[Hit]:
    """All words by their likeliest meaning; where that gives little, by all meanings and stems; then any word.

    The first is the quick way: bare terms of one field. Which way is taken does not depend on the page.
    """
    if not question.words:
        return []
    most = max(page.end, _ENOUGH)
    hits: list[Hit] = []
    for build in ways:
        hits = _run(opened, _over(marks, question.words, build), most, newest=page.newest)
        if len(hits) >= (_ENOUGH if build is _strictly else 1):
            break
    return hits


def _over(marks: list[str], words: Sequence[str], build: _Build) -> tantivy.Query:
    queries = [build(mark, words) for mark in marks]
    return (
        queries[0]
        if len(queries) == 1
        else tantivy.Query.boolean_query([(_Should, query) for query in queries])
    )


def _strictly(mark: str, words: Sequence[str]) -> tantivy.Query:
    terms = [_term("lemmas", mark + next(iter(lemma_keys(word)))) for word in words]
    return terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(_Must, term) for term in terms])


def _widely(mark: str, words: Sequence[str]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(_Must, _any_form(mark, word)) for word in words])


def _loosely(mark: str, words: Sequence[str]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(_Should, _any_form(mark, word)) for word in words])


def _any_form(mark: str, word: str) -> tantivy.Query:
    terms = [_term("lemmas", mark + key) for key in lemma_keys(word)]
    return tantivy.Query.disjunction_max_query([*terms, _term("stems", mark + stem_key(word))], 0.1)


def _term(field: str, key: str) -> tantivy.Query:
    return tantivy.Query.term_query(_SCHEMA, field, key, "freq")


def _run(opened: _Open, query: tantivy.Query, limit: int, *, newest: bool) -> list[Hit]:
    searcher = opened.searcher
    order = "at" if newest else None
    found = searcher.search(query, limit, count=False, order_by_field=order)
    addresses = [address for _, address in found.hits]
    kinds, highs, lows = (_column(searcher, name, addresses) for name in _COLUMNS)
    return [
        Hit(opened.kinds[kind], UUID(int=high << 64 | low), float(score))
        for (score, _), kind, high, low in zip(found.hits, kinds, highs, lows, strict=True)
    ]


def _column(searcher: tantivy.Searcher, name: str, addresses: list[tantivy.DocAddress]) -> Iterator[int]:
    return (int(value or 0) for value in searcher.fast_field_values(name, addresses))


def _kind_key(kind: str) -> int:
    return int.from_bytes(blake2b(kind.encode(), digest_size=8).digest(), "big")


def _state(followed: Followed) -> str:
    seen = {str(subject): str(revision) for subject, revision in followed.seen.items()}
    return json.dumps({"read_on": str(followed.read_on), "seen": seen})


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
