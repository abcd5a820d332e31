"""A house with several workers, on either database."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.shared import ROOT

VECHE = (sys.executable, "-m", "veche.site")


class CrewHouse:
    """A folder, a database, and processes in them."""

    def __init__(self, folder: Path, url: str = "", **settings: str) -> None:
        self.folder = folder
        keep = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        own = {
            "VECHE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.faults.crew.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
        }
        self.environment = keep | own | ({"DATABASE_URL": url} if url else {}) | settings
        done = subprocess.run([*VECHE, "migrate", "--quiet"], env=self.environment, cwd=ROOT, check=False)
        assert done.returncode == 0

    def act(self, *words: object) -> dict[str, Any]:
        """Run `acts.py` to its end."""
        done = self.begin(*self._act(words), stdout=subprocess.PIPE)
        out, _ = done.communicate()
        assert done.returncode == 0
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found

    def act_together(self, count: int, *words: object) -> None:
        """Run `acts.py` in several processes at once."""
        processes = [self.begin(*self._act(words), stdout=subprocess.DEVNULL) for _ in range(count)]
        assert [process.wait(120) for process in processes] == [0] * count

    def begin(self, *command: str, **more: Any) -> "subprocess.Popen[bytes]":
        """Begin a command."""
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, start_new_session=True, **more)

    @contextmanager
    def workers(self, count: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
        """Let so many workers work; in the end they are asked to stop, and do."""
        running = [self.begin(*VECHE, "worker") for _ in range(count)]
        try:
            yield running
            for one in running:
                one.send_signal(signal.SIGTERM)
            assert [one.wait(60) for one in running] == [0] * count
        finally:
            for one in running:
                if one.poll() is None:
                    os.killpg(one.pid, signal.SIGKILL)
                    one.wait()

    @staticmethod
    def _act(words: tuple[object, ...]) -> list[str]:
        return [sys.executable, "-m", "tests.faults.crew.acts", *(str(word) for word in words)]
