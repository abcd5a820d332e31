"""Taking a city pack's city and places over."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from veche.commons.places import queries, rules
from veche.commons.places.models import City, Place
from veche.commons.places.services.borders import draw_borders
from veche.commons.places.services.versions import grown
from veche.commons.places.terms import CITY, CityLoaded
from veche.kernel.facts import Record
from veche.kernel.pack import Pack, PackPlace
from veche.kernel.refs import SubjectRef


@transaction.atomic
def load_city(pack: Pack, *, now: datetime, demo: bool = False, record: Record | None = None) -> City:
    """Write a city pack's city and places; loading the same pack again changes nothing.

    A place that the pack no longer names is ended today, never deleted; a border loaded from a file stays until the
    pack brings one. Records `CityLoaded` when something changed.
    Units: now is UTC.
    Refuses: never; `read_pack` has checked the pack.
    """
    city = City.objects.select_for_update().filter(code=pack.city.code).first()
    changed = city is None
    if city is None:
        city = City(code=pack.city.code, version=0, ground_version=0)
    # What was once loaded as a demonstration stays marked as one: its reports are invented.
    changed |= _filled(city, _city_values(pack, demo=demo or city.is_demo))
    if changed:
        city.version = grown(city.version)
        city.save()
    today = now.astimezone(ZoneInfo(city.tz)).date()
    moved = _write_places(city, pack, today)
    moved |= draw_borders(
        city,
        today=today,
        exact={code: rules.from_geojson(one) for code, one in pack.boundaries.items()},
        outlines={code: rules.from_geojson(one) for code, one in pack.outlines.items()},
    )
    if moved:
        city.ground_version = grown(city.ground_version)
        city.version = grown(city.version)
        city.save(update_fields=["version", "ground_version"])
    if (changed or moved) and record is not None:
        record(
            CityLoaded(
                ref=SubjectRef(CITY, city.id),
                at=now,
                city_id=city.id,
                city=city.code,
                places=len(pack.places),
            )
        )
    queries.forget()
    transaction.on_commit(queries.forget)
    return city


@transaction.atomic
def touch_city(city_id: UUID) -> None:
    """Say that something a city's readers keep in memory has changed: offices, routes.

    Refuses: never.
    """
    city = City.objects.select_for_update().get(pk=city_id)
    city.version = grown(city.version)
    city.save(update_fields=["version"])
    queries.forget()
    transaction.on_commit(queries.forget)


def _city_values(pack: Pack, *, demo: bool) -> dict[str, Any]:
    own = pack.city
    return {
        "names": dict(own.names),
        "tz": own.tz,
        "country": own.country,
        "lat": own.centre.lat,
        "lon": own.centre.lon,
        "position": own.position,
        "pack": json.loads(json.dumps(pack.raw)),
        "is_demo": demo,
    }


def _write_places(city: City, pack: Pack, today: date) -> bool:
    known = {row.code: row for row in Place.objects.filter(city=city)}
    changed = False
    for one in pack.places:
        row = known.get(one.code)
        is_new = row is None
        row = known[one.code] = row or Place(city=city, code=one.code)
        if _filled(row, _place_values(one, known.get(one.parent))) or is_new:
            row.save()
            changed = True
    gone = set(known) - {one.code for one in pack.places}
    for code in gone:
        row = known[code]
        if row.valid_until is None or row.valid_until > today:
            row.valid_until = today
            row.save(update_fields=["valid_until"])
            changed = True
    return changed


def _place_values(one: PackPlace, parent: Place | None) -> dict[str, Any]:
    return {
        "parent_id": parent.id if parent else None,
        "kind": one.kind,
        "names": dict(one.names),
        "lat": one.centre.lat,
        "lon": one.centre.lon,
        "depth": one.depth,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
    }


def _filled(row: City | Place, values: dict[str, Any]) -> bool:
    """Write values into a row; whether any of them was another."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return bool(changed)
