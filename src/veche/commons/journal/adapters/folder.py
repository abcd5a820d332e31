"""The log in a folder, and a twin in memory."""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol

_LOCK_FILE = ".lock"
_LOOK_S = 0.02


class Files(Protocol):
    """The operations of the disk a folder is written with, one by one, so that a test can let each of them fail."""

    def make_folder(self, folder: Path) -> None: ...  # noqa: D102 - said by its name
    def write(self, path: Path, content: bytes) -> None: ...  # noqa: D102 - said by its name
    def sync_file(self, path: Path) -> None: ...  # noqa: D102 - said by its name
    def rename(self, path: Path, target: Path) -> None: ...  # noqa: D102 - said by its name
    def sync_folder(self, folder: Path) -> None: ...  # noqa: D102 - said by its name


class Disk:
    """The real disk."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it; their names are made durable as well."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for one in reversed(missing):
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


class FolderStore:
    """Files under a folder. A file is written beside, made durable and renamed: readers see the old one or the new."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        """The folder is made with the first file."""
        self._root = root
        self._files = files or Disk()
        self._known: set[Path] = set()

    def read(self, path: str) -> bytes | None:
        """The content of a file; None when it is not there."""
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, each whole or not at all, and make them durable together."""
        written = [(self._beside(path, content), self._root / path) for path, content in files.items()]
        for part, _ in written:
            self._files.sync_file(part)
        for part, target in written:
            self._files.rename(part, target)
        for folder in {target.parent for _, target in written}:
            self._files.sync_folder(folder)

    @contextmanager
    def alone(self, *, patience_s: float = 0) -> Iterator[bool]:
        """Hold the folder against other processes; the system lets go when this one dies."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / _LOCK_FILE).open("w") as handle:
            held = _locked(handle.fileno(), time.monotonic() + patience_s)
            try:
                yield held
            finally:
                if held:
                    fcntl.flock(handle, fcntl.LOCK_UN)

    def _beside(self, path: str, content: bytes) -> Path:
        target = self._root / path
        if target.parent not in self._known:
            self._files.make_folder(target.parent)
            self._known.add(target.parent)
        part = target.with_name(f".{target.name}.part")
        try:
            self._files.write(part, content)
        except FileNotFoundError:  # the folder was taken away under us
            self._known.clear()
            self._files.make_folder(target.parent)
            self._files.write(part, content)
        return part


class MemoryStore:
    """Keeps everything in this process; for tests and consoles."""

    def __init__(self) -> None:
        """Empty at first."""
        self.files: dict[str, bytes] = {}
        self._lock = Lock()

    def read(self, path: str) -> bytes | None:
        """The content of a file; None when it is not there."""
        return self.files.get(path)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Keep files."""
        self.files.update(files)

    @contextmanager
    def alone(self, *, patience_s: float = 0) -> Iterator[bool]:
        """Hold it against other threads."""
        held = self._lock.acquire(timeout=patience_s) if patience_s else self._lock.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                self._lock.release()


def _locked(handle: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_S)
        else:
            return True


def _synced(path: Path, how: int) -> None:
    handle = os.open(path, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
