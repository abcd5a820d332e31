"""Taking a city pack's categories over."""

from datetime import datetime
from typing import Any

from django.db import transaction

from veche.commons.casework import services as casework
from veche.commons.places.models import City
from veche.kernel.pack import Pack, PackCategory
from veche.kernel.pack.shapes import plain
from veche.modules.reports.models import Category


@transaction.atomic
def load(pack: Pack, city: City, now: datetime) -> None:
    """Write the pack's categories and answer templates; what the pack no longer names is retired, never deleted."""
    known = {row.code: row for row in Category.objects.filter(city=city)}
    parents: dict[str, Category] = {}
    for position, one in enumerate(sorted(pack.categories, key=lambda category: category.parent != "")):
        row = known.get(one.code) or Category(city=city, code=one.code)
        _fill(row, one, position, parents.get(one.parent))
        row.save()
        parents[one.code] = row
    named = {one.code for one in pack.categories}
    Category.objects.filter(city=city, retired_on=None).exclude(code__in=named).update(retired_on=now.date())
    casework.load_templates(pack, city, now=now)


def _fill(row: Category, one: PackCategory, position: int, parent: Category | None) -> None:
    values: dict[str, Any] = {
        "names": dict(one.names),
        "hints": dict(one.hints),
        "symbol": one.symbol,
        "terms": dict(one.terms),
        "questions": plain(one.questions),
        "position": position,
        "parent": parent,
        "retired_on": None,
    }
    for name, value in values.items():
        setattr(row, name, value)
