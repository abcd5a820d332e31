"""What a map is drawn upon, simplified once per version of the territories and kept."""

from threading import Lock
from uuid import UUID

from veche.commons.places import rules
from veche.commons.places.models import Place
from veche.commons.places.queries.tree import tree_of
from veche.commons.places.terms import CityView
from veche.kernel.geo import Box, Point
from veche.kernel.memo import Memo

FINEST_WHOLE = 7
_MOST_KEPT = 300
_LOCK = Lock()


_PICTURES: Memo[str] = Memo(_MOST_KEPT)
_FILES: Memo[bytes] = Memo(_MOST_KEPT)


class _Ground:
    """The borders of one version, and simplified ones per level."""

    def __init__(self, version: int, outlines: list[rules.Outline]) -> None:
        self.version = version
        self._outlines = outlines
        self._levels: dict[int, list[rules.Outline]] = {}

    def at(self, level: int) -> list[rules.Outline]:
        if level not in self._levels:
            with _LOCK:
                if level not in self._levels:
                    self._levels[level] = rules.simplified(self._outlines, level)
        return self._levels[level]


_GROUNDS: dict[UUID, _Ground] = {}


def ground_image(
    city: CityView, frame: rules.Frame, *, language: str, theme: str = "auto", pin: Point | None = None
) -> str:
    """The ground as an SVG picture."""
    return _PICTURES.of(
        (city.id, city.ground_version, frame, language, theme, pin),
        lambda: rules.drawing(
            _ground(city).at(rules.level_for(frame.zoom)), frame, language=language, theme=theme, pin=pin
        ),
    )


def ground_shapes(city: CityView, zoom: float, box: Box | None = None) -> bytes:
    """The ground as GeoJSON, fine enough for a zoom; without a box no finer than a whole region needs."""
    level = rules.level_for(zoom if box else min(zoom, FINEST_WHOLE))
    return _FILES.of(
        (city.id, city.ground_version, level, box),
        lambda: rules.to_geojson(_ground(city).at(level), level, box=box),
    )


def _ground(city: CityView) -> _Ground:
    ground = _GROUNDS.get(city.id)
    if ground is None or ground.version != city.ground_version:
        ground = _GROUNDS[city.id] = _Ground(city.ground_version, _outlines(city))
    return ground


def _outlines(city: CityView) -> list[rules.Outline]:
    tree = tree_of(city.id)
    if tree is None:
        return []
    rows = Place.objects.filter(city_id=city.id, boundary__isnull=False).order_by("depth", "code")
    return [
        rules.projected(tree.places[id_], bytes(boundary))
        for id_, boundary in rows.values_list("id", "boundary")
        if boundary and id_ in tree.index.ids
    ]
