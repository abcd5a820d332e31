"""A house that is open to the street: the real server and the real worker, and somebody who writes to it over HTTP."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode

from tests.faults.crew.house import VECHE, CrewHouse
from tests.ports import free_port
from tests.shared import PACKS

_START_S, _STOP_S = 60.0, 30.0


class Answer(NamedTuple):
    """What came back, and how long it took."""

    status: int
    text: str
    seconds: float


class Street:
    """An open house."""

    def __init__(self, folder: Path, url: str = "", **settings: str) -> None:
        self.port = free_port()
        self.house = CrewHouse(folder, url)
        self.house.environment |= {"VECHE_HOST": "127.0.0.1", "VECHE_PORT": str(self.port)} | settings
        loaded = self.house.begin(*VECHE, "city", "load", str(PACKS / "perm"), stdout=subprocess.DEVNULL)
        assert loaded.wait(60) == 0

    @contextmanager
    def open(self, *, access_log: bool = False) -> Iterator["Street"]:
        """Serve and work until the end; what both say goes into `web.log` and `worker.log`."""
        flag = ["--access-log"] if access_log else []
        with self.logged("web", "serve", *flag), self.logged("worker", "worker"):
            self._wait()
            yield self

    @contextmanager
    def logged(self, name: str, *words: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a command of the house until the end; it is asked to stop, and does."""
        with (self.house.folder / f"{name}.log").open("ab") as log:
            process = self.house.begin(*VECHE, *words, stdout=log, stderr=log)
            try:
                yield process
                process.terminate()
                process.wait(_STOP_S)
            finally:
                # The server's own children outlive it when it is killed, so the whole family goes.
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.house.folder / f"{name}.log").read_text(errors="replace")

    def _wait(self) -> None:
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                return
            time.sleep(0.2)
        raise AssertionError(
            f"the house did not open: {self.log('web')[-2000:]} {self.log('worker')[-2000:]}"
        )


class Visitor:
    """Somebody with a browser without scripts."""

    def __init__(self, street: Street) -> None:
        self._origin = f"http://127.0.0.1:{street.port}"
        self._port = street.port
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self._ask(urllib.request.Request(self._origin + path, headers=headers))

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> Answer:
        """Send a form, with the token of the page that holds it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)
        data = dict(form) | ({"csrfmiddlewaretoken": unescape(token[1])} if token else {})
        return self.send(path, urlencode(data).encode(), **headers)

    def send(self, path: str, body: bytes, **headers: str) -> Answer:
        """Send bytes as they are."""
        return self._ask(
            urllib.request.Request(self._origin + path, body, {"Referer": self._origin + path} | headers)
        )

    def raw(self, request: bytes) -> bytes:
        """Say something that no browser would."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=10) as line:
            line.sendall(request)
            return line.recv(65536)

    def _ask(self, asked: urllib.request.Request) -> Answer:
        begun = time.monotonic()
        try:
            with self._opener.open(asked, timeout=30) as answer:
                return Answer(answer.status, answer.read().decode(), time.monotonic() - begun)
        except HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.read().decode(), time.monotonic() - begun)
        except http.client.HTTPException as error:
            return Answer(0, type(error).__name__, time.monotonic() - begun)
