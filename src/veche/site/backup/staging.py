"""Folders that are filled aside and then take the place of what was there, each by a few renames."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_FRESH = ".restoring"


class Staged:
    """A folder's contents to be, beside the present ones in the same folder: so it may be a disk of its own."""

    def __init__(self, folder: Path, stamp: str) -> None:
        self.folder = folder
        self.fresh = folder / _FRESH
        self.replaced = folder / f".replaced-{stamp}"

    def begin(self) -> None:
        """Make the empty place; what an interrupted restore left there goes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.forget()
        self.fresh.mkdir(mode=0o700)

    def forget(self) -> None:
        """Remove what was not taken over."""
        shutil.rmtree(self.fresh, ignore_errors=True)

    def take_over(self) -> bool:
        """Put what was there aside and the new in its place; answers whether there was anything."""
        old = list(visible(self.folder))
        if old:
            self.replaced.mkdir(mode=0o700)
            for path in old:
                path.rename(self.replaced / path.name)
        for path in list(self.fresh.iterdir()):
            path.rename(self.folder / path.name)
        self.fresh.rmdir()
        sync(self.folder)
        return bool(old)


def visible(folder: Path) -> Iterable[Path]:
    """What lies in a folder, without what is under way or was put aside."""
    with suppress(FileNotFoundError):
        yield from (path for path in folder.iterdir() if not path.name.startswith("."))


def close_to_others(folder: Path) -> None:
    """Let only ourselves read what lies below."""
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
