"""The words and small pictures of a city's lists, drawn once per language and kept: a row only puts them together."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from django.template import engines
from django.utils.translation import get_language
from markupsafe import Markup, escape

from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.words import in_language
from veche.modules.reports import queries
from veche.modules.reports.queries.board import Key, key_of, moment_of
from veche.modules.reports.terms import OPEN

_MOST_KEPT = 4096
# Terms of the pack whose codes begin like this belong to formal appeals; a report is only compared with them.
APPEALS = "appeal-"


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
        self._joined: dict[int, Markup] = {}
        self._rows: dict[int, str] = {}
        self._days: dict[date, str] = {}
        self._terms: dict[tuple[datetime, date], Markup] = {}

    @cached_property
    def categories(self) -> Mapping[Key, Markup]:
        """Each category as its symbol and name."""
        known = queries.catalogue(self.city)
        return {
            key_of(one.id): pieces().category(self.symbols.get(one.group) or "other", self.name(one.names))
            for one in known.by_id.values()
        }

    @cached_property
    def places(self) -> Mapping[Key, Markup]:
        """Each place by its name."""
        return {
            key_of(one.id): escape(self.name(one.names)) for one in places.places_of(self.city.id).values()
        }

    @cached_property
    def symbols(self) -> Mapping[str, str]:
        """The symbol of each group of categories, as the pack names it."""
        return {one.group: one.symbol for one in queries.catalogue(self.city).by_id.values() if one.is_group}

    def name(self, names: Mapping[str, str]) -> str:
        """A name in this language."""
        return in_language(names, self.language)

    @cached_property
    def clocks_note(self) -> Markup:
        """Which clocks a report has, and which a formal appeal would have; empty where the pack says nothing of it."""
        note = self.name(self.city.pack.get("notes", {}).get("two-clocks", {}))
        terms: Mapping[str, Any] = self.city.pack.get("terms", {})
        appeals = [
            f"{self.name(one['names'])} ({self.source(one['source'])})"
            for code, one in terms.items()
            if code.startswith(APPEALS)
        ]
        return pieces().clocks_note(note, appeals) if note else Markup()

    def source(self, source: Mapping[str, Any]) -> str:
        """Where a term is written: the title and the article."""
        parts = (self.name(source.get("titles", {})), self.name(source.get("article", "")))
        return ", ".join(part for part in parts if part)

    def badge(self, status: str, overdue: bool) -> Markup:
        """A status as icon, word and colour; what is overdue says so beside it."""
        kept = self._badges.get((status, overdue))
        if kept is None:
            kept = self._badges[status, overdue] = pieces().badge(status, overdue)
        return kept

    def joined(self, number: int) -> Markup:
        """How many joined; nothing where nobody did."""
        if not number:
            return Markup()
        kept = self._joined.get(number)
        return _keep(self._joined, number, pieces().row_joined(number)) if kept is None else kept

    def row(self, level: int) -> str:
        """The markup of one line of a list, to be filled by the % operator; `level` is that of its heading."""
        kept = self._rows.get(level)
        if kept is None:
            kept = self._rows[level] = str(pieces().row(level))
        return kept

    def day(self, moment: datetime) -> str:
        """The city's day of a moment."""
        local = moment.astimezone(self.city.calendar.tz).date()
        kept = self._days.get(local)
        if kept is None:
            kept = _keep(self._days, local, shared("day")(local))
        return kept

    def term(self, due_at: datetime | None, status: str, now: datetime, today: date) -> Markup:
        """How long an answer is still awaited; nothing where none is."""
        if due_at is None or status not in OPEN:
            return Markup()
        key = (due_at, today)
        kept = self._terms.get(key)
        if kept is None:
            words = shared("due_words")(moment_of(due_at), now, self.city)
            kept = _keep(self._terms, key, pieces().row_term(words))
        return kept


def words_of(city: CityView) -> Words:
    """The words of a city in the language in force."""
    return _words(city, get_language() or "ru")


def office_names(city: CityView) -> Mapping[Key, Markup]:
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
def _office_names(held: _Held, language: str) -> Mapping[Key, Markup]:
    return {key_of(one.id): escape(in_language(one.names, language)) for one in held.it.values()}


def _keep(kept: dict[Any, Any], key: object, value: Any) -> Any:
    """Put a value into a store that starts anew when it is full."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value
