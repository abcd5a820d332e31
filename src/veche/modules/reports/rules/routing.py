"""Category x place -> office."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from veche.modules.reports.terms import CompetenceLine, Route


def route(
    categories: Sequence[str],
    places: Sequence[tuple[UUID, str]],
    table: Iterable[CompetenceLine],
    *,
    on: date,
) -> Route | None:
    """Find the office that owes an answer; None means that the dispatcher decides.

    `categories` and `places` (id, code) go from the most specific up. The closest category wins, then the
    closest place, then what a dispatcher taught, then the younger line, then the office's code.
    Units: `on` is the city's local day of filing.
    Refuses: never.
    Source: the city pack's competences.toml and the dispatchers' lines.
    """
    lines = sorted(
        (line for line in table if _holds(line, categories, places, on)),
        key=lambda line: _rank(line, categories, places),
    )
    if not lines:
        return None
    best = lines[0]
    other = next((line.office_id for line in lines if line.office_id != best.office_id), None)
    code = next((code for place, code in places if place == best.place_id), "")
    return Route(best.office_id, best, code, other)


def _holds(
    line: CompetenceLine, categories: Sequence[str], places: Sequence[tuple[UUID, str]], on: date
) -> bool:
    return (
        (not line.category or line.category in categories)
        and (line.place_id is None or any(place == line.place_id for place, _ in places))
        and (line.valid_from is None or line.valid_from <= on)
        and (line.valid_until is None or on < line.valid_until)
    )


def _rank(
    line: CompetenceLine, categories: Sequence[str], places: Sequence[tuple[UUID, str]]
) -> tuple[int, int, bool, int, str]:
    by_category = categories.index(line.category) if line.category else len(categories)
    by_place = next((at for at, (place, _) in enumerate(places) if place == line.place_id), len(places))
    age = -line.valid_from.toordinal() if line.valid_from else 0
    return by_category, by_place, line.origin != "dispatcher", age, line.office_code
