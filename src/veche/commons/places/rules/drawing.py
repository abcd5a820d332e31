"""The quiet ground of a map: borders and names, simplified for a scale, as GeoJSON and as a picture."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import ceil, log10
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from veche.commons.places.rules.areas import Area, repaired
from veche.commons.places.rules.frame import TILE_PX, Frame
from veche.commons.places.terms import PlaceView
from veche.kernel.geo import Box, Point
from veche.kernel.words import in_language

# The zooms for which borders are simplified; a picture takes the first that is not coarser than itself.
LEVELS = (5, 7, 9, 11, 13, 15)
_COARSEST_PX = 2.0  # how far a simplified border may lie from the true one
_MOST_DIGITS = 5  # of degrees in GeoJSON: a metre
_FONT_PX = 12
_LETTER_PX = 6.6
_LINE_PX = 15
_Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels
_EDGE_PX = 8  # drawn beyond the edge of a picture, so that no border line runs along it


@dataclass(frozen=True, slots=True)
class Outline:
    """A place and its border in the world's coordinates, 0 to 1 eastward and southward."""

    place: PlaceView
    area: Area


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a theme; the same as the pages' own."""

    outside: str
    inside: str
    line: str
    word: str
    pin: str


LIGHT = Colours(outside="#e9e3d8", inside="#f8f5ee", line="#8a8375", word="#4a5866", pin="#0f5c4a")
DARK = Colours(outside="#0c1015", inside="#1a212a", line="#75828f", word="#a6b3c0", pin="#63c7ac")


def level_for(zoom: float) -> int:
    """The coarsest level of simplification that is fine enough for a zoom."""
    return next((level for level in LEVELS if level >= zoom), LEVELS[-1])


def projected(place: PlaceView, wkb: bytes) -> Outline:
    """Bring a border from degrees into the world's coordinates."""
    return Outline(place, shapely.transform(shapely.from_wkb(wkb), _to_world))


def simplified(outlines: Sequence[Outline], level: int) -> list[Outline]:
    """Simplify borders for a level; neighbours keep their common line, and what is too small to see is left out.

    Units: the world's coordinates. Refuses: never.
    """
    tolerance = _COARSEST_PX / (TILE_PX * 2**level)
    found: list[Outline] = []
    for depth in sorted({one.place.depth for one in outlines}):
        layer = [one for one in outlines if one.place.depth == depth]
        areas = shapely.coverage_simplify([one.area for one in layer], tolerance)
        for one, area in zip(layer, areas, strict=True):
            whole = repaired(_without_crumbs(area, tolerance * tolerance))
            if whole is not None:
                found.append(replace(one, area=whole))
    return found


def to_geojson(outlines: Iterable[Outline], level: int, *, box: Box | None = None) -> bytes:
    """Write outlines as a GeoJSON FeatureCollection in degrees, parents first; of those in a box only what is in it.

    Units: as many digits as a pixel of the level needs. Refuses: never.
    """
    digits = min(_MOST_DIGITS, ceil(log10(TILE_PX * 2**level / 360)) + 1)
    shown = list(outlines if box is None else _cut(outlines, box))
    codes: dict[UUID | None, str] = {one.place.id: one.place.code for one in shown}
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": one.place.code,
                "parent": codes.get(one.place.parent_id, ""),
                "kind": one.place.kind,
                "depth": one.place.depth,
                "names": dict(one.place.names),
                "at": _label_point(one, digits),
                "approximate": one.place.approximate,
            },
            "geometry": _geometry(one.area, digits),
        }
        for one in shown
    ]
    raw = {"type": "FeatureCollection", "features": features}
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()


def drawing(
    outlines: Sequence[Outline],
    frame: Frame,
    *,
    language: str,
    theme: str = "light",
    pin: Point | None = None,
) -> str:
    """Draw the ground as an SVG picture of the frame's size.

    Colours stand in attributes, which every content policy allows; `theme="auto"` adds a style for dark screens.
    Refuses: never.
    """
    shapes = [(one, area) for one in outlines if not (area := _pixels(one.area, frame)).is_empty]
    colours = DARK if theme == "dark" else LIGHT
    size = f'width="{frame.width}" height="{frame.height}"'
    font = f'font-family="PT Sans,system-ui,sans-serif" font-size="{_FONT_PX}" text-anchor="middle"'
    halo = f'stroke="{colours.inside}" stroke-width="3" paint-order="stroke"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {frame.width} {frame.height}">',
        _dark_style() if theme == "auto" else "",
        f'<rect class="o" width="100%" height="100%" fill="{colours.outside}"/>',
        f'<g class="i" fill="{colours.inside}">',
        *(f'<path d="{_path(area)}"/>' for one, area in shapes if one.place.parent_id is None),
        f'</g><g class="l" fill="none" stroke="{colours.line}" stroke-linejoin="round">',
        *(_border(one.place, area) for one, area in reversed(shapes)),
        f'</g><g class="w" fill="{colours.word}" {halo} {font}>',
        *_words(shapes, frame, language, pin),
        "</g>",
        _pin(pin, frame, colours) if pin else "",
        "</svg>",
    ]
    return "".join(parts)


def _cut(outlines: Iterable[Outline], box: Box) -> Iterator[Outline]:
    corners = np.array([[box.west, box.north], [box.east, box.south]])
    (west, north), (east, south) = _to_world(corners)
    for one in outlines:
        area = repaired(shapely.clip_by_rect(one.area, west, north, east, south))
        if area is not None:
            yield replace(one, area=area)


