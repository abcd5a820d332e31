"""A picture of the map: from a pixel to a point on the ground and back, in the projection all web maps use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import asinh, atan, degrees, isfinite, log2, pi, radians, sinh, tan
from urllib.parse import urlsplit

from veche.kernel.geo import Box, Point
from veche.kernel.refusals import Refusal

TILE_PX = 256
DEEPEST_ZOOM = 19.0
# Web Mercator ends here; beyond it the world is no square any more.
_NORTHERNMOST = 85.051128779806589
_LEAST_PX, _MOST_PX = 16, 2048
_LEAST_SPAN = 1e-9


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of `width` by `height` pixels; `scale` is how many of them the whole world is wide.

    `x` and `y` are the world's coordinates of its left upper corner: 0 to 1 eastward and southward.
    """

    x: float
    y: float
    scale: float
    width: int
    height: int

    def pixel_of(self, point: Point) -> tuple[float, float]:
        """Where a point is drawn, in pixels rightward and downward; it may lie outside the picture."""
        x, y = _world(point)
        return (x - self.x) * self.scale, (y - self.y) * self.scale

    def point_at(self, x: float, y: float) -> Point:
        """The point that is drawn at a pixel."""
        return _ground(self.x + x / self.scale, self.y + y / self.scale)

    @property
    def box(self) -> Box:
        """All the picture shows, in degrees."""
        north_west = self.point_at(0, 0)
        south_east = self.point_at(self.width, self.height)
        return Box(south_east.lat, north_west.lon, north_west.lat, south_east.lon)

    @property
    def zoom(self) -> float:
        """The zoom that web maps call this scale by."""
        return log2(self.scale / TILE_PX)

    def zoomed(self, factor: float, *, at: Point | None = None) -> "Frame":
        """The same picture `factor` times larger, with `at` (or its middle) in the middle."""
        scale = min(self.scale * factor, TILE_PX * 2**DEEPEST_ZOOM)
        x, y = (
            _world(at)
            if at
            else (self.x + self.width / self.scale / 2, self.y + self.height / self.scale / 2)
        )
        return replace(self, scale=scale, x=x - self.width / scale / 2, y=y - self.height / scale / 2)

    def shifted(self, right: float, down: float) -> "Frame":
        """The picture moved by parts of its own width and height."""
        return replace(
            self,
            x=self.x + right * self.width / self.scale,
            y=self.y + down * self.height / self.scale,
        )


def frame_of(box: Box, width: int, height: int) -> Frame:
    """The picture of this size that shows the whole box in its middle, as large as it fits.

    The answer depends on nothing else: whoever knows box and size finds the point under a click. `frame.box` given
    back here with the same size is the same picture again.
    Units: degrees, pixels.
    Refuses: never.
    """
    west, north = _world(Point(box.north, box.west))
    east, south = _world(Point(box.south, box.east))
    across, down = max(east - west, _LEAST_SPAN), max(south - north, _LEAST_SPAN)
    scale = min(width / across, height / down, TILE_PX * 2**DEEPEST_ZOOM)
    x, y = (west + east) / 2 - width / scale / 2, (north + south) / 2 - height / scale / 2
    return Frame(x, y, scale, width, height)


def frame_at(point: Point, zoom: float, width: int, height: int) -> Frame:
    """The picture of this size around a point, at a zoom as web maps count it.

    Units: degrees, pixels. Refuses: never.
    """
    x, y = _world(point)
    scale = TILE_PX * 2 ** min(max(zoom, 0.0), DEEPEST_ZOOM)
    return Frame(x - width / scale / 2, y - height / scale / 2, scale, width, height)


def box_of(text: str) -> Box | Refusal:
    """Read `west,south,east,north` in degrees, the order in which addresses of maps are written.

    Refuses: `places.bad-box`.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return Refusal("places.bad-box", "box")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return Refusal("places.bad-box", "box")
    return Box(south, west, north, east)


def box_text(box: Box) -> str:
    """Write a box as `box_of` reads it, to the digits that a pixel at the deepest zoom needs."""
    return ",".join(
        f"{value:.7f}".rstrip("0").rstrip(".") for value in (box.west, box.south, box.east, box.north)
    )


def frame_asked(
    raw: Mapping[str, str], around: Box, *, width: int = 640, height: int = 400
) -> Frame | Refusal:
    """The picture an address asks for: `box`, or `at=lat,lon` with `zoom`, and `size=640x400`; else all of `around`.

    Refuses: `places.bad-box`.
    """
    wide, _, high = raw.get("size", "").partition("x")
    if wide.isascii() and wide.isdigit() and high.isascii() and high.isdigit():
        width, height = _held(int(wide[:5])), _held(int(high[:5]))
    if "at" in raw:
        point = point_of(raw["at"])
        zoom = _number(raw.get("zoom", "14"))
        if point is None or zoom is None:
            return Refusal("places.bad-box", "at")
        return frame_at(point, zoom, width, height)
    box = box_of(raw["box"]) if "box" in raw else around
    return box if isinstance(box, Refusal) else frame_of(box, width, height)


def point_of(text: str) -> Point | None:
    """Read `lat,lon` in degrees; None when it is something else."""
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    point = Point(numbers[0], numbers[1])
    return point if abs(point.lat) <= 90 and abs(point.lon) <= 180 else None


def tile_origin(url: str) -> str:
    """The origin a content policy must allow for an XYZ address; empty for addresses of our own.

    Refuses: never.
    """
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def _world(point: Point) -> tuple[float, float]:
    lat = min(max(point.lat, -_NORTHERNMOST), _NORTHERNMOST)
    return point.lon / 360 + 0.5, 0.5 - asinh(tan(radians(lat))) / (2 * pi)


def _ground(x: float, y: float) -> Point:
    return Point(degrees(atan(sinh((0.5 - y) * 2 * pi))), (x - 0.5) * 360)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _held(pixels: int) -> int:
    return min(max(pixels, _LEAST_PX), _MOST_PX)
