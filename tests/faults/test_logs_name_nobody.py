"""With all logs on, of the server and of the worker: what people typed is in none of them."""

import json
import sqlite3
from contextlib import closing
from urllib.parse import quote

import pytest
from tests.faults.crew.street import Answer, Street, Visitor
from tests.faults.house import eventually

from veche.commons.notices.tests.sink import sink

pytestmark = pytest.mark.slow
NAME, TEXT, STREET = "Канарейкина", "канареечная яма у крыльца", "Канареечный переулок, 7"
EMAIL, REFUSED, PHONE = "canary.bird@example.org", "no.canary@example.org", "+7 912 555-01-23"
CANARIES = (
    "анарей",
    "анареечн",
    "canary",
    "555-01-23",
    "5550123",
    quote("анарей"),
    "\\u043d\\u0430\\u0440\\u0435\\u0439",
)
EVERYTHING = {"name": NAME, "text": TEXT, "address": STREET, "email": EMAIL, "phone": PHONE}


def file_report(visitor: Visitor, email: str) -> Answer:
    visitor.post("/perm/report", {"category": "pothole"})
    where = {"lat": "58.0", "lon": "56.1", "act": "next", "address": STREET}
    visitor.post("/perm/report/where", where)
    visitor.post("/perm/report/details", {"text": f"{TEXT}. {NAME}, {PHONE}", "email": email, "act": "next"})
    page = visitor.get("/perm/report/check").text
    draft = page.partition('name="draft" value="')[2].partition('"')[0]
    return visitor.post("/perm/report/check", {"draft": draft})


def test_no_log_holds_what_people_typed(tmp_path):
    with sink() as post:
        settings = {
            "VECHE_PRODUCTION": "1",
            "VECHE_SECRET_KEY": "k" * 48,
            "VECHE_LOG_LEVEL": "DEBUG",
            "VECHE_MAIL_URL": f"smtp://127.0.0.1:{post.server_address[1]}",
        }
        street = Street(tmp_path, **settings)
        with street.open(access_log=True):
            visitor = Visitor(street)
            assert file_report(visitor, EMAIL).status == 200
            assert eventually(lambda: len(post.letters) >= 1, 60), street.log("worker")[-3000:]
            key = _key_of(post.letters[0])
            assert visitor.get(f"/perm/report/confirm/{key}").status == 200
            file_report(Visitor(street), REFUSED)
            wrong(visitor)
            sign_in(Visitor(street))
            street.house.act("canaries", f"{NAME} {EMAIL}")
            assert eventually(lambda: "crew:places.CityLoaded: KeyError" in errors(tmp_path), 60)
            assert eventually(lambda: "JobFailed" in street.log("worker"), 60)
            assert eventually(lambda: "550" in street.log("worker"), 60)
    web, worker = street.log("web"), street.log("worker")
    _lines_are_json(web)
    _lines_are_json(worker)
    assert '"status": 500' in web, "the canary did not fly where it should"
    assert "builtins.ValueError" in web
    assert '"path": "/perm/report/check"' in web
    for log in (web, worker, errors(tmp_path)):
        for canary in (*CANARIES, key.rpartition("/")[2]):
            line = next((one for one in log.splitlines() if canary.lower() in one.lower()), "")
            assert not line, f"{canary}: {line[:1500]}"


def wrong(visitor: Visitor) -> None:
    """Every way to go wrong, with all canaries in the query and in the body."""
    query, form = "?" + "&".join(f"{key}={quote(value)}" for key, value in EVERYTHING.items()), EVERYTHING
    body = "&".join(f"{key}={quote(value)}" for key, value in EVERYTHING.items()).encode()
    as_json = {"Content-Type": "application/json"}
    assert visitor.get(f"/perm/reports{query}").status == 200
    assert visitor.get(f"/nothing-here{query}").status == 404
    assert visitor.post(f"/nothing-here{query}", form).status in {403, 404}
    assert visitor.send(f"/crew/break{query}", body).status == 500
    assert visitor.send(f"/look{query}", body, Referer="https://elsewhere.example/?" + EMAIL).status in {
        200,
        302,
    }
    assert (
        visitor.send(
            f"/perm/report{query}", body, Cookie="", Referer=f"https://x.example/{EMAIL}{query}"
        ).status
        == 403
    )
    assert (
        visitor.send(
            f"/perm/report{query}", body, **{"Content-Type": "multipart/form-data; boundary=x"}
        ).status
        >= 400
    )
    assert visitor.send("/api/v1/perm/reports", json.dumps(EVERYTHING)[:-3].encode(), **as_json).status >= 400
    assert (
        visitor.send("/api/v1/perm/reports", json.dumps({"text": EVERYTHING}).encode(), **as_json).status
        >= 400
    )
    assert visitor.get(f"/perm/reports{query}&before=x%00{quote(NAME)}").status < 500
    assert visitor.get(f"/accounts/login/?next=//{EMAIL}").status == 200
    visitor.raw(
        f"GET /perm/reports{query} HTTP/1.1\r\nHost: {EMAIL.partition('@')[0]}.example\r\n\r\n".encode()
    )
    visitor.raw(f"GET /\x01{EMAIL} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    visitor.raw(f"BREW /{quote(NAME)}?{EMAIL} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def sign_in(visitor: Visitor) -> None:
    """Ask for a code with a canary's address, and get it wrong."""
    visitor.post("/accounts/login/", {"email": EMAIL})
    visitor.post("/accounts/login/code/confirm/", {"code": "canary"})
    visitor.post("/accounts/login/password/", {"login": EMAIL, "password": f"{NAME}-canary"})


def errors(folder) -> str:
    """What the house itself keeps about what failed."""
    with closing(sqlite3.connect(folder / "veche.sqlite3", timeout=20)) as connection:
        kept = connection.execute(
            "SELECT error FROM journal_outbox UNION SELECT why FROM notices_letter"
        ).fetchall()
        tasks = connection.execute("SELECT result FROM django_q_task WHERE NOT success").fetchall()
    return "\n".join(str(row[0]) for row in (*kept, *tasks))


def _key_of(letter: bytes) -> str:
    import email
    import email.policy
    import re

    text = email.message_from_bytes(letter, policy=email.policy.default).get_content()
    found = re.search(r"/perm/report/confirm/([\w-]+/[\w-]+)", text)
    assert found, text
    return found[1]


def _lines_are_json(log: str) -> None:
    lines = log.splitlines()
    assert lines
    for line in lines:
        assert isinstance(json.loads(line), dict), line
