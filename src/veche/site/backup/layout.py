"""Where the parts of this house lie, and what they are called in an archive."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from veche.commons.journal.rules.tiles import WIDTH, Tile

PEOPLE = "people.sqlite3"  # the keys of people, among the secrets


def media() -> Path:
    """The photographs."""
    return Path(settings.MEDIA_ROOT)


def journal() -> Path:
    """The published files of the log."""
    return Path(settings.CONFIG.journal_folder)


def keys() -> Path:
    """The secrets: the key of the log and those of the people."""
    return Path(settings.CONFIG.keys_folder)


def data() -> Path:
    """The folder of everything that has no other place."""
    return Path(settings.DATA_DIR)


def unfinished() -> Path:
    """The mark of a restore that changes the house just now, or was interrupted while it did."""
    return data() / "restore.unfinished"


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every finished file below a folder, in a steady order, by its path with slashes.

    Names that begin with a dot are of writings under way.
    """
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                path = Path(base) / name
                yield path.relative_to(folder).as_posix(), path


def tile_start(path: str) -> int | None:
    """How many leaves come before the first one of a tile; None for what is no tile."""
    top, _, rest = path.partition("/")
    tile = Tile.parse(rest) if top == "tile" else None
    return None if tile is None else int(tile.index * WIDTH * WIDTH ** (tile.level or 0))
