"""Who listens to which fact, and what pages ask about facts. Filled once, when the house starts."""

from collections.abc import Iterable, Mapping

from veche.commons.journal.terms import (
    Addresses,
    Cities,
    CityChoice,
    FactLine,
    Handler,
    Listener,
    OpenFields,
    Teller,
    Told,
)
from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef

_known: dict[str, type[Fact]] = {}
_listeners: dict[str, dict[str, Listener]] = {}
_sentences: dict[str, str] = {}
_addresses: dict[str, Addresses] = {}
_tellers: dict[str, Teller] = {}
_open_fields: dict[str, OpenFields] = {}
_words: dict[str, dict[str, str]] = {}
_cities: list[Cities] = []


def subscribe(fact: type[Fact], name: str, handler: Handler) -> None:
    """Let a handler hear every fact of a kind, from the next delivery on. The same name again takes its place.

    The handler is called as `handler(fact, *, fact_id, now)` in a transaction, at least once: it must be idempotent.
    Refuses: never.
    """
    know(fact)
    _listeners.setdefault(fact.kind, {})[name] = Listener(name, fact, handler)


def unsubscribe(fact: type[Fact], name: str) -> None:
    """Let a handler hear no more.

    Refuses: never.
    """
    _listeners.get(fact.kind, {}).pop(name, None)


def know(*facts: type[Fact]) -> None:
    """Name the facts this house publishes; facts of other kinds are parked until somebody knows them.

    Refuses: never.
    """
    _known.update({fact.kind: fact for fact in facts})


def fact_type(kind: str) -> type[Fact] | None:
    """The class of a kind of facts, if this house knows it."""
    return _known.get(kind)


def known_kinds() -> tuple[str, ...]:
    """The kinds this house knows, in order."""
    return tuple(sorted(_known))


def listeners_of(kind: str) -> tuple[Listener, ...]:
    """Those who want to hear of a kind, in the order in which they came."""
    return tuple(_listeners.get(kind, {}).values())


def register_sentences(sentences: Mapping[str, str]) -> None:
    """Take over the English sentences of facts, by kind; the page translates them.

    Refuses: never.
    """
    _sentences.update(sentences)


def register_addresses(subject_kind: str, addresses: Addresses) -> None:
    """Let the owner of a kind of subjects say where they are shown: a batch of references to addresses.

    What has no public page, or is hidden, is left out.
    Refuses: never.
    """
    _addresses[subject_kind] = addresses


def register_teller(subject_kind: str, teller: Teller) -> None:
    """Let the owner of a kind of subjects tell facts about them better than the fact's own sentence does.

    Refuses: never; a teller that answers None leaves the fact's own sentence.
    """
    _tellers[subject_kind] = teller


def register_open_fields(subject_kind: str, fields: OpenFields) -> None:
    """Let the owner of a kind of subjects say which private fields of its facts everybody may read just now.

    Refuses: never; a subject that is left out shows none.
    """
    _open_fields[subject_kind] = fields


def open_fields_of(refs: Iterable[SubjectRef]) -> dict[SubjectRef, frozenset[str]]:
    """Which private fields of the facts of subjects everybody may read just now; default: none."""
    by_kind: dict[str, set[SubjectRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref)
    found: dict[SubjectRef, frozenset[str]] = {}
    for kind, some in by_kind.items():
        if kind in _open_fields:
            found.update(_open_fields[kind](some))
    return found


def register_words(field: str, words: Mapping[str, str]) -> None:
    """Say what the codes in a field of facts are called in English, for example `stage` or `to_status`.

    Refuses: never.
    """
    _words.setdefault(field, {}).update(words)


def register_cities(cities: Cities) -> None:
    """Let the directory of places say which cities there are; the journal stands below it.

    Refuses: never.
    """
    _cities[:] = [cities]


def cities() -> tuple[CityChoice, ...]:
    """The cities a reader may choose from."""
    return tuple(one for some in _cities for one in some())


def word_of(field: str, code: str) -> str:
    """What a code is called in English; a code without a word stays as it is."""
    return _words.get(field, {}).get(code, code)


def addresses_of(refs: Iterable[SubjectRef]) -> dict[SubjectRef, str]:
    """Where subjects are shown; what has no page is missing."""
    by_kind: dict[str, set[SubjectRef]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref)
    found: dict[SubjectRef, str] = {}
    for kind, some in by_kind.items():
        if kind in _addresses:
            found.update(_addresses[kind](some))
    return found


def told(line: FactLine) -> Told:
    """The sentence of a fact, in English, with its figures."""
    teller = _tellers.get(line.ref.kind)
    better = teller(line) if teller else None
    return better or Told(_sentences.get(line.kind, ""), line.body)
