"""Reads city.toml, places.toml, the geometries, and calendar.toml."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from veche.kernel.geo import Point
from veche.kernel.pack.calendar import is_known
from veche.kernel.pack.section import SHORT_CODE, Problems, Section
from veche.kernel.pack.shapes import (
    PLACE_KINDS,
    WEEKDAYS,
    Contact,
    Geometry,
    MapGround,
    PackCalendar,
    PackCity,
    PackPlace,
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
_NOWHERE = Point(0.0, 0.0)


def read_city(folder: Path, problems: Problems) -> PackCity:
    """Read city.toml; the languages found there bind all other files."""
    city = problems.toml(folder, "city.toml")
    if city is None:
        return PackCity("", {}, "UTC", "", _NOWHERE, (), "")
    problems.languages = languages = _languages(city)
    read = PackCity(
        code=city.code(most=SHORT_CODE),
        names=city.names(),
        tz=_time_zone(city),
        country=city.text("country", required=True),
        centre=_centre(city),
        languages=languages,
        default_language=city.one_of("default_language", languages),
        position=city.whole("position"),
        emergency=tuple(_contact(one) for one in city.parts("emergency")),
        map=_map(city),
        boundary_property=city.text("boundary_property", default="place"),
        reports=_module_settings(city),
    )
    city.done()
    return read


def read_places(folder: Path, problems: Problems) -> tuple[PackPlace, ...]:
    """Read places.toml into a tree, parents before children."""
    file = problems.toml(folder, "places.toml")
    if file is None:
        return ()
    places = [_place(one) for one in file.parts("place", required=True)]
    file.done()
    parents = tree_of(file, {one.code: one.parent for one in places}, [one.code for one in places])
    roots = sum(not one.parent for one in places)
    if places and roots != 1:
        file.note("no-root", count=roots)
    deep = [replace(one, depth=len(parents[one.code])) for one in places]
    return tuple(sorted(deep, key=lambda one: one.depth))


def tree_of(file: Section, parents: Mapping[str, str], codes: list[str]) -> dict[str, tuple[str, ...]]:
    """The ancestors of each code; notes codes used twice, unknown parents and circles."""
    for code, count in Counter(codes).items():
        if code and count > 1:
            file.problems.note("duplicate-code", file.file, code, value=code)
    return {code: _ancestors(file, code, parents) for code in parents}


def read_geometries(
    folder: Path, file: str, problems: Problems, places: tuple[PackPlace, ...], *, key: str = "place"
) -> dict[str, Geometry]:
    """Read a GeoJSON file of polygons by place code. Other names are put through `boundary_key` of the places."""
    path = folder / file
    if not path.exists():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        named = [(str(one["properties"][key]), _polygon(one["geometry"])) for one in features]
    except (OSError, ValueError, KeyError, TypeError) as broken:
        problems.note("not-geojson", file, why=f"{type(broken).__name__}: {broken}")
        return {}
    codes = {one.code: one.code for one in places} | {
        one.boundary_key: one.code for one in places if one.boundary_key
    }
    for name, _ in named:
        if name not in codes:
            problems.note("unknown-reference", file, name, key=key, value=name)
    return {codes[name]: geometry for name, geometry in named if name in codes}


def read_calendar(folder: Path, problems: Problems, tz: str) -> PackCalendar:
    """Read calendar.toml."""
    file = problems.toml(folder, "calendar.toml")
    if file is None:
        return PackCalendar(tz)
    calendar = PackCalendar(
        tz=tz,
        country=file.text("country"),
        subdivision=file.text("subdivision"),
        days_off=file.days("days_off"),
        worked=file.days("worked"),
        weekend=_weekend(file),
    )
    file.done()
    if calendar.country and not is_known(calendar.country, calendar.subdivision):
        file.note("bad-country", value=f"{calendar.country} {calendar.subdivision}".strip())
    for day in sorted(set(calendar.days_off) & set(calendar.worked)):
        file.note("day-both", value=day.isoformat())
    return calendar


def _languages(city: Section) -> tuple[str, ...]:
    languages = city.texts("languages")
    if not languages:
        city.note("missing-key", key="languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            city.note("not-allowed", key="languages", value=language, allowed="ru, en, tt …")
    return languages


def _time_zone(city: Section) -> str:
    name = city.text("tz", required=True)
    if not name:
        return "UTC"
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        city.note("bad-time-zone", value=name)
        return "UTC"
    return name


def _centre(city: Section) -> Point:
    centre = city.part("centre", required=True)
    if centre is None:
        return _NOWHERE
    point = centre.point()
    centre.done()
    return point


def _contact(one: Section) -> Contact:
    contact = Contact(one.text("number", required=True), one.names())
    one.done()
    return contact


def _map(city: Section) -> MapGround | None:
    part = city.part("map")
    if part is None:
        return None
    ground = MapGround(
        url=part.text("url"),
        file=part.text("file"),
        attribution=part.text("attribution"),
        min_zoom=part.whole("min_zoom"),
        max_zoom=part.whole("max_zoom", default=18),
    )
    part.done()
    if bool(ground.url) == bool(ground.file):
        part.note("tiles")
    return ground


def _module_settings(city: Section) -> dict[str, int]:
    part = city.part("reports")
    if part is None:
        return {}
    settings = {"level": part.whole("level", default=1)}
    part.done()
    return settings


def _place(one: Section) -> PackPlace:
    code = one.code()
    since, until = one.validity()
    place = PackPlace(
        code=code,
        kind=one.one_of("kind", PLACE_KINDS),
        names=one.names(),
        centre=one.point(),
        parent=one.text("parent"),
        boundary_key=one.text("boundary_key"),
        valid_from=since,
        valid_until=until,
    )
    one.done()
    return place


def _ancestors(file: Section, code: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    chain: list[str] = []
    above = parents[code]
    while above:
        if above == code or above in chain:
            file.problems.note("circle", file.file, code, value=code)
            return tuple(chain)
        if above not in parents:
            if not chain:
                file.problems.note("unknown-reference", file.file, code, key="parent", value=above)
            return tuple(chain)
        chain.append(above)
        above = parents[above]
    return tuple(chain)


def _polygon(geometry: dict[str, Any]) -> dict[str, Any]:
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise ValueError(geometry["type"])
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}


def _weekend(file: Section) -> tuple[int, ...]:
    if not file.has("weekend"):
        return (5, 6)
    days = file.texts("weekend")
    for day in days:
        if day not in WEEKDAYS:
            file.note("not-allowed", key="weekend", value=day, allowed=", ".join(WEEKDAYS))
    return tuple(sorted(WEEKDAYS.index(day) for day in days if day in WEEKDAYS))
