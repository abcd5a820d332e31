"""A house of its own for a fault: a folder, its database, and processes that may be killed in it."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from tests.faults.keeping import Kept, slay_group
from tests.ports import free_port
from tests.shared import ROOT

VECHE = (sys.executable, "-m", "veche.site")


class House:
    """Real processes on a SQLite file, or on the PostgreSQL of an address."""

    def __init__(self, folder: Path, *, url: str = "") -> None:
        self.folder, self.url, self.port = folder, url, free_port()
        keep = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        paths = os.pathsep.join((str(ROOT), str(ROOT / "src")))
        own = {
            "VECHE_DATA_DIR": str(folder),
            "VECHE_PORT": str(self.port),
            "DATABASE_URL": url,
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

    def begin(self, *command: str, log: Path | None = None) -> "subprocess.Popen[bytes]":
        """Begin a command that will be killed."""
        with (log or Path(os.devnull)).open("ab") as words:
            return subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=words, stderr=words, start_new_session=True
            )

    def keep(self, *words: str, log: Path | None = None) -> Kept:
        """Run a command of `veche` under a supervisor."""
        return Kept(lambda: self.begin(*VECHE, *words, log=log), slay=slay_group)

    def town(self, *words: str) -> dict[str, Any]:
        """Run `town.py` in this house."""
        return self.tell("tests.faults.town", *words)

    def tell(self, module: str, *words: str) -> dict[str, Any]:
        """Run a program of these proofs in this house; answers the last line it printed."""
        found: dict[str, Any] = json.loads(self.run(sys.executable, "-m", module, *words).splitlines()[-1])
        return found

    def ask(self, statement: str) -> int:
        """One number out of the database, past everything of ours."""
        with self._database() as connection:
            row = connection.execute(statement).fetchone()
            return int(row[0]) if row else 0

    def write(self, statement: str) -> None:
        """One change to the database, past everything of ours."""
        with self._database() as connection:
            connection.execute(statement)

    @contextmanager
    def _database(self) -> Iterator[Any]:
        if self.url:
            with psycopg.connect(self.url) as connection:
                yield connection
            return
        with closing(sqlite3.connect(self.folder / "veche.sqlite3", timeout=20)) as connection, connection:
            yield connection


def eventually(question: Callable[[], bool], seconds: float = 90, *, pause: float = 0.02) -> bool:
    """Ask until the answer is yes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(pause)
    return False
