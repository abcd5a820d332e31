"""The categories of a city, kept in memory per version of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from veche.commons.places.terms import CityView
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


def catalogue(city: CityView) -> Catalogue:
    """The categories of the city as it is now."""
    return _catalogue(city.id, city.version)


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
