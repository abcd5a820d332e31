"""The words of places: a city, its territories, and the counters of the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from veche.kernel.calendar import WorkCalendar
from veche.kernel.facts import Fact
from veche.kernel.geo import Point
from veche.kernel.terms import Term
from veche.kernel.words import N_

CITY = "places.city"
# The depths of the 2**zoom grids that are counted: from a country on one screen to a few streets.
COUNTED_ZOOMS = range(4, 16)


class Origin(StrEnum):
    """Where the border of a territory comes from: a file, or the borders and centres of others."""

    FILE = "file"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True, eq=False)
class CityView:
    """A city as everybody but its loader knows it.

    `pack` is the plain form of the pack (`Pack.raw`); `version` grows at every change, `ground_version` only when
    territories change.
    """

    id: UUID
    code: str
    names: Mapping[str, str]
    tz: str
    country: str
    calendar: WorkCalendar
    centre: Point
    version: int
    terms: Mapping[str, Term]
    pack: Mapping[str, Any]
    is_demo: bool
    languages: tuple[str, ...]
    default_language: str
    ground_version: int = 0
    tiles: "TilesView | None" = None


@dataclass(frozen=True, slots=True)
class TilesView:
    """Tiles of the city's own: an XYZ address, or a PMTiles file that we serve ourselves."""

    url: str = ""
    file: str = ""
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A territory. `approximate` says that its border was computed from centres."""

    id: UUID
    code: str
    kind: str
    names: Mapping[str, str]
    parent_id: UUID | None
    depth: int
    lat: float
    lon: float
    approximate: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the territory exists on a local day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class CellChange:
    """That things of a status and category appeared at a point (`delta` 1) or went from it (-1)."""

    point: Point
    status: str
    category: str
    delta: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid: how many things lie in it, and where their middle is. An empty status is their total."""

    cell: int
    count: int
    lat: float
    lon: float
    status: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A feature of a boundary file that no border came of: its number in the file, its name, and why."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class BoundaryReport:
    """What became of a boundary file: codes of places that got a border, features that gave none."""

    matched: tuple[str, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CityLoaded(Fact):
    """A city's pack was loaded and changed something."""

    city: str
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundariesLoaded(Fact):
    """Borders of a city's territories were replaced."""

    city: str
    places: int


NO_PLACE = N_("no place has this name")
NO_NAME = N_("the feature has no such property")
NO_POLYGON = N_("it is not a polygon")
EMPTY = N_("nothing is left of it after repair")
NOT_DEGREES = N_("its coordinates are not degrees of longitude and latitude")
FAR_AWAY = N_("a place of the city has this name, but this border lies outside the city")

SENTENCES: dict[str, str] = {
    "places.outside-city": N_(
        "This point lies outside the city. Please move the pin, or choose the city it belongs to."
    ),
    "places.unknown-city": N_("There is no city with the code “%(city)s”. Load its pack first."),
    "places.not-geojson": N_("“%(file)s” is not a GeoJSON file of features: %(why)s. Nothing was changed."),
    "places.no-such-property": N_(
        "No feature of “%(file)s” has the property “%(property)s”; there are: %(there)s. Nothing was changed."
    ),
    "places.nothing-matched": N_(
        "No feature of “%(file)s” matches a place of this city. Nothing was changed."
    ),
    "places.bad-box": N_("The map needs a box of west, south, east, north in degrees."),
    "places.CityLoaded": N_("The city pack “%(city)s” was loaded; it names %(places)s places."),
    "places.BoundariesLoaded": N_("Borders of %(places)s places of “%(city)s” were loaded."),
}
