"""What routing and terms need to know, read for the pure rules."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from veche.commons.casework.terms import Stage
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView, PlaceView
from veche.kernel.geo import Point
from veche.kernel.memo import Memo
from veche.kernel.refusals import Refusal, Refused
from veche.kernel.terms import Term
from veche.modules.reports import rules
from veche.modules.reports.queries.catalogue import catalogue
from veche.modules.reports.terms import CategoryView, CompetenceLine, Route


class _Found(NamedTuple):
    route: Route | None


_ROUTES: Memo[_Found] = Memo(4096)


def place_of(city: CityView, point: Point) -> PlaceView:
    """The most specific place a point lies in.

    Refuses: `places.outside-city`.
    """
    found = places.locate(city.id, point)
    if isinstance(found, Refusal):
        raise Refused(found)
    return found


def routing_table(city: CityView) -> tuple[CompetenceLine, ...]:
    """The city's competences as the rule reads them."""
    return tuple(
        CompetenceLine(
            office_id=row.office_id,
            office_code=row.office_code,
            category=row.category,
            place_id=row.place_id,
            origin=row.origin,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in offices.directory(city.id).competences
    )


def route_for(city: CityView, category: CategoryView, place: PlaceView, *, on: date) -> Route | None:
    """Who owes an answer for a category at a place; None when the dispatcher decides."""
    key = (city.id, city.version, category.code, place.id, on)
    return _ROUTES.of(key, lambda: _Found(_route(city, category, place, on))).route


def _route(city: CityView, category: CategoryView, place: PlaceView, on: date) -> Route | None:
    chain = tuple((one.id, one.code) for one in places.chain(city.id, place.id))
    return rules.route(catalogue(city).chain(category.code), chain, routing_table(city), on=on)


def terms_of(city: CityView, category: CategoryView, answers: Mapping[str, str]) -> Mapping[Stage, Term]:
    """The term of each clock of a category; an answer (a road's class) may bring a term of its own."""
    codes = dict(category.terms)
    for question in category.questions:
        codes |= question.terms.get(answers.get(question.code, ""), {})
    return {Stage(stage): city.terms[code] for stage, code in codes.items() if code in city.terms}


def reasons_of(city: CityView) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The pack's lists of reasons: list name to code to names."""
    reasons: Mapping[str, Mapping[str, Mapping[str, str]]] = city.pack.get("reasons", {})
    return reasons


def place_named(city: CityView, place_id: UUID) -> PlaceView:
    """A place of the city by its id."""
    return places.places_of(city.id)[place_id]


def place_names(city: CityView) -> Mapping[UUID, PlaceView]:
    """Every place of the city."""
    return places.places_of(city.id)
