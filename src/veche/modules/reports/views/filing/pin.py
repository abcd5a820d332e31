"""The pin without scripts: a picture of the map that is pressed like a button, and buttons that turn it.

The picture is never scaled, because browsers count a press in pixels of the page: a narrow page shows its middle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from veche.commons.places.rules import Frame, box_of, box_text, frame_at, frame_of
from veche.commons.places.terms import CityView
from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal
from veche.kernel.words import N_
from veche.modules.reports import forms

WIDTH, HEIGHT = 640, 420
PIN_ACTS = frozenset({"here", "middle", "unpin"})
_FIRST_ZOOM = 11.0
_PINNED_ZOOM = 15.0
_NEARER = 4.0  # a press on a distant view comes closer, so that the next press can be exact
_ACROSS, _DOWN = 0.4, 0.5  # narrow pages show less than half of the width: a turn leaves no gap
_TURNS: Mapping[str, tuple[str, float, float, float]] = {
    "closer": (N_("Closer"), 2.0, 0.0, 0.0),
    "farther": (N_("Farther"), 0.5, 0.0, 0.0),
    "west": (N_("West"), 1.0, -_ACROSS, 0.0),
    "east": (N_("East"), 1.0, _ACROSS, 0.0),
    "north": (N_("North"), 1.0, 0.0, -_DOWN),
    "south": (N_("South"), 1.0, 0.0, _DOWN),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """The map as it stands on the page: what it shows, its size, its pin, and the ways to turn it."""

    box: str
    pin: str
    turns: tuple[tuple[str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def size(self) -> str:
        """The size as the picture's address has it."""
        return f"{self.width}x{self.height}"


def picture(values: Mapping[str, Any], city: CityView) -> Picture:
    """The picture of a draft: where it was turned to, around its pin or its place, or around the city's centre."""
    point = _pin(values)
    pin = f"{point.lat:.6f},{point.lon:.6f}" if point else ""
    turns = tuple((code, turn[0]) for code, turn in _TURNS.items())
    return Picture(box_text(_frame(values, city).box), pin, turns)


def asked_point(raw: QueryDict, values: Mapping[str, Any], city: CityView) -> Point | None:
    """Where the pin shall be: under the press, in the middle, or where the device says it is; None takes it away.

    A keyboard presses a picture at its corner, and means the picture: that is its middle, too.
    """
    act = raw.get("act", "")
    if act == "unpin":
        return None
    if act == "here":
        return _pin(values)
    frame = _frame(values, city)
    try:
        x, y = float(str(raw["pin.x"])), float(str(raw["pin.y"]))
    except (KeyError, ValueError):
        x, y = 0.0, 0.0
    if not (0 < x <= WIDTH and 0 < y <= HEIGHT):
        x, y = WIDTH / 2, HEIGHT / 2
    point = frame.point_at(x, y)
    return Point(round(point.lat, 6), round(point.lon, 6))


def turned(raw: QueryDict, values: Mapping[str, Any], city: CityView) -> dict[str, str]:
    """Where the picture looks from now on: the press itself is found on the picture it was made on."""
    act = raw.get("act", "")
    if act == "here":
        return {"box": ""}
    box = box_of(raw.get("box", ""))
    frame = _frame(values, city) if isinstance(box, Refusal) else frame_of(box, WIDTH, HEIGHT)
    _, factor, right, down = _TURNS.get(raw.get("turn", ""), ("", 1.0, 0.0, 0.0))
    return {"box": box_text(frame.zoomed(factor).shifted(right, down).box)}


def came_closer(values: Mapping[str, Any], city: CityView) -> dict[str, str]:
    """Where the picture looks after a pin was put into a distant view."""
    frame, point = _frame(values, city), _pin(values)
    if point is None or frame.zoom >= _PINNED_ZOOM:
        return {}
    nearer = min(_NEARER, 2 ** (_PINNED_ZOOM - frame.zoom))
    return {"box": box_text(frame.zoomed(nearer, at=point).box)}


def _frame(values: Mapping[str, Any], city: CityView) -> Frame:
    box, point = box_of(values.get("box", "")), _pin(values)
    if not isinstance(box, Refusal):
        return frame_of(box, WIDTH, HEIGHT)
    if point is not None:
        return frame_at(point, _PINNED_ZOOM, WIDTH, HEIGHT)
    place = forms.place_chosen(values, city)
    return frame_at(Point(place.lat, place.lon) if place else city.centre, _FIRST_ZOOM, WIDTH, HEIGHT)


def _pin(values: Mapping[str, Any]) -> Point | None:
    if values.get("lat") is None or values.get("lon") is None:
        return None
    return Point(values["lat"], values["lon"])
