"""Many may wait for a slow line, one computes."""

import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from veche.site.turns import FOR_READERS, Turns, aside

PATIENCE_S = 10


class Inside:
    """An application that says when it is entered and waits until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.at_once, self.most = 0, 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        self.entered.release()
        if environ.get("step_aside"):
            with aside():
                assert self.go.acquire(timeout=PATIENCE_S)
        else:
            assert self.go.acquire(timeout=PATIENCE_S)
        with self._lock:
            self.at_once -= 1
        body = environ["wsgi.input"].read() if "wsgi.input" in environ else b""
        start_response("200 OK", [])
        return [body]


class SlowLine(BytesIO):
    """What a telephone at the end of the world sends."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.begun, self.arrived = threading.Event(), threading.Event()

    def read(self, *size: Any) -> bytes:
        self.begun.set()
        assert self.arrived.wait(PATIENCE_S)
        return super().read(*size)


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def begin() -> Iterator[Any]:
    started: list[threading.Thread] = []

    def start(application: Turns, **environ: Any) -> list[Any]:
        answers: list[Any] = []

        def run() -> None:
            told: list[str] = []
            body = b"".join(application(environ, lambda status, headers: told.append(status)))
            answers.append((told[0], body))

        started.append(threading.Thread(target=run))
        started[-1].start()
        return answers

    yield start
    for one in started:
        one.join(PATIENCE_S)
        assert not one.is_alive()


def an_upload(line: SlowLine, kind: str = "application/json") -> dict[str, Any]:
    return {"CONTENT_LENGTH": str(len(line.getvalue())), "CONTENT_TYPE": kind, "wsgi.input": line}


def test_one_request_at_a_time_computes(inside: Inside, begin: Any) -> None:
    house = Turns(inside, turns=1, threads=8)
    for _ in range(4):
        begin(house)
    for _ in range(4):
        assert inside.entered.acquire(timeout=PATIENCE_S)
        inside.go.release()
    assert inside.most == 1


def test_with_several_turns_several_compute(inside: Inside, begin: Any) -> None:
    house = Turns(inside, turns=2, threads=8)
    for _ in range(2):
        begin(house)
    for _ in range(2):
        assert inside.entered.acquire(timeout=PATIENCE_S)
    assert inside.most == 2
    for _ in range(2):
        inside.go.release()


def test_a_slow_line_keeps_nobody_waiting_and_arrives_whole(inside: Inside, begin: Any) -> None:
    house, line = Turns(inside, turns=1, threads=8), SlowLine(b'{"text": "pit"}')
    slow = begin(house, **an_upload(line))
    assert line.begun.wait(PATIENCE_S)
    quick = begin(house)
    assert inside.entered.acquire(timeout=PATIENCE_S)
    inside.go.release()
    line.arrived.set()
    assert inside.entered.acquire(timeout=PATIENCE_S)
    inside.go.release()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(PATIENCE_S)
    assert quick == [("200 OK", b"")]
    assert slow == [("200 OK", b'{"text": "pit"}')]


def test_photographs_wait_for_the_darkroom_without_a_turn(inside: Inside, begin: Any) -> None:
    house, line = Turns(inside, turns=1, threads=8), SlowLine(b"photo")
    line.arrived.set()
    begin(house, **an_upload(line, "multipart/form-data; boundary=x"))
    assert inside.entered.acquire(timeout=PATIENCE_S)
    begin(house)
    assert inside.entered.acquire(timeout=PATIENCE_S)
    assert inside.most == 2
    for _ in range(2):
        inside.go.release()


def test_however_many_upload_some_threads_stay_for_readers(
    inside: Inside, begin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.site.turns.PATIENCE_S", 0.05)
    house = Turns(inside, turns=1, threads=FOR_READERS + 2)
    lines = [SlowLine(b"one"), SlowLine(b"two")]
    for line in lines:
        begin(house, **an_upload(line))
        assert line.begun.wait(PATIENCE_S)
    told: list[Any] = []
    answer = b"".join(house(an_upload(SlowLine(b"three")), lambda *what: told.append(what)))
    assert told[0][0] == "503 Service Unavailable"
    assert "Ничего не потеряно" in answer.decode()
    assert "Nothing was lost" in answer.decode()
    for line in lines:
        line.arrived.set()
    for _ in lines:
        assert inside.entered.acquire(timeout=PATIENCE_S)
        inside.go.release()


def test_who_waits_for_the_disk_lets_others_compute(inside: Inside, begin: Any) -> None:
    house = Turns(inside, turns=1, threads=8)
    begin(house, step_aside=True)
    assert inside.entered.acquire(timeout=PATIENCE_S)
    begin(house)
    assert inside.entered.acquire(timeout=PATIENCE_S)
    assert inside.most == 2
    for _ in range(2):
        inside.go.release()


def test_without_a_turn_there_is_nothing_to_give_away() -> None:
    with aside():
        pass
