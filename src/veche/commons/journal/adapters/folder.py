"""The log in a folder, and a twin in memory."""

import fcntl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from veche.kernel.disk import Files, WholeFiles

_LOCK_FILE = ".lock"
_LOOK_S = 0.02


class FolderStore:
    """Files under a folder. A file is written beside, made durable and renamed: readers see the old one or the new."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        """The folder is made with the first file."""
        self._root = root
        self._files = WholeFiles(files)

    def read(self, path: str) -> bytes | None:
        """The content of a file; None when it is not there."""
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, each whole or not at all, and make them durable together."""
        self._files.lay_down({self._root / path: content for path, content in files.items()})

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
