"""The categories of a city, kept in memory per version of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.commons.submissions.rules import fold
from veche.kernel.words import in_language
from veche.modules.reports import rules
from veche.modules.reports.models import Category
from veche.modules.reports.terms import AnswerKind, CategoryView, Question

_FIELDS = (
    "id",
    "code",
    "parent__code",
    "names",
    "hints",
    "symbol",
    "questions",
    "terms",
    "retired_on",
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All categories of a city in the pack's order."""

    by_id: Mapping[UUID, CategoryView]
    by_code: Mapping[str, CategoryView]
    groups: tuple[CategoryView, ...]

    def within(self, group: str) -> tuple[CategoryView, ...]:
        """The subcategories of a group that can still be reported."""
        return tuple(
            one for one in self.by_id.values() if one.group == group and not one.is_group and not one.retired
        )

    def chain(self, code: str) -> tuple[str, ...]:
        """The codes that routing compares, from the most specific up."""
        category = self.by_code[code]
        return (category.code,) if category.is_group else (category.code, category.group)


@dataclass(frozen=True, slots=True)
class Choice:
    """A subcategory as it is offered: what it is called, what else it is known by, a hint."""

    code: str
    name: str
    hint: str
    words: str


def choices(city: CityView, language: str, sought: str = "") -> list[tuple[CategoryView, list[Choice]]]:
    """What can be reported, group by group; with `sought` only what is called so, and groups of which something is."""
    folded = fold(sought)
    offered = []
    for group, inside in _choices(city.id, city.version, language):
        found = [one for one in inside if rules.is_meant(folded, one.words.split())]
        if found:
            offered.append((group, found))
    return offered


def examples_of(city: CityView, code: str, language: str) -> list[str]:
    """How others put such a problem, from the pack."""
    raw: dict[str, Any] = next((one for one in city.pack.get("categories", ()) if one["code"] == code), {})
    found: list[str] = raw.get("examples", {}).get(language, [])
    return list(found)


def catalogue(city: CityView) -> Catalogue:
    """The categories of the city as it is now."""
    return _catalogue(city.id, city.version)


@lru_cache(maxsize=64)
def _choices(
    city_id: UUID, version: int, language: str
) -> tuple[tuple[CategoryView, tuple[Choice, ...]], ...]:
    known = _catalogue(city_id, version)
    city = places.city_by_id(city_id)
    raw = {one["code"]: one for one in city.pack.get("categories", ())} if city else {}
    return tuple(
        (group, tuple(_choice(one, raw.get(one.code, {}), language) for one in known.within(group.code)))
        for group in known.groups
    )


def _choice(one: CategoryView, raw: Mapping[str, Any], language: str) -> Choice:
    name = in_language(one.names, language)
    words = fold(" ".join([name, *raw.get("keywords", {}).get(language, ())]))
    hint = in_language(one.hints, language) if one.hints else ""
    return Choice(one.code, name, hint, "".join(sign if sign.isalnum() else " " for sign in words))


@lru_cache(maxsize=64)
def _catalogue(city_id: UUID, _version: int) -> Catalogue:
    rows = Category.objects.filter(city_id=city_id).order_by("position", "code").values(*_FIELDS)
    views = [_view(row) for row in rows]
    return Catalogue(
        by_id={view.id: view for view in views},
        by_code={view.code: view for view in views},
        groups=tuple(view for view in views if view.is_group and not view.retired),
    )


def _view(row: dict[str, Any]) -> CategoryView:
    return CategoryView(
        id=row["id"],
        code=row["code"],
        group=row["parent__code"] or row["code"],
        names=row["names"],
        hints=row["hints"],
        symbol=row["symbol"],
        questions=tuple(_question(raw) for raw in row["questions"]),
        terms=row["terms"],
        is_group=row["parent__code"] is None,
        retired=row["retired_on"] is not None,
    )


def _question(raw: dict[str, Any]) -> Question:
    return Question(
        code=raw["code"],
        kind=AnswerKind(raw["kind"]),
        names=raw["names"],
        required=raw.get("required", False),
        choices={choice["code"]: choice["names"] for choice in raw.get("choices", ())},
        terms={choice["code"]: choice.get("terms", {}) for choice in raw.get("choices", ())},
    )
