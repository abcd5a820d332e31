"""Processes under a supervisor, as a service manager keeps them: whatever ends is started again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

_PAUSE_S = 0.3  # `RestartSec` of deploy/systemd, shorter: a proof need not wait for it
_GRACE_S = 40


class Kept:
    """One process that is started again whenever it ends, as `Restart=always` does.

    `ended` holds the exit codes of its own ends; those we killed are in `kills`.
    """

    def __init__(
        self, begin: "Callable[[], subprocess.Popen[bytes]]", *, slay: Callable[[int], None]
    ) -> None:
        self._begin, self._slay = begin, slay
        self.process = begin()
        self.kills = 0
        self.ended: list[int] = []
        self._struck = False
        self._closing = Event()
        self._watch = Thread(target=self._keep, daemon=True)
        self._watch.start()

    def kill(self) -> None:
        """SIGKILL, with everything it started, at once; the supervisor starts it again."""
        self._struck = True
        self.kills += 1
        self._slay(self.process.pid)

    def close(self) -> None:
        """End it for good."""
        self._closing.set()
        with suppress(ProcessLookupError):
            self.process.terminate()
        self._watch.join(_GRACE_S)
        if self._watch.is_alive():
            self._slay(self.process.pid)
            self._watch.join()

    def _keep(self) -> None:
        while True:
            code = self.process.wait()
            if not self._struck and not self._closing.is_set():
                self.ended.append(code)
            self._struck = False
            if self._closing.wait(_PAUSE_S):
                return
            self.process = self._begin()


def slay_group(pid: int) -> None:
    """Kill a process and its whole group."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def slay_family(pid: int) -> None:
    """Kill a process and all it started, though each of those has a group of its own, as those of PostgreSQL do.

    The parent is stopped first: it would notice the death of a child and tidy up, which a lost machine does not.
    """
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        family = _family(pid)
        for one in (*family, pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        until = time.monotonic() + _GRACE_S
        while any(_lives(one) for one in family) and time.monotonic() < until:
            time.sleep(0.005)


def _family(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_family(int(child))]
    return found


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False
