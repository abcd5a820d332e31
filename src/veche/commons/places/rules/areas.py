"""Borders: read from GeoJSON, repaired, and computed from centres where there are none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, TypeAlias

import shapely
from shapely import MultiPoint, MultiPolygon
from shapely.geometry import shape

# shapely brings no types: a Polygon or a MultiPolygon.
Area: TypeAlias = Any
NOTHING = MultiPolygon()
# A city of centres only ends this far beyond the outermost of them: a tenth of its width, a few kilometres at least.
_MARGIN = 0.1
_LEAST_MARGIN_DEG = 0.03
_OUTSIDE_LIMITS = 181.0


@dataclass(frozen=True, slots=True)
class Site:
    """A place for which a border is sought.

    `exact` is its known border; `outline` a coarse one that the pack drew.
    """

    code: str
    parent: str
    lat: float
    lon: float
    exact: Area | None = None
    outline: Area | None = None


@dataclass(frozen=True, slots=True)
class Border:
    """The border of a place, and whether it was computed."""

    area: Area
    approximate: bool


def areas_of(sites: Sequence[Site]) -> dict[str, Border]:
    """Give every place a border. Places without one share what their parent has left, each point to the nearest centre.

    A parent without a border is the sum of its children where all of theirs are known; else its outline, or a hull
    around the centres, together with what is known. A place whose centre is shared with another, or for which nothing
    is left, gets none.
    Units: degrees; distances between centres are compared in a plane that is true at the parent's middle.
    Refuses: never.
    """
    children: dict[str, list[Site]] = {}
    for site in sites:
        children.setdefault(site.parent, []).append(site)
    known: dict[str, Area] = {}
    for site in reversed(_down(children)):
        if (area := _known_area(site, children, known)) is not None:
            known[site.code] = area
    borders: dict[str, Border] = {}
    for root in children.get("", ()):
        borders[root.code] = _root(root, children, known)
        _share(root, borders, children, known)
    return borders


def from_geojson(geometry: Mapping[str, Any]) -> Area | None:
    """Read a Polygon or MultiPolygon and repair it; None when it is something else or nothing is left."""
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return None
    try:
        return repaired(shape(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
        return None


def repaired(geometry: Any) -> Area | None:
    """Mend crossing rings and the like, keep the polygons only; None when nothing is left."""
    mended = geometry if geometry.is_valid else shapely.make_valid(geometry)
    # Parts of parts: a mended ring may be a collection of multipolygons and left-over lines.
    parts = [part for part in shapely.get_parts(shapely.get_parts(mended)) if part.geom_type == "Polygon"]
    whole = shapely.union_all(parts) if len(parts) > 1 else (parts[0] if parts else NOTHING)
    return None if whole.is_empty or whole.area == 0.0 else whole


def is_in_degrees(area: Area) -> bool:
    """Whether the coordinates can be longitude and latitude."""
    west, south, east, north = area.bounds
    return bool(west > -_OUTSIDE_LIMITS and east < _OUTSIDE_LIMITS and south >= -90.0 and north <= 90.0)


def cells_of(sites: Sequence[Site], region: Area) -> dict[str, Area]:
    """Share a region among centres, each point to the nearest one; of several in one spot the first code gets it.

    Units: degrees, compared in a plane true at the region's middle.
    Refuses: never.
    """
    squeeze = max(0.01, cos(radians(region.centroid.y)))
    spots: dict[tuple[float, float], str] = {}
    for site in sorted(sites, key=lambda one: one.code):
        spots.setdefault((site.lon * squeeze, site.lat), site.code)
    if len(spots) < 2:
        return dict.fromkeys(spots.values(), region)
    flat = _scaled(region, squeeze)
    grown = flat.envelope.union(MultiPoint(list(spots)).envelope).envelope
    cells = shapely.voronoi_polygons(MultiPoint(list(spots)), extend_to=grown, ordered=True)
    pieces = {
        code: _polygons(_scaled(cell.intersection(flat), 1 / squeeze))
        for code, cell in zip(spots.values(), cells.geoms, strict=True)
    }
    return {code: piece for code, piece in pieces.items() if not piece.is_empty}


def _down(children: Mapping[str, Sequence[Site]]) -> list[Site]:
    """All sites, parents first."""
    found = list(children.get("", ()))
    for site in found:
        found += children.get(site.code, ())
    return found


def _known_area(site: Site, children: Mapping[str, Sequence[Site]], known: Mapping[str, Area]) -> Area | None:
    """What is known for certain of a place: its border, or the sum of its children where all of theirs are known."""
    if site.exact is not None:
        return site.exact
    own = children.get(site.code, ())
    if own and all(child.code in known for child in own):
        return _sum(known[child.code] for child in own)
    return None


def _root(root: Site, children: Mapping[str, Sequence[Site]], known: Mapping[str, Area]) -> Border:
    if root.code in known:
        return Border(known[root.code], approximate=False)
    below = _down({"": children.get(root.code, ()), **{k: v for k, v in children.items() if k}})
    coarse = root.outline or _hull([root, *below])
    return Border(_sum([coarse, *(known[one.code] for one in below if one.code in known)]), approximate=True)


def _share(
    parent: Site,
    borders: dict[str, Border],
    children: Mapping[str, Sequence[Site]],
    known: Mapping[str, Area],
) -> None:
    own = children.get(parent.code, ())
    if not own or parent.code not in borders:
        return
    borders |= {
        child.code: Border(known[child.code], approximate=False) for child in own if child.code in known
    }
    left = borders[parent.code].area
    if certain := [known[child.code] for child in own if child.code in known]:
        left = _polygons(left.difference(_sum(certain)))
    for child in own:
        if child.code not in known and child.outline is not None:
            drawn = _polygons(child.outline.intersection(left))
            if not drawn.is_empty:
                borders[child.code] = Border(drawn, approximate=True)
                left = _polygons(left.difference(drawn))
    rest = [child for child in own if child.code not in borders]
    if rest and not left.is_empty:
        borders |= {code: Border(area, approximate=True) for code, area in cells_of(rest, left).items()}
    for child in own:
        _share(child, borders, children, known)


def _hull(sites: Iterable[Site]) -> Area:
    hull = MultiPoint([(site.lon, site.lat) for site in sites]).convex_hull
    west, south, east, north = hull.bounds
    margin = max(_LEAST_MARGIN_DEG, _MARGIN * max(east - west, north - south))
    grown: Area = hull.buffer(margin)
    return grown


def _sum(areas: Iterable[Area]) -> Area:
    return _polygons(shapely.union_all(list(areas)))


def _polygons(geometry: Any) -> Area:
    return repaired(geometry) or NOTHING


def _scaled(geometry: Any, factor: float) -> Any:
    return shapely.transform(geometry, lambda xy: xy * (factor, 1.0))
