"""A demonstration of its own, served by the real server with the real worker, in a folder that goes afterwards."""

import contextlib
import email
import email.policy
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.ports import free_port
from tests.shared import ROOT

_START_S = 60.0
_STOP_S = 15.0
_MAIL_S = 30.0
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Served:
    """What runs: its address and its folder."""

    origin: str
    folder: Path

    def link_mailed_to(self, address: str) -> str:
        """The first link in the last mail to an address; waits until the worker has sent it."""
        until = time.monotonic() + _MAIL_S
        while time.monotonic() < until:
            for message in self._mails():
                if message["To"] == address and (found := _LINK.search(message.get_content())):
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no mail with a link came to {address}; {self.last_words()}")

    def last_words(self) -> str:
        """The ends of the logs, for whoever looks for a fault."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in logs)

    def _mails(self) -> Iterator[email.message.EmailMessage]:
        # Newest first: a mail of an earlier test to the same address must not be taken for this one.
        files = sorted(
            (self.folder / "mail").glob("*.log"), key=lambda one: one.stat().st_mtime, reverse=True
        )
        for file in files:
            for part in reversed(file.read_bytes().split(b"-" * 79 + b"\n")):
                if part.strip():
                    yield email.message_from_bytes(part, policy=email.policy.default)


@contextmanager
def served(folder: Path, *, reports: int) -> Iterator[Served]:
    """Set a demonstration up in a folder, serve it, and stop it afterwards."""
    port = free_port()
    with _database(os.environ.get("DATABASE_URL", ""), f"veche_browser_{port}") as database_url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "veche.site.settings",
            "DATABASE_URL": database_url,
            "VECHE_DEMO": "1",
            "VECHE_DATA_DIR": str(folder),
            "VECHE_HOST": "127.0.0.1",
            "VECHE_PORT": str(port),
            "VECHE_MAIL_URL": f"file://{folder}/mail",
        }
        environment.pop("VECHE_CITY_DIR", None)
        environment.pop("VECHE_PUBLIC_URL", None)
        _set_up(reports, environment)
        (folder / "mail").mkdir(exist_ok=True)
        running = [_start(name, folder, environment) for name in ("serve", "worker")]
        here = Served(f"http://127.0.0.1:{port}", folder)
        try:
            _wait_for(here, running)
            yield here
        finally:
            _stop(running)


def _set_up(reports: int, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "veche.site", "demo", "--no-serve", "--reports", str(reports)],
        env=environment,
        cwd=ROOT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"the demonstration could not be set up:\n{done.stdout}"


def _start(name: str, folder: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "veche.site", name],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _wait_for(here: Served, running: "list[subprocess.Popen[bytes]]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and all(one.poll() is None for one in running):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{here.origin}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {here.last_words()}")


def _stop(running: "list[subprocess.Popen[bytes]]") -> None:
    for one in running:
        one.terminate()
    for one in running:
        try:
            one.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


@contextmanager
def _database(url: str, name: str) -> Iterator[str]:
    """A database of its own on the PostgreSQL server of the suite; on SQLite the file in the folder."""
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
