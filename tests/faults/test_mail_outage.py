"""The mail server hangs, then is gone: nobody waits for it, other work goes on, and later everything arrives."""

import sqlite3
from contextlib import closing
from email import message_from_bytes

import pytest
from tests.faults.crew.street import Street, Visitor
from tests.faults.house import eventually

from veche.commons.notices.tests.sink import Sink, sink

pytestmark = pytest.mark.faults
PEOPLE = 6  # three times as many are fewer than may ask for a code from one address in a minute
MOST_S = 1.0


def test_while_the_mail_server_is_away_requests_are_quick_and_letters_wait(tmp_path):
    with Sink() as probe:
        port = probe.server_address[1]
    street = Street(tmp_path, VECHE_MAIL_URL=f"smtp://127.0.0.1:{port}")
    with street.open():
        with sink(port, hangs=True) as silent:
            slowest = ask_for_codes(street, "hanging")
            street.house.act("fill", 0, 4, 40)
            # Nothing else stands in line behind letters that wait for the server.
            assert eventually(lambda: street.house.act("state")["facts"] == 0, 30), street.log("worker")
            assert eventually(lambda: ask(tmp_path, "SELECT count(*) FROM notices_closedpost") == 1, 30)
            assert 1 <= silent.calls <= 4, "each letter called a server that does not answer"
        slowest = max(slowest, ask_for_codes(street, "gone"))
        assert slowest < MOST_S
        assert ask(tmp_path, "SELECT count(*) FROM notices_letter") == 2 * PEOPLE
        with sink(port) as post:
            minutes_pass(tmp_path)
            ask_for_codes(street, "back")
            # A call that began before may close the post once more; then the sweep of the next minutes sends them.
            assert eventually(lambda: len(set(post.ids())) == 3 * PEOPLE, 200), street.log("worker")
            post.cut = 1
            ask_for_codes(street, "cut", people=1)
            assert eventually(lambda: post.cut == 0, 30)
            assert eventually(lambda: ask(tmp_path, "SELECT count(*) FROM notices_letter") == 0, 200)
            receivers = [message_from_bytes(raw)["To"] for raw in post.letters]
    assert len(set(receivers)) == len(set(post.ids())) == 3 * PEOPLE + 1
    assert len(post.ids()) == 3 * PEOPLE + 2, "only the one that was cut came twice, under its one id"
    print(f"\n{3 * PEOPLE + 1} letters, slowest request {slowest * 1000:.0f} ms")  # noqa: T201


def minutes_pass(folder) -> None:
    """The post may be asked again, and letters that were put back are due."""
    ask(folder, "DELETE FROM notices_closedpost", "UPDATE notices_letter SET due_at = '1970-01-01 00:00:00'")


def ask_for_codes(street: Street, name: str, people: int = PEOPLE) -> float:
    """Several people ask for a code to sign in; answers the longest that one of them waited."""
    slowest = 0.0
    for number in range(people):
        answer = Visitor(street).post("/accounts/login/", {"email": f"{name}{number}@example.org"})
        assert answer.status == 200, answer.text[:500]
        slowest = max(slowest, answer.seconds)
    return slowest


def ask(folder, *statements):
    """The number that the last statement answers, past everything of ours."""
    with closing(sqlite3.connect(folder / "veche.sqlite3", timeout=20)) as connection, connection:
        rows = [connection.execute(statement).fetchone() for statement in statements]
    return rows[-1][0] if rows[-1] else 0
