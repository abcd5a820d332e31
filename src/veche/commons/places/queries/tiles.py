"""Raster tiles of a city's own, out of the PMTiles file of its pack."""

import mmap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pmtiles.reader import Reader
from pmtiles.tile import TileType

from veche.commons.places.terms import CityView

_KINDS = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
}
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture and its media type."""

    body: bytes
    kind: str


def tile(city: CityView, z: int, x: int, y: int) -> Tile | None:
    """One tile; None where the city has no tiles of its own, or none there."""
    path = _archive(city)
    if path is None or z > _DEEPEST or x >= 1 << z or y >= 1 << z:
        return None
    reader, kind = _opened(path, path.stat().st_mtime_ns)
    body = reader.get(z, x, y) if kind else None
    return Tile(body, kind) if body else None


def _archive(city: CityView) -> Path | None:
    name = city.tiles.file if city.tiles else ""
    if not name or Path(name).name != name:
        return None
    folders = [folder for parent in settings.CITY_DIRS for folder in (parent, parent / city.code)]
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


@lru_cache(maxsize=8)
def _opened(path: Path, changed_ns: int) -> tuple[Any, str]:  # noqa: ARG001 - a changed file is opened anew
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    reader: Any = Reader(lambda offset, length: mapping[offset : offset + length])  # type: ignore[no-untyped-call]
    return reader, _KINDS.get(reader.header()["tile_type"], "")
