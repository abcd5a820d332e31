"""Borders of territories: out of a file, and computed where there is none."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely
from django.db import transaction

from veche.commons.places import queries, rules
from veche.commons.places.models import City, Place
from veche.commons.places.services.versions import grown
from veche.commons.places.terms import CITY, BoundariesLoaded, BoundaryReport, Origin
from veche.kernel.facts import Record
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused


@transaction.atomic
def load_boundaries(
    path: Path,
    city_code: str,
    name_property: str = "",
    *,
    now: datetime,
    record: Record | None = None,
) -> BoundaryReport:
    """Read borders of a city's places from a GeoJSON file; the others are computed anew from what is then known.

    A feature belongs to the place whose code, `boundary_key` or name stands in `name_property` (the pack's
    `boundary_property` when empty). Broken rings are mended; what cannot be used is told with its reason.
    Units: degrees of WGS 84; now is UTC.
    Refuses: `places.unknown-city`, `places.not-geojson`, `places.no-such-property`, `places.nothing-matched`.
    """
    city = City.objects.select_for_update().filter(code=city_code).first()
    if city is None:
        raise Refused(Refusal("places.unknown-city", "city", {"city": city_code}))
    features = rules.features_of(_read(path), file=path.name)
    if isinstance(features, Refusal):
        raise Refused(features)
    wanted = name_property or city.pack.get("city", {}).get("boundary_property") or "place"
    answer = rules.matched(features, _keys(city), name_property=wanted, file=path.name, within=_area_of(city))
    if isinstance(answer, Refusal):
        raise Refused(answer)
    areas, unmatched = answer
    if not areas:
        raise Refused(Refusal("places.nothing-matched", "file", {"file": path.name}))
    if draw_borders(city, today=now.astimezone(ZoneInfo(city.tz)).date(), exact=areas):
        city.version, city.ground_version = grown(city.version), grown(city.ground_version)
        city.save(update_fields=["version", "ground_version"])
        if record is not None:
            ref = SubjectRef(CITY, city.id)
            record(BoundariesLoaded(ref=ref, at=now, city_id=city.id, city=city.code, places=len(areas)))
    queries.forget()
    transaction.on_commit(queries.forget)
    return BoundaryReport(tuple(sorted(areas)), tuple(unmatched))


def draw_borders(
    city: City,
    *,
    today: date,
    exact: Mapping[str, rules.Area | None],
    outlines: Mapping[str, rules.Area | None] | None = None,
) -> bool:
    """Write new exact borders and compute all that are not exact; whether anything is other than before.

    Without `outlines` those of the last pack stay.
    """
    rows = list(Place.objects.filter(city=city).order_by("depth", "code"))
    alive = [row for row in rows if row.valid_until is None or row.valid_until > today]
    changed = {row.id for row in alive if outlines is not None and _outlined(row, outlines.get(row.code))}
    codes = {row.id: row.code for row in alive}
    sites = [_site(row, codes, exact.get(row.code)) for row in alive]
    borders = rules.areas_of(sites)
    for row, site in zip(alive, sites, strict=True):
        origin = Origin.FILE if site.exact is not None else Origin.COMPUTED
        if _bordered(row, borders.get(row.code), origin):
            changed.add(row.id)
    Place.objects.bulk_update(
        [row for row in alive if row.id in changed], ["boundary", "approximate", "border_from", "outline"]
    )
    return bool(changed)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as broken:
        why = broken.strerror or type(broken).__name__
        raise Refused(Refusal("places.not-geojson", "file", {"file": path.name, "why": why})) from broken


def _area_of(city: City) -> rules.Area | None:
    """The area of the whole city, as far as it is known."""
    root = Place.objects.filter(city=city, parent=None).first()
    known = (root.boundary or root.outline) if root is not None else None
    return None if known is None else shapely.from_wkb(bytes(known))


def _keys(city: City) -> dict[str, str]:
    """Whatever a file may call a place; what two places are called alike belongs to neither."""
    keys: dict[str, set[str]] = {}
    for code, names in Place.objects.filter(city=city).values_list("code", "names"):
        for name in names.values():
            keys.setdefault(name, set()).add(code)
    named = {name: min(codes) for name, codes in keys.items() if len(codes) == 1}
    own = city.pack.get("places", ())
    named |= {one["boundary_key"]: one["code"] for one in own if one.get("boundary_key")}
    return named | {code: code for code in Place.objects.filter(city=city).values_list("code", flat=True)}


def _site(row: Place, codes: Mapping[UUID, str], exact: rules.Area | None) -> rules.Site:
    if exact is None and row.border_from == Origin.FILE and row.boundary:
        exact = shapely.from_wkb(bytes(row.boundary))
    return rules.Site(
        code=row.code,
        parent=codes.get(row.parent_id, "") if row.parent_id else "",
        lat=row.lat,
        lon=row.lon,
        exact=exact,
        outline=shapely.from_wkb(bytes(row.outline)) if row.outline else None,
    )


def _outlined(row: Place, outline: rules.Area | None) -> bool:
    wkb = None if outline is None else shapely.to_wkb(outline)
    if _bytes(row.outline) == wkb:
        return False
    row.outline = wkb
    return True


def _bordered(row: Place, border: rules.Border | None, origin: Origin) -> bool:
    wkb = None if border is None else shapely.to_wkb(border.area)
    approximate = border is not None and border.approximate
    border_from = origin if border else ""
    if (_bytes(row.boundary), row.approximate, row.border_from) == (wkb, approximate, border_from):
        return False
    row.boundary, row.approximate, row.border_from = wkb, approximate, border_from
    return True


def _bytes(column: bytes | memoryview | None) -> bytes | None:
    return None if column is None else bytes(column)
