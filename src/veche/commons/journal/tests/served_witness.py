"""A real witness: `veche witness serve` in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.ports import free_port
from tests.shared import ROOT

from veche.commons.journal.adapters.log_key import KeyFile
from veche.commons.journal.adapters.witness_book import WitnessBook
from veche.commons.journal.rules.notes import COSIGNING, Verifier

VECHE = (sys.executable, "-m", "veche.site")


class ServedWitness:
    """Its folder, its address, its key; it may be killed and served again."""

    def __init__(self, folder: Path, name: str, *, workers: int = 1) -> None:
        self.folder, self.name, self._workers = folder, name, workers
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._run("init", "--name", name)
        key = KeyFile.at(folder / "witness.key", name, kind=COSIGNING)
        self.key = Verifier(key.name, key.public, COSIGNING)
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, verb: str, *more: str) -> str:
        done = subprocess.run(
            [*VECHE, "witness", verb, "--dir", str(self.folder), *more],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        return done.stdout

    @property
    def book(self) -> WitnessBook:
        return WitnessBook(self.folder)

    def watch(self, key: Verifier) -> "ServedWitness":
        self.book.watch(key, now=datetime.now(UTC))
        return self

    def serve(self) -> "ServedWitness":
        more = ("--port", str(self.port), "--workers", str(self._workers))
        self._process = subprocess.Popen(
            [*VECHE, "witness", "serve", "--dir", str(self.folder), *more],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            start_new_session=True,
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urlopen(self.url, timeout=2).close()
            except (URLError, OSError):
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("the witness does not serve")

    def kill(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
