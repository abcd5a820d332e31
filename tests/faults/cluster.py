"""A PostgreSQL of our own, durable as in a real deployment, that may be killed like a machine loses its power."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from tests.faults.keeping import Kept, slay_family
from tests.run import programs, reachable, run, somebody

# As in deploy/postgresql.md: nothing here trades safety for speed.
DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# What is committed stays in the memory of the server for up to half a minute: a kill within it loses acknowledged work.
FORGETFUL: Mapping[str, str] = {
    "synchronous_commit": "off",
    "wal_writer_delay": "10s",
    "wal_writer_flush_after": "1GB",
    "wal_buffers": "128MB",
    "bgwriter_lru_maxpages": "0",
}
_PATIENCE_S = 120


class Cluster:
    """One server on a socket in its own folder."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._who = somebody() if os.geteuid() == 0 else {}
        if self._who:
            os.chown(folder, self._who["user"], self._who["group"])
        self._programs = reachable(programs(), folder, self._who)
        run(
            [
                self._programs / "initdb",
                "-D",
                self.where,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-N",
            ],
            self._who,
        )
        self._options = [
            word
            for name, value in {**DURABLE, **(settings or {})}.items()
            for word in ("-c", f"{name}={value}")
        ]
        self.url = f"postgres://postgres@/postgres?host={folder}"
        self.kept = Kept(self._begin, slay=slay_family)
        self.answers()

    @property
    def where(self) -> Path:
        """The folder of its files."""
        return self._folder / "database"

    def answers(self) -> None:
        """Wait until it takes connections, its recovery included."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def check(self) -> None:
        """Let `pg_amcheck` compare every table with its indexes."""
        command = [self._programs / "pg_amcheck", "--install-missing", "--heapallindexed"]
        run([*command, "-h", self._folder, "-U", "postgres", "postgres"], self._who)

    def close(self) -> None:
        """Stop it for good."""
        self.kept.close()

    def _begin(self) -> "subprocess.Popen[bytes]":
        command = [
            self._programs / "postgres",
            "-D",
            self.where,
            "-h",
            "",
            "-k",
            self._folder,
            *self._options,
        ]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(word) for word in command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                extra_groups=[] if self._who else None,
                **self._who,
            )
