"""A house that is served for real, an administrator who cheats by SQL, and a stranger who looks at it from outside."""

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

from tests.ports import free_port
from tests.shared import ROOT

VECHE = (sys.executable, "-m", "veche.site")
_START_S = 90


class Outside:
    """Real processes; the database is SQLite in the folder or PostgreSQL at `url`."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder, self.url = folder, url
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        own = {
            "VECHE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "veche.site.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "VECHE_PORT": str(port),
            "DATABASE_URL": url,
        }
        self.environment = dict(os.environ) | own
        self.run(*VECHE, "migrate", "--quiet")

    @property
    def log(self) -> Path:
        """Where the log lies."""
        return self.folder / "journal"

    def run(self, *command: str) -> str:
        """Run a command to its end; answers what it printed."""
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def town(self, *words: str) -> Any:
        """Run `filling.py` in this house."""
        return json.loads(self.run(sys.executable, "-m", "tests.faults.filling", *words).splitlines()[-1])

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it."""
        with (self.folder / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                [*VECHE, "serve"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            until = time.monotonic() + _START_S
            while process.poll() is None and time.monotonic() < until:
                with (
                    contextlib.suppress(OSError),
                    urllib.request.urlopen(f"{self.origin}/healthz", timeout=5),
                ):
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def get(self, path: str) -> bytes:
        """The content of an address."""
        with urllib.request.urlopen(self.origin + path, timeout=30) as response:
            return bytes(response.read())

    def verify(self, *options: str, state: str = "state.json") -> tuple[int, dict[str, Any]]:
        """`veche journal verify` as a stranger runs it: no settings, no database, another folder."""
        where = self.folder.parent / "stranger"
        where.mkdir(exist_ok=True)
        command = [*VECHE, "journal", "verify", self.origin, "--json", "--state", state, *options]
        plain = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "DATABASE_URL": "postgres://nowhere/x",
        }
        done = subprocess.run(command, env=plain, cwd=where, check=False, capture_output=True, text=True)
        assert done.stdout, done.stderr[-3000:]
        return done.returncode, json.loads(done.stdout)

    @contextmanager
    def cheating(self) -> Iterator["Cheat"]:
        """The database in the hands of its superuser, with the triggers off."""
        if self.url:
            import psycopg

            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("SET session_replication_role = replica")
                yield Cheat(connection, "%s", random.Random(7))
            return
        with closing(sqlite3.connect(self.folder / "veche.sqlite3", timeout=30)) as connection:
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield Cheat(connection, "?", random.Random(7))
            for _, statement in triggers:
                connection.execute(statement)
            connection.commit()


@dataclass
class Cheat:
    """Statements of somebody who may do everything."""

    connection: Any
    mark: str
    rng: random.Random

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement; `?` marks a value."""
        return self.connection.execute(statement.replace("?", self.mark), values).fetchall()  # type: ignore[no-any-return]

    def do(self, statement: str, *values: Any) -> int:
        """Do it; answers how many rows it touched."""
        return int(self.connection.execute(statement.replace("?", self.mark), values).rowcount)

    def change(self, table: str, key: str, value: Any, column: str) -> None:
        """Put something else into one column of one row."""
        (was,) = self.ask(f'SELECT "{column}" FROM {table} WHERE {key} = ?', value)[0]
        assert (
            self.do(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', self._other(column, was), value)
            == 1
        )

    def _other(self, column: str, was: Any) -> Any:  # noqa: PLR0911 - one answer for each type
        """Another value of the same type."""
        if column in {"body", "details", "sealed", "why"}:
            return json.dumps({"x": self.rng.choice("abc")})
        if column.endswith("_on"):
            return "2031-02-03"
        if isinstance(was, bool) or column in {"anonymous", "hidden", "overdue"}:
            return not was
        if column.endswith("_at") or column == "at":
            return self._moment(was)
        if column == "id" or column.endswith("_id") or isinstance(was, UUID):
            return uuid4() if self.mark == "%s" else uuid4().hex
        if isinstance(was, (bytes, memoryview)):
            return self.rng.randbytes(32)
        if isinstance(was, (int, float)):
            return (
                was + 1_000_003 + self.rng.randrange(1000)
                if isinstance(was, int) and was > 9
                else was + 0.0 + 1
            )
        return "xx" if was != "xx" else "yy"

    def _moment(self, was: Any) -> Any:
        if self.mark == "%s":
            from datetime import UTC, datetime, timedelta

            return (was or datetime.now(UTC)) - timedelta(days=self.rng.randrange(200, 2000))
        return f"20{self.rng.randrange(10, 24)}-03-05 06:07:08.000009"


@contextmanager
def a_database(url: str, name: str) -> Iterator[str]:
    """A database of its own on a PostgreSQL server."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
