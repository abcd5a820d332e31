"""A disk on which one operation goes wrong, as disks do."""

import errno
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from veche.kernel.disk import Disk


class Fault(Enum):
    """What goes wrong."""

    KILL = "the process is killed"
    POWER = "the power goes, and with it everything that was not made durable"
    EIO = "the disk answers with an error"
    ENOSPC = "the disk is full"

    def strikes(self, operations: list[str]) -> list[int]:
        """The numbers of the operations at which it can happen: a full disk still renames."""
        able = {"write", "make_folder"} if self is Fault.ENOSPC else set(operations)
        return [number for number, name in enumerate(operations, 1) if name in able]


class KilledError(BaseException):
    """The process is no more: nothing may catch this."""


class BrittleDisk(Disk):
    """The real disk, until operation number `at`: that one goes wrong, and what it writes comes out half.

    After a kill or the loss of power nothing touches the disk any more. `look` is called before each operation.
    What is durable is kept account of and not asked of the machine: hundreds of runs take seconds.
    """

    def __init__(
        self, at: int = 0, fault: Fault = Fault.EIO, look: Callable[[], None] = lambda: None
    ) -> None:
        self.done: list[str] = []
        self.struck = ""
        self._at, self._fault, self._look = at, fault, look
        self._dead = False
        self._dirty: set[Path] = set()
        self._moved: list[tuple[Path, bytes | None]] = []

    def make_folder(self, folder: Path) -> None:
        self._step("make_folder")
        super().make_folder(folder)

    def write(self, path: Path, content: bytes) -> None:
        self._dirty.add(path)
        self._step("write", lambda: path.write_bytes(content[: len(content) // 2]))
        super().write(path, content)

    def sync_file(self, path: Path) -> None:
        self._step("sync_file")
        self._dirty.discard(path)

    def rename(self, path: Path, target: Path) -> None:
        self._step("rename")
        before = target.read_bytes() if target.exists() else None
        super().rename(path, target)
        self._moved.append((target, before))
        if path in self._dirty:
            self._dirty.add(target)

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder")
        self._moved = [one for one in self._moved if one[0].parent != folder]

    def remove(self, path: Path) -> None:
        self._step("remove")
        super().remove(path)

    def _step(self, name: str, half: Callable[[], object] = lambda: None) -> None:
        if self._dead:
            raise KilledError  # whatever still runs here does not run any more
        self._look()
        self.done.append(name)
        if len(self.done) != self._at:
            return
        self.struck = name
        half()
        if self._fault is Fault.EIO:
            raise OSError(errno.EIO, "Input/output error")
        if self._fault is Fault.ENOSPC:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self._fault is Fault.POWER:
            self._lose()
        self._dead = True
        raise KilledError

    def _lose(self) -> None:
        for target, before in reversed(self._moved):
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before)
        for path in self._dirty:
            if path.exists():
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
