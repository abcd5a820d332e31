"""The directory of cities and their territories for programmers."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from veche.commons.places import queries
from veche.commons.places.terms import CityView

router = Router()


class CityOut(Schema):
    """A city. Names are by language; `lat` and `lon` are its centre."""

    code: str
    names: dict[str, str]
    country: str
    tz: str
    languages: list[str]
    default_language: str
    lat: float
    lon: float
    is_demo: bool


class PlaceOut(Schema):
    """A territory. `approximate` says that its border was computed from centres; `parent` is a code."""

    code: str
    kind: str
    names: dict[str, str]
    parent: str | None
    lat: float
    lon: float
    approximate: bool


@router.get("/cities", response=list[CityOut], summary="The cities of this house", url_name="cities")
def cities(request: HttpRequest) -> list[dict[str, Any]]:
    """Every city that is served here."""
    return [
        {
            "code": one.code,
            "names": dict(one.names),
            "country": one.country,
            "tz": one.tz,
            "languages": list(one.languages),
            "default_language": one.default_language,
            "lat": one.centre.lat,
            "lon": one.centre.lon,
            "is_demo": one.is_demo,
        }
        for one in queries.cities()
    ]


@router.get("/{city}/places", response=list[PlaceOut], summary="The territories of a city", url_name="places")
def places(request: HttpRequest, city: str) -> list[dict[str, Any]]:
    """The territories of a city, from the largest down."""
    tree = queries.places_of(city_named(city).id)
    return [
        {
            "code": one.code,
            "kind": one.kind,
            "names": dict(one.names),
            "parent": tree[one.parent_id].code if one.parent_id else None,
            "lat": one.lat,
            "lon": one.lon,
            "approximate": one.approximate,
        }
        for one in sorted(tree.values(), key=lambda place: (place.depth, place.code))
    ]


def city_named(code: str) -> CityView:
    """The city an address names.

    Refuses: Http404.
    """
    city = queries.city_by_code(code)
    if city is None:
        raise Http404
    return city
