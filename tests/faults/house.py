"""A house of its own for a fault: a folder, its database, and processes that may be killed in it."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.shared import ROOT

VECHE = (sys.executable, "-m", "veche.site")


class House:
    """Real processes on a SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        keep = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        paths = os.pathsep.join((str(ROOT), str(ROOT / "src")))
        own = {
            "VECHE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "veche.site.settings",
            "PYTHONPATH": paths,
        }
        self.environment = keep | own
        self.run(*VECHE, "migrate", "--quiet")

    def run(self, *command: str) -> str:
        """Run a command to its end; answers what it printed."""
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def begin(self, *command: str) -> "subprocess.Popen[bytes]":
        """Begin a command that will be killed."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def town(self, *words: str) -> dict[str, Any]:
        """Run `town.py` in this house."""
        found: dict[str, Any] = json.loads(
            self.run(sys.executable, "-m", "tests.faults.town", *words).splitlines()[-1]
        )
        return found

    def ask(self, statement: str) -> int:
        """One number out of the database, past everything of ours."""
        with closing(sqlite3.connect(self.folder / "veche.sqlite3", timeout=20)) as connection, connection:
            row = connection.execute(statement).fetchone()
            return int(row[0]) if row else 0

    def write(self, statement: str) -> None:
        """One change to the database, past everything of ours."""
        with closing(sqlite3.connect(self.folder / "veche.sqlite3", timeout=20)) as connection, connection:
            connection.execute(statement)


def eventually(question: Callable[[], bool], seconds: float = 90) -> bool:
    """Ask until the answer is yes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.02)
    return False
