"""A small disk of its own that can be filled to the last byte, and stays full until it is emptied."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

_BLOCK = 1 << 20
_LOOK_S = 0.02
ALONE = "VECHE_FAULTS_ALONE"  # set where we have a table of mounts of our own


def may_mount(folder: Path) -> bool:
    """Whether this process may mount a disk; asked by doing it."""
    probe = folder / "probe"
    probe.mkdir()
    if _mount(probe, 1):
        return False
    subprocess.run(["umount", probe], check=True)
    return True


def alone(test: str) -> "subprocess.CompletedProcess[str] | None":
    """Run one test again where an ordinary user may mount: in a namespace of its own.

    Answers None where even that is refused.
    """
    space = ("unshare", "--user", "--map-root-user", "--mount")
    if os.environ.get(ALONE) or subprocess.run((*space, "true"), capture_output=True, check=False).returncode:
        return None
    command = (*space, sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", test)
    return subprocess.run(command, env=os.environ | {ALONE: "1"}, capture_output=True, text=True, check=False)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator["Disk"]:
    """A file system in memory of so many megabytes at a folder."""
    folder.mkdir()
    assert not _mount(folder, megabytes), "may_mount said that this can be done"
    disk = Disk(folder)
    try:
        yield disk
    finally:
        disk.empty()
        subprocess.run(["umount", "--lazy", folder], check=True)


class Disk:
    """What is on it beside the house: ballast."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        self._emptied = Event()
        self._filling: Thread | None = None

    def fill(self) -> None:
        """Take every byte, and each that becomes free, until `empty`."""
        self._emptied.clear()
        self._top_up()
        self._filling = Thread(target=self._keep_full, daemon=True)
        self._filling.start()

    def empty(self) -> None:
        """Give it all back."""
        self._emptied.set()
        if self._filling:
            self._filling.join()
        self._ballast.unlink(missing_ok=True)

    def _keep_full(self) -> None:
        while not self._emptied.wait(_LOOK_S):
            self._top_up()

    def _top_up(self) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (_BLOCK, 4096, 1):
                with suppress(_Full):
                    while not self._emptied.is_set():
                        _write(ballast.fileno(), size)


class _Full(Exception):  # noqa: N818 - no error, but what was wanted
    """Nothing of this size finds room."""


def _write(file: int, size: int) -> None:
    try:
        written = os.write(file, b"\0" * size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _Full from error
    if written < size:
        raise _Full


def _mount(folder: Path, megabytes: int) -> int:
    options = f"size={megabytes}m,mode=755"
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
    ).returncode
