"""A worker may be killed at any moment: what it held is done by the next one, once; when asked to stop, it stops."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from tests.shared import ROOT

pytestmark = pytest.mark.slow
RECORD = """
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from veche.commons.journal import services as journal
from veche.commons.places.terms import CityLoaded
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
with transaction.atomic():
    ref = SubjectRef("places.city", new_id())
    journal.record(CityLoaded(ref=ref, at=timezone.now(), city="perm", places=1))
"""


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


def record(environment):
    done = subprocess.run([sys.executable, "-c", RECORD], env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0


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
    record(environment)
    with a_worker(environment) as first:
        assert eventually(lambda: waiting(folder) == 0), "the first worker delivered nothing"
        family = children(first.pid)
        assert family
        first.send_signal(signal.SIGKILL)
        assert eventually(lambda: not any(alive(pid) for pid in family)), "children were left behind"
    record(environment)
    with a_worker(environment) as second:
        assert eventually(lambda: waiting(folder) == 0), "the second worker delivered nothing"
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_whose_queue_was_killed_ends_and_says_so(house):
    folder, environment = house
    record(environment)
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
    record(environment)
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
    record(environment)
    with a_worker(environment) as worker:
        assert eventually(lambda: waiting(folder) == 0), "the worker delivered nothing"
        time.sleep(6)
        record(environment)
        assert eventually(lambda: waiting(folder) == 0), "the worker stopped delivering"
        assert worker.poll() is None