def _border(place: PlaceView, area: Area) -> str:
    # Computed borders are fainter: they say roughly where, not exactly.
    width, strength = ((1.8, 0.9), (1.1, 0.6), (0.8, 0.5))[min(place.depth, 2)]
    strength *= 0.6 if place.approximate and place.depth else 1
    return f'<path d="{_path(area)}" stroke-width="{width}" stroke-opacity="{strength:g}"/>'


def _words(
    shapes: Sequence[tuple[Outline, Area]], frame: Frame, language: str, pin: Point | None
) -> list[str]:
    """Names, most specific first, where they fit; a place of which a part is named needs no name."""
    taken: list[_Box] = [_pin_box(pin, frame)] if pin else []
    named_parents: set[Any] = set()
    words: list[str] = []
    for one, area in sorted(
        shapes, key=lambda pair: (-pair[0].place.depth, -pair[1].area, pair[0].place.code)
    ):
        place = one.place
        if place.parent_id is None or place.id in named_parents:
            continue
        name = in_language(place.names, language)
        spot = shapely.point_on_surface(
            shapely.intersection(area, shapely.box(0, 0, frame.width, frame.height))
        )
        half = len(name) * _LETTER_PX / 2
        if spot.is_empty or not _fits(area, 2 * half):
            continue
        x = min(max(spot.x, half + 4), frame.width - half - 4)
        y = min(max(spot.y, _LINE_PX), frame.height - _LINE_PX / 2)
        if pin and _overlap(_word_box(x, y, half), taken[0]):
            y = taken[0][3] + _LINE_PX + 2  # below the pin's point, which must not cover the name
        box = _word_box(x, y, half)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        named_parents.add(place.parent_id)
        words.append(f'<text x="{x:.0f}" y="{y:.0f}">{escape(name)}</text>')
    return words


def _word_box(x: float, y: float, half: float) -> _Box:
    return (x - half, y - _LINE_PX, x + half, y + _LINE_PX / 3)


def _pin_box(pin: Point, frame: Frame) -> _Box:
    x, y = frame.pixel_of(pin)
    return (x - 11, y - 34, x + 11, y)


def _fits(area: Area, width: float) -> bool:
    west, _, east, _ = area.bounds
    return bool(width < 1.2 * (east - west) and width * _LINE_PX < 3 * area.area)


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _pin(pin: Point, frame: Frame, colours: Colours) -> str:
    x, y = frame.pixel_of(pin)
    return (
        f'<g transform="translate({x:.1f} {y:.1f})" class="p" fill="{colours.pin}" stroke="{colours.inside}"'
        ' stroke-width="1.5"><path d="M0 0c-4-9-11-15-11-23a11 11 0 0 1 22 0c0 8-7 14-11 23z"/>'
        f'<circle cy="-23" r="4" fill="{colours.inside}"/></g>'
    )


def _dark_style() -> str:
    return (
        "<style>@media(prefers-color-scheme:dark){"
        f".o{{fill:{DARK.outside}}}.i{{fill:{DARK.inside}}}.l{{stroke:{DARK.line}}}"
        f".w{{fill:{DARK.word};stroke:{DARK.inside}}}.p{{fill:{DARK.pin};stroke:{DARK.inside}}}"
        "}</style>"
    )


def _pixels(area: Area, frame: Frame) -> Area:
    """The visible part of a border in pixels of the frame."""
    edge = _EDGE_PX / frame.scale
    cut = shapely.clip_by_rect(
        area,
        frame.x - edge,
        frame.y - edge,
        frame.x + frame.width / frame.scale + edge,
        frame.y + frame.height / frame.scale + edge,
    )
    return shapely.transform(cut, lambda xy: (xy - (frame.x, frame.y)) * frame.scale)


def _path(area: Area) -> str:
    parts: list[str] = []
    for polygon in shapely.get_parts(area):
        if polygon.geom_type == "Polygon":
            parts += [_ring(ring) for ring in shapely.get_rings(polygon)]
    return "".join(parts)


def _ring(ring: Any) -> str:
    """A ring in whole tenths of a pixel, each step relative to the one before."""
    points = np.rint(shapely.get_coordinates(ring)[:-1] * 10).astype(int)
    steps = np.diff(points, axis=0)
    start = f"M{points[0][0] / 10:g} {points[0][1] / 10:g}"
    return start + "l" + " ".join(f"{x / 10:g} {y / 10:g}" for x, y in steps if x or y) + "z"


def _geometry(area: Area, digits: int) -> Mapping[str, Any]:
    degrees = shapely.transform(area, _to_degrees)
    polygons = [
        [np.round(shapely.get_coordinates(ring), digits).tolist() for ring in shapely.get_rings(polygon)]
        for polygon in shapely.get_parts(degrees)
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _label_point(one: Outline, digits: int) -> list[float]:
    """Where the name stands, longitude first: the place's centre, or a spot inside when that lies elsewhere."""
    centre = shapely.transform(shapely.Point(one.place.lon, one.place.lat), _to_world)
    spot = centre if one.area.intersects(centre) else shapely.point_on_surface(one.area)
    found: list[float] = np.round(_to_degrees(shapely.get_coordinates(spot))[0], digits).tolist()
    return found


def _without_crumbs(area: Area, least: float) -> Area:
    parts = [part for part in shapely.get_parts(area) if part.area >= least]
    return shapely.MultiPolygon(parts) if len(parts) != 1 else parts[0]


def _to_world(degrees: Any) -> Any:
    lat = np.radians(np.clip(degrees[:, 1], -85.0511287798, 85.0511287798))
    return np.column_stack([degrees[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _to_degrees(world: Any) -> Any:
    lat = np.degrees(np.arctan(np.sinh((0.5 - world[:, 1]) * 2 * np.pi)))
    return np.column_stack([(world[:, 0] - 0.5) * 360, lat])
