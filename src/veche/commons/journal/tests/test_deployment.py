"""Reading a deployment over HTTP: patient, and never led astray."""

from contextlib import closing

import pytest
from tests.served_log import Log, served

from veche.commons.journal.adapters.deployment import HttpDeployment
from veche.commons.journal.ports import Broken, Unreachable


@pytest.fixture
def log():
    return Log().grow(3)


@pytest.fixture
def house(log):
    with served(log) as url:
        found = HttpDeployment(url, timeout_s=5, pause=lambda _seconds: None)
        yield found
        found.close()


def test_what_is_there_is_read_and_what_is_not_is_nothing(house, log):
    assert house.get("/journal/checkpoint", most=10_000) == log.files["/journal/checkpoint"]
    assert house.get("/journal/none", most=10_000) is None
    assert house.get("/journal/about.json", most=10_000)


def test_an_answer_without_end_is_not_taken(house, log):
    log.files["/big"] = bytes(200_000)
    with pytest.raises(Unreachable, match="more than 1000 bytes"):
        house.get("/big", most=1000)
    assert house.get("/big", most=200_000) == bytes(200_000)


def test_a_redirect_is_followed_at_home_and_never_to_another_host(house, log):
    log.statuses["/old"] = log.statuses["/away"] = log.statuses["/file"] = log.statuses["/round"] = 302
    log.files["to /old"] = b"/journal/checkpoint"
    assert house.get("/old", most=10_000) == log.files["/journal/checkpoint"]
    log.files["to /round"] = b"/round"
    with pytest.raises(Unreachable, match="in circles"):
        house.get("/round", most=10_000)
    for path, target in (("/away", b"http://example.org/x"), ("/file", b"file:///etc/passwd")):
        log.files[f"to {path}"] = target
        with pytest.raises(Unreachable, match="another host"):
            house.get(path, most=10_000)


def test_a_house_that_is_busy_is_asked_again(log):
    waits = []

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            log.statuses.clear()

    log.statuses["/journal/checkpoint"] = 503
    with served(log) as url, closing(HttpDeployment(url, pause=pause)) as house:
        assert house.get("/journal/checkpoint", most=10_000)
    assert waits == [0.5, 1.0]


def test_what_fails_is_told_apart_from_who_does_not_answer(house, log):
    log.statuses |= {"/fails": 500, "/forbidden": 403, "/busy": 503}
    with pytest.raises(Broken):
        house.get("/fails", most=100)
    for path in ("/forbidden", "/busy"):
        with pytest.raises(Unreachable) as caught:
            house.get(path, most=100)
        assert not isinstance(caught.value, Broken)
    with served(log) as url:
        pass
    with pytest.raises(Unreachable, match="does not answer"):
        HttpDeployment(url, pause=lambda _seconds: None).get("/", most=100)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "file:///etc/passwd",
        "a.example",
        "http://",
        "http://u:p@a.example",
        "http://a/?x=1",
        "",
    ],
)
def test_only_plain_addresses_of_the_web_are_taken(url):
    with pytest.raises(ValueError, match="the address"):
        HttpDeployment(url)
