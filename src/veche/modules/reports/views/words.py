"""The words and small pictures of a city's lists, drawn once per language and kept: a row only puts them together."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.words import in_language
from veche.modules.reports import queries
from veche.modules.reports.queries.board import Key, key_of, moment_of
from veche.modules.reports.terms import OPEN

# Every pack has these five groups; each is drawn by one symbol everywhere.
SYMBOLS: Mapping[str, str] = {
    "roads": "transport",
    "security": "security",
    "social": "social",
    "infrastructure": "infrastructure",
    "crime": "crime",
}
_MOST_KEPT = 4096


@cache
def pieces() -> Any:
    """The macros of `reports/pieces.html`, to be called from here."""
    return engines["jinja2"].env.get_template("reports/pieces.html").module  # type: ignore[attr-defined]


@cache
def shared(name: str) -> Any:
    """A function or a filter that the site gives to every template: `due_words`, `when`, `status_look`."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    return env.filters.get(name) or env.globals[name]


class Words:
    """What the lists of one city say in one language."""

    def __init__(self, city: CityView, language: str) -> None:
        self.city = city
        self.language = language
        self._badges: dict[tuple[str, bool], Markup] = {}
        self._days: dict[date, str] = {}
        self._terms: dict[tuple[object, date], str] = {}

    @cached_property
    def categories(self) -> Mapping[Key, Markup]:
        """Each category as its symbol and name."""
        known = queries.catalogue(self.city)
        return {
            key_of(one.id): pieces().category(self.category_symbol(one.group), self.name(one.names))
            for one in known.by_id.values()
        }

    @cached_property
    def places(self) -> Mapping[Key, str]:
        """Each place by its name."""
        return {key_of(one.id): self.name(one.names) for one in places.places_of(self.city.id).values()}

    def category_symbol(self, group: str) -> str:
        """The symbol of a group."""
        return SYMBOLS.get(group, "other")

    def name(self, names: Mapping[str, str]) -> str:
        """A name in this language."""
        return in_language(names, self.language)

    def badge(self, status: str, overdue: bool) -> Markup:
        """A status as icon, word and colour; what is overdue says so beside it."""
        kept = self._badges.get((status, overdue))
        if kept is None:
            kept = self._badges[status, overdue] = pieces().badge(status, overdue)
        return kept

    def day(self, moment: datetime) -> str:
        """The city's day of a moment."""
        local = moment.astimezone(self.city.calendar.tz).date()
        kept = self._days.get(local)
        if kept is None:
            kept = _keep(self._days, local, shared("day")(local))
        return kept

    def term(self, due_at: datetime | str | None, status: str, now: datetime, today: date) -> str:
        """How long an answer is still awaited; nothing where none is."""
        if due_at is None or status not in OPEN:
            return ""
        key = (due_at, today)
        kept = self._terms.get(key)
        if kept is None:
            kept = _keep(self._terms, key, shared("due_words")(moment_of(due_at), now, self.city))
        return kept


def words_of(city: CityView) -> Words:
    """The words of a city in the language in force."""
    return _words(city, get_language() or "ru")


def office_names(city: CityView) -> Mapping[Key, str]:
    """Each office by its name, as the directory is at this moment."""
    return _office_names(_Held(offices.directory(city.id).offices), get_language() or "ru")


class _Held:
    """Something that stands as a key for itself: two are equal when they hold the same thing."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.it is self.it


@lru_cache(maxsize=32)
def _words(city: CityView, language: str) -> Words:
    return Words(city, language)


@lru_cache(maxsize=32)
def _office_names(held: _Held, language: str) -> Mapping[Key, str]:
    return {key_of(one.id): in_language(one.names, language) for one in held.it.values()}


def _keep(kept: dict[Any, Any], key: object, value: Any) -> Any:
    """Put a value into a store that starts anew when it is full."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value
