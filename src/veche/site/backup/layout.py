"""Where the parts of this house lie, and what they are called in an archive."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

CHECKPOINT = "checkpoint"
_TILE = re.compile(r"tile/(entries|\d{1,2})/((?:x\d{3}/)*)(\d{3})(?:\.p/(\d{1,3}))?")
_WIDTH = 256


def media() -> Path:
    """The photographs."""
    return Path(settings.MEDIA_ROOT)


def journal() -> Path:
    """The published files of the log."""
    return Path(getattr(settings, "JOURNAL_DIR", settings.DATA_DIR / "journal"))


def keys() -> Path:
    """The secrets: the key of the log and those of the people."""
    return Path(getattr(settings, "KEYS_DIR", settings.DATA_DIR / "keys"))


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


def tile_end(path: str) -> int | None:
    """How many leaves a log must have for a tile to be its own; None for what is no tile."""
    match = _TILE.fullmatch(path)
    if match is None:
        return None
    level = 0 if match[1] == "entries" else int(match[1])
    number = int(match[2].replace("x", "").replace("/", "") + match[3])
    width = int(match[4] or _WIDTH)
    return int((number * _WIDTH + width) * _WIDTH**level)
