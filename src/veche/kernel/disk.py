"""Files that are whole or absent, and durable: what the log and the photographs are written with."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """The operations of the disk, one by one, so that a test can let each of them fail."""

    def make_folder(self, folder: Path) -> None: ...  # noqa: D102 - said by its name
    def write(self, path: Path, content: bytes) -> None: ...  # noqa: D102 - said by its name
    def sync_file(self, path: Path) -> None: ...  # noqa: D102 - said by its name
    def rename(self, path: Path, target: Path) -> None: ...  # noqa: D102 - said by its name
    def sync_folder(self, folder: Path) -> None: ...  # noqa: D102 - said by its name
    def remove(self, path: Path) -> None: ...  # noqa: D102 - said by its name


class Disk:
    """The real disk."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, and make their names durable, also where a broken run made some."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        found = missing[-1].parent if missing else folder
        with suppress(PermissionError):  # above our own place nobody owes us the right to look
            self.sync_folder(found.parent)
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            self.sync_folder(one.parent)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file anew."""
        path.write_bytes(content)

    def sync_file(self, path: Path) -> None:
        """Make the content of a file durable."""
        _synced(path, os.O_RDWR)

    def rename(self, path: Path, target: Path) -> None:
        """Put a file in the place of another, at once."""
        path.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        _synced(folder, os.O_RDONLY)

    def remove(self, path: Path) -> None:
        """Remove a file; one that is not there is no matter."""
        path.unlink(missing_ok=True)


class WholeFiles:
    """Writes files into folders: beside, made durable, renamed, their names made durable.

    Whoever reads meanwhile, and whoever comes after a crash, sees the old file or the new one, never a part.
    """

    def __init__(self, disk: Files | None = None) -> None:
        """Without a disk of a test it is the real one."""
        self._disk = disk or Disk()
        self._known: set[Path] = set()

    def lay_down(self, files: Mapping[Path, bytes]) -> None:
        """Write files; once this returns they survive a crash of the machine.

        Refuses: never; raises OSError when the disk does.
        """
        try:
            self._begin(files)
        except FileNotFoundError:  # a folder was taken away under us
            self._known.clear()
            self._begin(files)
        for target in files:
            self._disk.sync_file(part_of(target))
        for target in files:
            self._disk.rename(part_of(target), target)
        for folder in dict.fromkeys(target.parent for target in files):
            self._disk.sync_folder(folder)

    def clear(self, target: Path) -> None:
        """Remove a file, and what an interrupted writing left of it."""
        self._disk.remove(target)
        self._disk.remove(part_of(target))

    def _begin(self, files: Mapping[Path, bytes]) -> None:
        for target, content in files.items():
            if target.parent not in self._known:
                self._disk.make_folder(target.parent)
                self._known.add(target.parent)
            self._disk.write(part_of(target), content)


def part_of(target: Path) -> Path:
    """Where a file is written before it gets its name; an interrupted writing leaves it."""
    return target.with_name(f".{target.name}.part")


def _synced(path: Path, how: int) -> None:
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
