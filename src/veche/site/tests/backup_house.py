"""A house of its own on the database of this run: a folder, a database, and commands run as an operator runs them."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from tests.ports import free_port
from tests.shared import ROOT

VECHE = (sys.executable, "-m", "veche.site")
TOWN = (sys.executable, "-m", "veche.site.tests.backup_town")
SERVER = os.environ.get("DATABASE_URL", "")
POSTGRESQL = SERVER.startswith("postgres")


class House:
    """Real processes on a database of their own."""

    def __init__(self, folder: Path, *, keys_apart: bool = False) -> None:
        self.folder = folder
        self._console: subprocess.Popen[str] | None = None
        folder.mkdir()
        self.port = free_port()
        self.database = f"veche_house_{uuid4().hex[:12]}" if POSTGRESQL else ""
        self.environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
            "VECHE_DATA_DIR": str(folder),
            "VECHE_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "veche.site.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "LANG": "C.UTF-8",
        }
        if POSTGRESQL:
            self._sql(f"CREATE DATABASE {self.database}")
            self.environment["DATABASE_URL"] = self.url
        if keys_apart:
            self._sql(f"CREATE DATABASE {self.database}_keys")
            self.environment["VECHE_KEYS_URL"] = (
                urlsplit(SERVER)._replace(path=f"/{self.database}_keys").geturl()
            )

    @property
    def url(self) -> str:
        """The address of its database."""
        return urlsplit(SERVER)._replace(path=f"/{self.database}").geturl()

    def close(self) -> None:
        """Remove its database; the folder goes with the test's."""
        self.rest()
        if POSTGRESQL:
            self._sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            self._sql(f"DROP DATABASE IF EXISTS {self.database}_keys WITH (FORCE)")

    def rest(self) -> None:
        """End the process that runs the commands; the next command starts another."""
        if self._console is not None:
            self._console.communicate(timeout=60)
            self._console = None

    def veche(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        if self._console is None:
            self._console = self.begin(*TOWN)
        assert self._console.stdin
        assert self._console.stdout
        line = [str(word) for word in words]
        self._console.stdin.write(json.dumps(line) + "\n")
        self._console.stdin.flush()
        answer = self._console.stdout.readline()
        assert answer, f"{line} ended the process"
        told = json.loads(answer)
        return subprocess.CompletedProcess(line, told["code"], told["out"], told["err"])

    def well(self, *words: object) -> str:
        """Run a command that must succeed; answers what it said."""
        done = self.veche(*words)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def refused(self, *words: object) -> str:
        """Run a command that must be refused; answers its one sentence."""
        return sentence_of(self.veche(*words))

    def town(self, *words: object) -> list[str]:
        """Run a verb of `backup_town.py` in this house; answers its lines."""
        return self.well("town", *words).splitlines()

    def state(self) -> dict[str, Any]:
        """All that is there."""
        found: dict[str, Any] = json.loads(self.town("state")[-1])
        return found

    def begin(self, *command: str, **options: Any) -> "subprocess.Popen[str]":
        """Begin a program that is written to and read line by line."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command,
            env=self.environment,
            cwd=ROOT,
            stdin=pipe,
            stdout=pipe,
            text=True,
            start_new_session=True,
            **options,
        )

    def backup(self, *words: object) -> tuple[Path, Path]:
        """Make a backup; answers the archive and the archive of its keys."""
        lines = self.well("backup", *words).splitlines()
        archive = Path(lines[0].partition(": ")[0])
        return archive, archive.with_name(archive.name.replace(".tar", ".keys.tar"))

    def unguarded(self, statement: str) -> None:
        """Change rows as somebody does who has the database and took its guards away."""
        if POSTGRESQL:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("SET session_replication_role = replica")
                connection.execute(statement.encode())
            return
        with closing(sqlite3.connect(self.folder / "veche.sqlite3")) as database, database:
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                database.execute(f"DROP TRIGGER {name}")
            assert database.execute(statement).rowcount > 0

    def _sql(self, statement: str) -> None:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(statement.encode())


def sentence_of(done: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence with which a command was refused."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr[-3000:])
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()
