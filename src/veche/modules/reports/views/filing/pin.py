"""The pin without scripts: a picture of the map that is pressed like a button, and buttons that turn it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from veche.commons.places.rules import Frame, box_of, box_text, frame_at, frame_of
from veche.commons.places.terms import CityView
from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal
from veche.kernel.words import N_

WIDTH, HEIGHT = 640, 420
_FIRST_ZOOM = 11.0
_PINNED_ZOOM = 15.0
_STEP = 0.5
_TURNS: Mapping[str, tuple[str, float, float, float]] = {
    "closer": (N_("Closer"), 2.0, 0.0, 0.0),
    "farther": (N_("Farther"), 0.5, 0.0, 0.0),
    "west": (N_("West"), 1.0, -_STEP, 0.0),
    "east": (N_("East"), 1.0, _STEP, 0.0),
    "north": (N_("North"), 1.0, 0.0, -_STEP),
    "south": (N_("South"), 1.0, 0.0, _STEP),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """The map as it stands on the page: its address, its size, the box it shows, and the ways to turn it."""

    src: str
    box: str
    turns: tuple[tuple[str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def picture(values: Mapping[str, Any], city: CityView) -> Picture:
    """The picture of a draft: around its pin, where it was turned to, or around the city's centre."""
    frame, point = _frame(values, city), _pin(values)
    box = box_text(frame.box)
    pin = f"&pin={point.lat:.6f},{point.lon:.6f}" if point else ""
    turns = tuple((code, turn[0]) for code, turn in _TURNS.items())
    return Picture(f"/{city.code}/ground.svg?box={box}&size={WIDTH}x{HEIGHT}{pin}", box, turns)


def clicked(raw: QueryDict, values: Mapping[str, Any], city: CityView) -> Point | None:
    """The point on the ground under the press on the picture, if it was pressed."""
    try:
        x, y = float(raw["pin.x"]), float(raw["pin.y"])
    except (KeyError, ValueError):
        return None
    point = _frame(values, city).point_at(x, y)
    return Point(round(point.lat, 6), round(point.lon, 6))


def turned(raw: QueryDict, values: Mapping[str, Any], city: CityView) -> dict[str, str]:
    """Where the picture looks from now on."""
    box = box_of(raw.get("box", ""))
    frame = _frame(values, city) if isinstance(box, Refusal) else frame_of(box, WIDTH, HEIGHT)
    _, factor, right, down = _TURNS.get(raw.get("turn", ""), ("", 1.0, 0.0, 0.0))
    return {"box": box_text(frame.zoomed(factor).shifted(right, down).box)}


def _frame(values: Mapping[str, Any], city: CityView) -> Frame:
    box, point = box_of(values.get("box", "")), _pin(values)
    if not isinstance(box, Refusal) and (point is None or box.holds(point)):
        return frame_of(box, WIDTH, HEIGHT)
    if point is not None:
        return frame_at(point, _PINNED_ZOOM, WIDTH, HEIGHT)
    return frame_at(city.centre, _FIRST_ZOOM, WIDTH, HEIGHT)


def _pin(values: Mapping[str, Any]) -> Point | None:
    if values.get("lat") is None or values.get("lon") is None:
        return None
    return Point(values["lat"], values["lon"])
