"""Asked to stop, the server answers what it was asked, and the worker finishes what it does."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.faults.crew.diary import Diary
from tests.faults.crew.house import CrewHouse
from tests.faults.crew.street import Street, Visitor
from tests.faults.house import eventually

pytestmark = pytest.mark.slow


def begun(folder: Path, what: str) -> bool:
    path = folder / "diary"
    return path.exists() and f"{what} begin" in path.read_text()


def test_the_server_finishes_the_requests_in_hand_and_takes_no_new_ones(tmp_path: Path) -> None:
    street = Street(tmp_path)
    with (
        street.logged("worker", "worker"),
        street.logged("web", "serve") as server,
        ThreadPoolExecutor(4) as pool,
    ):
        street._wait()
        asked = [pool.submit(Visitor(street).get, f"/crew/slow?number={number}") for number in range(3)]
        assert eventually(lambda: all(begun(tmp_path, f"request:{number}") for number in range(3)))
        stopping = time.monotonic()
        server.terminate()
        assert eventually(lambda: refuses(street), 10), "new requests were still taken"
        answers = [one.result(timeout=60) for one in asked]
        assert server.wait(30) == 0
        assert time.monotonic() - stopping < 25
    assert [(answer.status, answer.text) for answer in answers] == [(200, "done")] * 3
    assert len(Diary(tmp_path).named("request:")) == 3


def refuses(street: Street) -> bool:
    try:
        Visitor(street).raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    except OSError:
        return True
    return False


def test_the_worker_finishes_its_job_and_it_is_not_done_again(tmp_path: Path) -> None:
    house = CrewHouse(tmp_path)
    house.act("fill", 1, 0, 0)
    with house.workers(1) as (worker,):
        assert eventually(lambda: begun(tmp_path, "job:0"))
        worker.terminate()
        assert worker.wait(60) == 0
    diary = Diary(tmp_path)
    assert (len(diary.runs["job:0"]), diary.unfinished) == (1, [])
    left = house.act("state")
    assert left["jobs"] == left["enqueued"], "the job that was done is still in the queue"
