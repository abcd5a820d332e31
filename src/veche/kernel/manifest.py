"""What a room tells the house about itself: one frozen `MODULE` in its `module.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from veche.kernel.facts import Fact

Handler = Callable[..., None]  # called as handler(fact, *, fact_id, now)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that is done again and again, safe to miss and safe to repeat.

    `run` is a dotted path to a function that takes `now`; `minutes` is how often it runs.
    """

    run: str
    minutes: int = 1


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route: declared beside it, read by the tests of the house.

    `route` is the Django name (`reports:list`); `who` is a word of `PUBLIC`, `SIGNED_IN` or a role.
    """

    route: str
    methods: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Module:
    """One room of the house.

    `kinds` are the subject kinds it owns; `urls` a dotted path to its city urlconf (mounted under
    `/<city>/`) and `site_urls` to one mounted at the root; `on` maps facts to handlers that are idempotent by
    fact id; `sentences` maps refusal codes to English sentences; `facts` are the facts it publishes;
    `cards` are dotted paths to `card(request) -> str` for the page of the city, `cabinet` for the person's own page;
    `api` is a dotted path to a ninja Router; `addresses` maps a subject kind to a dotted path of a function from
    references to public addresses, which end with the number of the matter; `tellers` to one that tells a fact of such
    a subject better than its own sentence;
    `open_fields` maps a subject kind to a dotted path of a function from references to the private fields of their
    facts that everybody may read just now;
    `words` maps fields of facts to what their codes are called in English;
    `forget` is a dotted path to `forget(person, *, now)`, which lets go of all a room holds of a person's own
    (`kernel.forgetting`);
    `load` is a dotted path to `load(pack, city, now)` called by `veche city load`.
    """

    name: str
    kinds: tuple[str, ...] = ()
    urls: str = ""
    site_urls: str = ""
    on: Mapping[type[Fact], Handler] = field(default_factory=dict)
    facts: tuple[type[Fact], ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    cards: tuple[str, ...] = ()
    cabinet: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    tellers: Mapping[str, str] = field(default_factory=dict)
    open_fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    permissions: Sequence[Access] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)
    api: str = ""
    load: str = ""
    forget: str = ""
