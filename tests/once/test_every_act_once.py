"""Whatever is sent again, in whatever order and however many at once, is done once and answered alike."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection, connections
from tests.once.acts import ACTS, WITHOUT_A_KEY, Call, World

from veche.commons.once.models import Given
from veche.kernel.ids import new_id
from veche.site import access
from veche.site.api import api
from veche.site.once import SAFE

pytestmark = pytest.mark.slow
TIMES, AT_ONCE = 5, 20
# What is kept of a browser, of an answer, and of the letters that wait to be taken by the worker.
_NO_EFFECT = {"django_session", "once_given", "django_q_ormq", "sqlite_sequence"}
# The session in which they were sent ends with them, so a repeat comes from a visitor; it is done once all the same.
ENDS_THE_SESSION = {"account_logout", "account_change_password", "account_set_password"}


def test_every_address_that_takes_something_has_its_act() -> None:
    wanted = {line.route for line in access.table() if set(line.methods) - SAFE}
    assert wanted == set(ACTS)


def test_every_write_of_the_api_asks_for_a_key() -> None:
    schema = api.get_openapi_schema()
    writes = 0
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
            assert ("Idempotency-Key" in names) == (method.upper() not in SAFE), operation["operationId"]
            writes += method.upper() not in SAFE
    assert writes == sum(route.startswith("api:") for route in ACTS)


def test_sent_five_times_in_any_order_everything_is_done_once(world: World, tmp_path: Path) -> None:
    once = {route: act(world) for route, act in ACTS.items()}
    again = {route: act(world) for route, act in ACTS.items()}
    expected = effects_of(lambda: [sent(call) for call in once.values()], tmp_path)
    turns = [call for call in again.values() for _ in range(TIMES)]
    Random(7).shuffle(turns)
    answers: dict[str, list[Any]] = {route: [] for route in ACTS}
    found = effects_of(lambda: [answers[call.route].append(sent(call)) for call in turns], tmp_path)
    assert found == expected
    assert expected["journal_factrow"] > 10
    for route, given in answers.items():
        if route not in ENDS_THE_SESSION:
            assert set(given) == {given[0]}, route
    before = everything()
    for call in turns:
        call.send()
    assert everything() == before


@pytest.mark.parametrize("route", ACTS)
def test_sent_twenty_times_at_once_it_is_done_once(route: str, world: World, tmp_path: Path) -> None:
    once, again = ACTS[route](world), ACTS[route](world)
    expected = effects_of(lambda: sent(once), tmp_path)
    answers: list[Any] = []
    found = effects_of(lambda: answers.extend(at_once([again] * AT_ONCE)), tmp_path)
    assert found == expected
    assert len(answers) == AT_ONCE
    if route not in ENDS_THE_SESSION:
        assert len(set(answers)) == 1
        assert Given.objects.count() == (0 if route in WITHOUT_A_KEY else 2)


@pytest.mark.parametrize("route", ACTS)
def test_sent_at_once_under_many_keys_it_is_answered_every_time(route: str, world: World) -> None:
    act = ACTS[route](world)
    statuses = at_once(
        [replace(act, key=str(uuid4())) for _ in range(AT_ONCE)], lambda call: call.send().status_code
    )
    assert max(statuses) < 500, statuses


def test_under_many_keys_a_report_with_an_id_of_its_own_is_filed_once(world: World, tmp_path: Path) -> None:
    one, many = (bearing_an_id(ACTS["api:reports"](world)) for _ in range(2))
    expected = effects_of(lambda: sent(one), tmp_path)
    calls = [replace(many, key=str(uuid4())) for _ in range(AT_ONCE)]
    answers: list[Any] = []
    found = effects_of(lambda: answers.extend(at_once(calls)), tmp_path)
    assert len(set(answers)) == 1
    assert found == expected


def bearing_an_id(call: Call) -> Call:
    """A report that its sender gave an id."""
    return replace(call, data={**call.data, "id": str(new_id())})


@pytest.mark.parametrize("route", sorted(ACTS.keys() - WITHOUT_A_KEY.keys() - ENDS_THE_SESSION))
def test_the_same_key_with_something_else_is_refused(route: str, world: World, tmp_path: Path) -> None:
    call = ACTS[route](world)
    sent(call)

    def other() -> None:
        answer = call.changed().send()
        assert answer.status_code == 422
        if route.startswith("api:"):
            assert answer.json()["code"] == "once.other-body"

    assert effects_of(other, tmp_path) == Counter()


def sent(call: Call) -> tuple[Any, ...]:
    """Send a call; answers what can be told of the answer."""
    answer = call.send()
    good = (200, 201) if call.route.startswith("api:") or call.route in WITHOUT_A_KEY else (302,)
    assert answer.status_code in {*good, 302}, (call.route, answer.status_code, answer.content[:2000])
    # The page of a form that has no key is drawn anew; what it says is the same.
    content = answer.content if answer.status_code != 302 else b""
    return call.route, answer.status_code, answer.get("Location", ""), answer["Content-Type"], content


def at_once(calls: Sequence[Call], send: Callable[[Call], Any] | None = None) -> list[Any]:
    """Send calls at the same moment, each with a connection of its own."""
    send = send or sent
    answers: list[Any] = []
    problems: list[BaseException] = []
    gate = threading.Barrier(len(calls))

    def run(call: Call) -> None:
        try:
            gate.wait(30)
            answers.append(send(call))
        except BaseException as problem:  # noqa: BLE001 - carried to the test
            problems.append(problem)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not problems, problems
    return answers


def effects_of(work: Callable[[], object], folder: Path) -> Counter[str]:
    """What work adds: rows by table, facts by kind, mails, files."""
    before = counted(folder)
    work()
    after = counted(folder)
    after.subtract(before)
    return Counter({name: number for name, number in after.items() if number})


def counted(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT kind, count(*) FROM journal_factrow GROUP BY kind")
        found.update({f"fact {kind}": number for kind, number in cursor.fetchall()})
    found["mails"] = len(mail.outbox)
    found["files"] = sum(path.is_file() for path in (folder / "photos").rglob("*"))
    return found


def everything() -> dict[str, list[str]]:
    """Every row of every table, and the number of mails."""
    found: dict[str, list[str]] = {"mails": [str(len(mail.outbox))]}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - _NO_EFFECT)
