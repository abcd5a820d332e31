"""Puts the rooms together: what their manifests say is collected here, once, when the house starts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from veche.commons.journal import services as journal
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.terms import Witness, WitnessPolicy
from veche.commons.places import queries as places
from veche.kernel.facts import Fact
from veche.kernel.manifest import Access, Module, Sweep
from veche.kernel.pack import witnesses_from
from veche.kernel.refusals import NOTHING, Refusal
from veche.site.terms import SENTENCES


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler of one room for one kind of fact. `name` is kept with each delivery, so it never changes."""

    name: str
    fact: type[Fact]
    handler: Callable[..., None]


@cache
def modules() -> tuple[Module, ...]:
    """The manifests of all rooms, in the order of the settings. A room without a `module.py` has none."""
    rooms = [*settings.VECHE_COMMONS, *settings.VECHE_MODULES]
    found = (f"{room}.module" for room in rooms if find_spec(f"{room}.module"))
    return tuple(import_module(path).MODULE for path in found)


@cache
def sentences() -> Mapping[str, str]:
    """The English sentence of every refusal code and every kind of fact."""
    collected = dict(SENTENCES)
    for module in modules():
        collected |= module.sentences
    return MappingProxyType(collected)


@cache
def facts() -> Mapping[str, type[Fact]]:
    """Every fact that a room publishes, by its kind."""
    return MappingProxyType({fact.kind: fact for module in modules() for fact in module.facts})


def subscriptions() -> Iterator[Subscription]:
    """Every handler of every room."""
    for module in modules():
        for fact, handler in module.on.items():
            yield Subscription(f"{module.name}:{fact.kind}", fact, handler)


def sweeps() -> Iterator[tuple[str, Sweep]]:
    """What the worker does again and again, each with a name of its own."""
    for module in modules():
        for sweep in module.sweeps:
            yield f"{module.name}.{sweep.run.rpartition('.')[2]}", sweep


def accesses() -> tuple[Access, ...]:
    """The access table of the whole house."""
    return tuple(access for module in modules() for access in module.permissions)


def cards() -> tuple[str, ...]:
    """Dotted paths of what rooms show on the page of a city: `card(request) -> str`."""
    return tuple(card for module in modules() for card in module.cards)


def cabinet_cards() -> tuple[str, ...]:
    """Dotted paths of what rooms show on a person's own page: `card(request) -> str`."""
    return tuple(card for module in modules() for card in module.cabinet)


def inform_journal() -> None:
    """Tell the journal which facts there are, who listens, and how facts are told to readers."""
    journal.know(*facts().values())
    journal.register_sentences({kind: text for kind, text in sentences().items() if kind in facts()})
    journal.register_cities(places.cities)
    EQUIPMENT.witnesses = witness_policy
    for one in subscriptions():
        journal.subscribe(one.fact, one.name, one.handler)
    for module in modules():
        for kind, path in module.addresses.items():
            journal.register_addresses(kind, import_string(path))
        for kind, path in module.tellers.items():
            journal.register_teller(kind, import_string(path))
        for kind, path in module.open_fields.items():
            journal.register_open_fields(kind, import_string(path))
        for name, words in module.words.items():
            journal.register_words(name, words)


def witness_policy() -> WitnessPolicy:
    """The witnesses of all cities together, and the largest demand of one: there is one log for all of them."""
    found: dict[str, Witness] = {}
    needed = 0
    for city in places.cities():
        named = witnesses_from(city.pack)
        needed = max(needed, named.needed)
        for one in named.witnesses:
            found.setdefault(one.key, Witness(one.name, one.url, one.key))
    return WitnessPolicy(tuple(found.values()), needed)


def loaders() -> tuple[str, ...]:
    """Dotted paths of what `veche city load` calls after the commons are loaded."""
    return tuple(module.load for module in modules() if module.load)


def sentence(what: Refusal | str, params: Mapping[str, object] = NOTHING) -> str:
    """Say a refusal, or the code of a refusal or fact, in the language in force.

    A code nobody wrote a sentence for is said in general words: a reader never meets a code.
    """
    code, figures = (what.code, what.params) if isinstance(what, Refusal) else (what, params)
    return filled(gettext(sentences().get(code, SENTENCES["site.refused"])), figures)


def filled(text: str, params: Mapping[str, object]) -> str:
    """Put figures into a translated sentence; a figure that is missing stays visible as a dash."""
    return text % _Figures(params) if "%" in text else text


class _Figures(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"
