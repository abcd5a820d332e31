"""Which feature of a boundary file belongs to which place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from veche.commons.places import terms
from veche.commons.places.rules.areas import Area, from_geojson, is_in_degrees, repaired
from veche.commons.places.terms import Unmatched
from veche.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a file, counted from 1."""

    number: int
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any]


def features_of(text: bytes, *, file: str) -> list[Feature] | Refusal:
    """Read a GeoJSON FeatureCollection.

    Refuses: `places.not-geojson`.
    """
    try:
        raw = json.loads(text)
        features = [
            Feature(number, dict(one.get("properties") or {}), dict(one.get("geometry") or {}))
            for number, one in enumerate(raw["features"], 1)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        why = f"{type(broken).__name__}: {broken}"
        return Refusal("places.not-geojson", "file", {"file": file, "why": why})
    if not features:
        return Refusal("places.not-geojson", "file", {"file": file, "why": "0 features"})
    return features


def matched(
    features: Sequence[Feature],
    keys: Mapping[str, str],
    *,
    name_property: str,
    file: str,
    within: Area | None = None,
) -> tuple[dict[str, Area], list[Unmatched]] | Refusal:
    """Join features to places by name; several features of one name become one border.

    `keys` maps names, codes and boundary keys to place codes. Capitals, «ё» and spaces do not matter. Many cities have
    a Kirov district: a border that nowhere touches `within`, the area of the city, is another city's.
    Refuses: `places.no-such-property`.
    """
    if not any(name_property in one.properties for one in features):
        there = ", ".join(sorted({str(key) for one in features for key in one.properties})) or "-"
        params = {"file": file, "property": name_property, "there": there}
        return Refusal("places.no-such-property", "property", params)
    plain_keys = {_plain(key): code for key, code in keys.items()}
    found: dict[str, list[tuple[Feature, Area]]] = {}
    left: list[Unmatched] = []
    for one in features:
        answer = _read(one, plain_keys, name_property)
        if isinstance(answer, Unmatched):
            left.append(answer)
        else:
            found.setdefault(answer[0], []).append((one, answer[1]))
    areas = {code: _joined(area for _, area in parts) for code, parts in found.items()}
    far = {code for code, area in areas.items() if within is not None and not area.intersects(within)}
    left += [
        Unmatched(one.number, str(one.properties[name_property]), terms.FAR_AWAY)
        for code in far
        for one, _ in found[code]
    ]
    near = {code: area for code, area in areas.items() if code not in far}
    return near, sorted(left, key=lambda one: one.number)


def _read(one: Feature, keys: Mapping[str, str], name_property: str) -> tuple[str, Area] | Unmatched:
    name = str(one.properties.get(name_property) or "")
    code = keys.get(_plain(name))
    if not name or code is None:
        return Unmatched(one.number, name, terms.NO_PLACE if name else terms.NO_NAME)
    if one.geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return Unmatched(one.number, name, terms.NO_POLYGON)
    area = from_geojson(one.geometry)
    if area is None:
        return Unmatched(one.number, name, terms.EMPTY)
    if not is_in_degrees(area):
        return Unmatched(one.number, name, terms.NOT_DEGREES)
    return code, area


def _joined(parts: Iterable[Area]) -> Area:
    first, *others = parts
    for other in others:
        first = repaired(first.union(other)) or first
    return first


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())
