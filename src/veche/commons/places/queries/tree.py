"""The tree of a city's places, and which of them a point lies in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import TypeGuard
from uuid import UUID

from veche.commons.places.models import Place
from veche.commons.places.queries.cities import city_by_id
from veche.commons.places.rules import PlaceIndex
from veche.commons.places.terms import CityView, PlaceView
from veche.kernel.geo import Box, Point
from veche.kernel.refusals import Refusal

_ROW = (
    "id",
    "code",
    "kind",
    "names",
    "parent_id",
    "depth",
    "lat",
    "lon",
    "approximate",
    "valid_from",
    "valid_until",
)
_LOCK = Lock()
_FAR = date.max


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """All of a city's places as of one version, with the index of those that exist until `good_until`."""

    version: int
    places: Mapping[UUID, PlaceView]
    index: PlaceIndex
    good_until: date

    def locate(self, point: Point) -> PlaceView | None:
        found = self.index.find(point.lat, point.lon)
        return None if found is None else self.places[found]


_TREES: dict[UUID, _Tree] = {}


def places_of(city_id: UUID) -> Mapping[UUID, PlaceView]:
    """All places of a city, former ones too: old rows still name them. Parents come before children."""
    tree = tree_of(city_id)
    return {} if tree is None else tree.places


def current_places(city_id: UUID, day: date) -> list[PlaceView]:
    """The places that exist on a local day: what a form offers. Parents come before children."""
    return [place for place in places_of(city_id).values() if place.holds_on(day)]


def chain(city_id: UUID, place_id: UUID) -> tuple[PlaceView, ...]:
    """A place and all that it lies in, from the most specific up."""
    places = places_of(city_id)
    steps: list[PlaceView] = []
    step = places.get(place_id)
    while step is not None:
        steps.append(step)
        step = places.get(step.parent_id) if step.parent_id else None
    return tuple(steps)


def locate(city_id: UUID, point: Point) -> PlaceView | Refusal:
    """The most specific place a point lies in; on a border always the same one.

    Refuses: `places.outside-city`.
    """
    tree = tree_of(city_id)
    found = None if tree is None else tree.locate(point)
    return found or Refusal("places.outside-city", "point")


def outline_box(city_id: UUID) -> Box | None:
    """The box around all of a city that exists now."""
    tree = tree_of(city_id)
    return None if tree is None else tree.index.box


def tree_of(city_id: UUID) -> _Tree | None:
    """The tree as of the city's version; built once per version in each process."""
    city = city_by_id(city_id)
    if city is None:
        return None
    tree = _TREES.get(city_id)
    if _is_good(tree, city):
        return tree
    with _LOCK:
        tree = _TREES.get(city_id)
        if not _is_good(tree, city):
            tree = _TREES[city_id] = _built(city_id, city.ground_version, _today(city))
        return tree


def _is_good(tree: _Tree | None, city: CityView) -> TypeGuard[_Tree]:
    if tree is None or tree.version != city.ground_version:
        return False
    # Asking for the day costs more than finding a place, and is needed only where a change is announced.
    return tree.good_until is _FAR or _today(city) < tree.good_until


def _today(city: CityView) -> date:
    return city.calendar.local_date(datetime.now(UTC))


def _next_change(places: Iterable[PlaceView], today: date) -> date:
    days = [day for place in places for day in (place.valid_from, place.valid_until) if day and day > today]
    return min(days, default=_FAR)


def _built(city_id: UUID, version: int, today: date) -> _Tree:
    rows = Place.objects.filter(city_id=city_id).order_by("depth", "code").values_list(*_ROW, "boundary")
    places: dict[UUID, PlaceView] = {}
    shapes: list[tuple[UUID, int, str, bytes]] = []
    for *row, boundary in rows:
        place = PlaceView(*row)
        places[place.id] = place
        if boundary and place.holds_on(today):
            shapes.append((place.id, place.depth, place.code, bytes(boundary)))
    return _Tree(version, places, PlaceIndex(shapes), _next_change(places.values(), today))
