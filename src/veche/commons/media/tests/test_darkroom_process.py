"""What happens to the processes of the darkroom when pictures, people or machines misbehave."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from veche.commons.media.adapters.darkroom import ProcessDarkroom
from veche.commons.media.terms import Developed, Kind, Limits
from veche.commons.media.tests.pictures import picture, png_bomb

LIMITS = Limits()


@pytest.fixture
def make():
    made = []

    def build(**options):
        made.append(ProcessDarkroom(**{"seats": 1, **options}))
        return made[-1]

    yield build
    for darkroom in made:
        darkroom.close()


def pids(darkroom) -> list[int]:
    return [decoder._process.pid for decoder in darkroom._idle]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_warm_process_works_for_many_pictures(make):
    darkroom = make()
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    first = pids(darkroom)
    darkroom.develop(picture("PNG"), Kind.PNG, LIMITS)
    assert pids(darkroom) == first


def test_a_broken_picture_does_not_cost_a_process(make):
    darkroom = make()
    darkroom.develop(b"\xff\xd8\xff", Kind.JPEG, LIMITS)
    first = pids(darkroom)
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    assert pids(darkroom) == first


def test_a_process_that_was_killed_while_idle_is_replaced_unnoticed(make):
    darkroom = make()
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    os.kill(pids(darkroom)[0], signal.SIGKILL)
    assert isinstance(darkroom.develop(picture(), Kind.JPEG, LIMITS), Developed)


def test_a_process_leaves_by_itself_when_idle_and_is_replaced(make):
    darkroom = make(idle_s=0.05)
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    decoder = darkroom._idle[0]
    assert decoder._process.wait(timeout=10) == 0
    assert isinstance(darkroom.develop(picture(), Kind.JPEG, LIMITS), Developed)


def test_a_picture_that_needs_more_memory_than_allowed_is_refused_and_the_next_one_taken(make):
    darkroom = make(memory_mb=150)
    answer = darkroom.develop(png_bomb(7_000, 7_000), Kind.PNG, LIMITS)
    assert answer.code in {"media.too-hard", "media.broken"}
    assert isinstance(darkroom.develop(picture(), Kind.JPEG, LIMITS), Developed)


def test_a_picture_that_takes_too_long_is_refused_and_its_process_ended(make):
    darkroom = make(wall_s=0.4)
    answer = darkroom.develop(_slow(), Kind.PNG, LIMITS)
    assert answer.code == "media.took-too-long"
    assert pids(darkroom) == []


def test_processor_time_is_limited_by_the_system_itself(make):
    darkroom = make(processor_s=1)
    assert darkroom.develop(_endless(), Kind.JPEG, LIMITS).code == "media.took-too-long"


def test_processor_time_is_counted_anew_for_each_picture(make):
    darkroom = make(processor_s=2)
    for _ in range(6):
        assert isinstance(darkroom.develop(_slow(3_000), Kind.PNG, LIMITS), Developed)


def test_whoever_finds_no_seat_is_asked_to_come_again(make):
    darkroom = make(wait_s=0.05)
    worker = threading.Thread(target=darkroom.develop, args=(_slow(), Kind.PNG, LIMITS))
    worker.start()
    time.sleep(0.3)
    assert darkroom.develop(picture(), Kind.JPEG, LIMITS).code == "media.busy"
    worker.join()
    assert isinstance(darkroom.develop(picture(), Kind.JPEG, LIMITS), Developed)


def test_a_process_is_retired_after_its_share_of_work(make):
    darkroom = make(orders_each=2)
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    first = pids(darkroom)
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    assert pids(darkroom) == []
    assert is_gone(first[0])


def test_closing_leaves_no_process_behind(make):
    darkroom = make()
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    pid = pids(darkroom)[0]
    darkroom.close()
    assert is_gone(pid)


def test_a_forked_worker_starts_processes_of_its_own(make):
    darkroom = make()
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    parents = pids(darkroom)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        answer = darkroom.develop(picture(), Kind.JPEG, LIMITS)
        os.write(writer, b"own" if isinstance(answer, Developed) and pids(darkroom) != parents else b"not")
        darkroom.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 3) == b"own"
    os.close(reader)
    os.close(writer)
    assert isinstance(darkroom.develop(picture(), Kind.JPEG, LIMITS), Developed)
    assert pids(darkroom) == parents


def test_the_process_inherits_no_secrets(make, monkeypatch):
    monkeypatch.setenv("VECHE_SECRET_KEY", "hush")
    darkroom = make()
    darkroom.develop(picture(), Kind.JPEG, LIMITS)
    assert b"hush" not in Path(f"/proc/{pids(darkroom)[0]}/environ").read_bytes()


def _slow(side: int = 7_000) -> bytes:
    """A lawful picture that keeps a decoder busy for a second or two."""
    return picture("PNG", size=(side, side), mode="RGBA", compress_level=1)


def _endless() -> bytes:
    """A progressive JPEG with the same scan written over and over: small, lawful, and days of work."""
    whole = picture(size=(4_000, 4_000), mode="L", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * 400 + b"\xff\xd9"
