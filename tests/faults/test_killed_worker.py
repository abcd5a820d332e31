"""A worker may be killed at any moment: what it held is done by the next one, once; when asked to stop, it stops."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.shared import ROOT

from veche.commons.journal.rules.leaves import LeafFact, leaf_of
from veche.commons.journal.rules.tree import leaf_hash
from veche.kernel.refs import SubjectRef

pytestmark = pytest.mark.slow
BODY = {"city": "perm", "places": 1}
FACT = (
    "INSERT INTO journal_factrow (id, kind, subject_kind, subject_id, at, body, sealed, leaf_hash)"
    " VALUES (?, 'places.CityLoaded', 'places.city', ?, '2026-03-14 07:00:00', ?, '{}', ?)"
)
OUTBOX = (
    "INSERT INTO journal_outbox (fact_id, due_at, attempts, error) VALUES (?, '1970-01-01 00:00:00', 0, '')"
)


@pytest.fixture
def house(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"VECHE_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "veche.site.settings"}
    done = subprocess.run([*VECHE, "migrate", "--quiet"], env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0
    return tmp_path, environment


VECHE = (sys.executable, "-m", "veche.site")


@contextmanager
def a_worker(environment):
    process = subprocess.Popen([*VECHE, "worker"], env=environment, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def database(folder):
    return closing(sqlite3.connect(folder / "veche.sqlite3", timeout=20))


def record(folder, number):
    with database(folder) as connection, connection:
        key = f"{number:032x}"
        connection.execute(FACT, (key, key, json.dumps(BODY), _hash_in_the_log(UUID(key))))
        connection.execute(OUTBOX, (key,))


def _hash_in_the_log(key):
    fact = LeafFact(
        key,
        "places.CityLoaded",
        SubjectRef("places.city", key),
        None,
        datetime(2026, 3, 14, 7, tzinfo=UTC),
        BODY,
    )
    return leaf_hash(leaf_of(fact))


def waiting(folder):
    with database(folder) as connection:
        return connection.execute("SELECT count(*) FROM journal_outbox").fetchone()[0]


def eventually(question, seconds=40):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.2)
    return False


def children(pid):
    tasks = f"/proc/{pid}/task/{pid}/children"
    with open(tasks) as file:  # noqa: PTH123 - not a file of ours
        own = [int(one) for one in file.read().split()]
    return own + [grandchild for child in own for grandchild in children(child)]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_worker_takes_its_children_along_and_the_next_one_goes_on(house):
    folder, environment = house
    record(folder, 1)
    with a_worker(environment) as first:
        assert eventually(lambda: waiting(folder) == 0), "the first worker delivered nothing"
        family = children(first.pid)
        assert family
        first.send_signal(signal.SIGKILL)
        assert eventually(lambda: not any(alive(pid) for pid in family)), "children were left behind"
    record(folder, 2)
    with a_worker(environment) as second:
        assert eventually(lambda: waiting(folder) == 0), "the second worker delivered nothing"
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_whose_queue_was_killed_ends_and_says_so(house):
    folder, environment = house
    record(folder, 1)
    with a_worker(environment) as worker:
        assert eventually(lambda: waiting(folder) == 0), "the worker delivered nothing"
        family = children(worker.pid)
        os.kill(family[0], signal.SIGKILL)
        assert worker.wait(timeout=30) == 1
        assert eventually(lambda: not any(alive(pid) for pid in family)), "children were left behind"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_stops_when_its_whole_family_is_asked_to(house):
    """As a service manager does, and Ctrl-C in a terminal."""
    folder, environment = house
    record(folder, 1)
    with a_worker(environment) as worker:
        assert eventually(lambda: waiting(folder) == 0), "the worker delivered nothing"
        os.killpg(worker.pid, signal.SIGTERM)
        assert worker.wait(timeout=30) == 0


# A mistake of the program in the worker's own loop: the real worker, of which only the pump is broken.
_BROKEN = """
import sys, django
django.setup()
from veche.site import worker
from veche.site.console import main

class Broken(worker.Pump):
    def stroke(self, now, *, clock):
        super().stroke(now, clock=clock)
        raise RuntimeError("a mistake of the program")

worker.Pump = Broken
sys.exit(main(["worker"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_fails_ends_so_that_it_is_started_again(house):
    """Python waits for the children of a process that ends: such a worker hung, looked alive and did nothing."""
    _folder, environment = house
    process = subprocess.Popen(
        [sys.executable, "-c", _BROKEN],
        env=environment,
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    try:
        _, words = process.communicate(timeout=60)
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    assert process.returncode == 1
    assert b"a mistake of the program" in words


def test_a_worker_without_room_for_its_sign_of_life_works_on(house):
    folder, environment = house
    (folder / "worker.new").mkdir()
    record(folder, 1)
    with a_worker(environment) as worker:
        assert eventually(lambda: waiting(folder) == 0), "the worker delivered nothing"
        time.sleep(6)
        record(folder, 2)
        assert eventually(lambda: waiting(folder) == 0), "the worker stopped delivering"
        assert worker.poll() is None
