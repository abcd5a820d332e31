"""Citizens file while the house is killed under them; then what they noted is compared with what it has."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.cluster import Cluster
from tests.faults.house import House, eventually
from tests.faults.keeping import Kept

# What a citizen sends along so that a repetition is known as one: "key", "id", or "none".
PROTECTION = "key"
_PROCESSES = 2
_EARLIEST, _LATEST = 0.02, 0.93
_GAP_S = 1.5
_PATIENCE_S = 1_800


@dataclass(frozen=True)
class Outcome:
    """How it went: what is wrong, and figures that show the storm was one."""

    findings: dict[str, Any]
    acknowledged: int
    kills: dict[str, int]
    counts: dict[str, int]
    filing_s: float
    delivering_s: float


@dataclass
class Storm:
    """The plan of a storm.

    `notes` is where citizens write down what was acknowledged: not in the house, which may be full or broken.
    `protection` is what they send along so that a repetition is known as one: a key, an id, or nothing.
    """

    house: House
    notes: Path
    reports: int
    kills: int
    cluster: Cluster | None = None
    protection: str = PROTECTION
    threads: int = 6
    seed: int = 20260314
    lease: bool = True
    services: dict[str, Kept] = field(default_factory=dict)

    def blow(self) -> Outcome:
        """Serve, file, kill, wait until everybody has heard of everything, and compare."""
        with ExitStack() as after:
            citizens = self.open(after)
            began = time.monotonic()
            self._strike_while_they_file(citizens)
            assert all(one.wait(_PATIENCE_S) == 0 for one in citizens)
            filed = time.monotonic()
            self.wait_for_delivery()
            done = time.monotonic()
        told = self.house.tell("tests.faults.compare", str(self.notes))
        kills = {name: one.kills for name, one in self.services.items()}
        return Outcome(
            told["findings"], told["acknowledged"], kills, self.counts(), filed - began, done - filed
        )

    @property
    def stop(self) -> Path:
        """The file that tells the citizens to go home."""
        return self.notes / "stop"

    def open(self, after: ExitStack) -> "list[subprocess.Popen[bytes]]":
        """Found the town, start its services, and let the citizens begin."""
        self.notes.mkdir()
        people = self.house.town("found", str(_PROCESSES * self.threads))["citizens"]
        if self.cluster:
            # The town itself shall not be what a forgetful database forgets.
            self.house.write("CHECKPOINT")
            self.services["database"] = self.cluster.kept
        for name, words in (("app", "serve"), ("worker", "worker")):
            kept = self.house.keep(words, log=self.notes / f"{name}.log")
            self.services[name] = kept
            after.callback(kept.close)
        citizens = []
        for process in range(_PROCESSES):
            mine = people[process::_PROCESSES]
            citizens.append(self._begin(f"plan-{process}.json", mine, -(-self.reports // len(people))))
            after.callback(citizens[-1].kill)
        return citizens

    def wait_for_delivery(self) -> None:
        """Wait until nothing is to be delivered or logged any more.

        What a killed worker had claimed is due again after its lease of two minutes; without `lease` they pass at once.
        """
        if not self.lease:
            self.house.write("UPDATE journal_outbox SET due_at = '1970-01-01 00:00:00'")
        waiting = "SELECT (SELECT count(*) FROM journal_outbox) + (SELECT count(*) FROM journal_unsequenced)"
        # Not in vain for ever: what is still there then is a finding of the comparison.
        eventually(lambda: self.house.ask(waiting) == 0, seconds=_PATIENCE_S, pause=0.5)

    def acknowledged(self) -> int:
        """How many lines the citizens have written."""
        return sum(file.read_bytes().count(b"\n") for file in self.notes.glob("*.acknowledged"))

    def counts(self) -> dict[str, int]:
        """What the citizens met with."""
        total: Counter[str] = Counter()
        for file in self.notes.glob("*.counts"):
            total.update(json.loads(file.read_text()))
        return dict(total)

    def _begin(self, name: str, people: list[dict[str, Any]], each: int) -> "subprocess.Popen[bytes]":
        plan = {
            "port": self.house.port,
            "folder": str(self.notes),
            "stop": str(self.stop),
            "seed": self.seed,
            "protection": self.protection,
            "each": each,
            "citizens": people,
        }
        (self.notes / name).write_text(json.dumps(plan))
        command = (sys.executable, "-m", "tests.faults.citizens", str(self.notes / name))
        return self.house.begin(*command, log=self.notes / "citizens.log")

    def _strike_while_they_file(self, citizens: "list[subprocess.Popen[bytes]]") -> None:
        chance = random.Random(self.seed)
        moments = sorted(chance.uniform(_EARLIEST, _LATEST) * self.reports for _ in range(self.kills))
        for moment in moments:
            assert eventually(
                lambda moment=moment: self.acknowledged() >= moment or not _any_lives(citizens), _PATIENCE_S
            ), "nothing is filed"
            assert _any_lives(citizens), "killed too late to prove anything"
            time.sleep(chance.uniform(0, 0.1))
            self._strike(chance)

    def _strike(self, chance: random.Random) -> None:
        """Kill the app, and the database at the same time, before, or after; the worker every other time."""
        victims = [name for name in self.services if name != "worker" or chance.random() < 0.5]
        chance.shuffle(victims)
        gap = chance.choice((0, 0, chance.uniform(0, _GAP_S)))
        for name in victims:
            self.services[name].kill()
            time.sleep(gap)


def _any_lives(citizens: "list[subprocess.Popen[bytes]]") -> bool:
    return any(one.poll() is None for one in citizens)
