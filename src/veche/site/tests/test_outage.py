"""A full disk and a silent database pass: programs and people are told when to come again."""

import errno
import json
import sqlite3
import time
from contextlib import suppress
from threading import Event, Thread

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError
from django.db.utils import DatabaseErrorWrapper
from django.http import HttpResponse

from veche.site import errors, problems
from veche.site.database import database
from veche.site.outage import Outage, outage_of
from veche.site.sqlite.base import DatabaseWrapper
from veche.site.turns import Turn

# What Django's own connections take for granted beside what we say of ours.
_REST = {"AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None}


@pytest.fixture
def open_file(tmp_path, django_db_blocker):
    """Connections to one SQLite file."""
    django_db_blocker.unblock()
    known = []

    def open_(patience=20):
        entry = database("", tmp_path, 1) | _REST
        entry["OPTIONS"] = entry["OPTIONS"] | {"timeout": patience}
        connection = DatabaseWrapper(entry, "default")
        known.append(connection)
        return connection

    yield open_
    for connection in known:
        connection.inc_thread_sharing()
        connection.close()
    django_db_blocker.restore()


def raised(statement, connection):
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    return caught.value


def from_postgres(error):
    """What Django makes of an error of psycopg."""
    from django.db.backends.postgresql.base import DatabaseWrapper as Postgres

    with pytest.raises(DatabaseError) as caught, DatabaseErrorWrapper(Postgres({}, "default")):
        raise error
    return caught.value


def test_a_sqlite_without_room_has_no_room(open_file):
    connection = open_file()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
        cursor.execute("PRAGMA max_page_count = 3")
    assert outage_of(raised("INSERT INTO t VALUES (zeroblob(100000))", connection)) == Outage.NO_ROOM


def test_a_sqlite_that_somebody_else_writes_to_passes(open_file, tmp_path):
    connection = open_file(patience=0.05)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
    other = sqlite3.connect(tmp_path / "veche.sqlite3")
    other.execute("BEGIN IMMEDIATE")
    assert outage_of(raised("INSERT INTO t VALUES (1)", connection)) == Outage.NO_DATABASE
    other.close()


def test_a_mistake_of_the_program_does_not_pass(open_file):
    assert outage_of(raised("SELECT * FROM nowhere", open_file())) is None
    assert outage_of(ValueError("x")) is None
    assert outage_of(OSError(errno.EACCES, "no")) is None
    assert outage_of(None) is None


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (psycopg.errors.DiskFull("could not extend file"), Outage.NO_ROOM),
        (psycopg.errors.AdminShutdown("terminating connection"), Outage.NO_DATABASE),
        (psycopg.errors.UndefinedTable("nowhere"), None),
    ],
)
def test_postgres_is_understood_too(error, outage):
    assert outage_of(from_postgres(error)) == outage


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_without_room_is_found_behind_what_came_of_it(number):
    with pytest.raises(RuntimeError) as caught:
        _fail_to_keep(number)
    assert outage_of(caught.value) == Outage.NO_ROOM


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "На нашем диске кончилось место"), ("en", "Our disk is full")]
)
def test_a_page_that_finds_no_room_says_so_and_when_to_come_again(rf, language, words):
    answer = _failed(rf.get("/", headers={"Cookie": f"lang={language}"}))
    page = answer.content.decode().replace("\u00a0", " ")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert words in page
    assert "503" in page


def test_a_program_that_finds_no_room_outside_of_the_api_is_told_in_its_way(rf):
    middleware = problems.ProblemMiddleware(_failed)
    answer = middleware(rf.post("/api/v1/perm/reports", headers={"Accept-Language": "en"}))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert json.loads(answer.content)["code"] == "site.no-room"


def test_a_commit_that_fails_keeps_nobody_waiting(open_file):
    """It failed with the lock of the writers in hand, waiting for the turn of somebody who waited for that lock."""
    first, turn, patience = open_file(), Turn(1), 3
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        cursor.execute(
            "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED, x)"
        )
    waits = [_write_beside_a_failing_commit(first, open_file(patience), turn) for _ in range(40)]
    assert max(waits) < patience / 2


def _write_beside_a_failing_commit(first, second, turn):
    """Answers how long the second one waited."""
    writing, took = Event(), []

    def beside():
        second.inc_thread_sharing()
        writing.wait()
        with turn:
            began = time.monotonic()
            with suppress(DatabaseError):
                second.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            took.append(time.monotonic() - began)
            second.rollback()
            second.set_autocommit(True)

    thread = Thread(target=beside)
    thread.start()
    with turn:
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with first.cursor() as cursor:
            cursor.execute("INSERT INTO child VALUES (7, zeroblob(100))")
        writing.set()
        with pytest.raises(IntegrityError):
            first.commit()
        first.rollback()
        first.set_autocommit(True)
    thread.join()
    return took[0]


def _failed(request) -> HttpResponse:
    try:
        _find_no_room(errno.ENOSPC)
    except OSError:
        return errors.failure(request)
    raise AssertionError


def _fail_to_keep(number):
    try:
        _find_no_room(number)
    except OSError as error:
        raise RuntimeError("the photograph was not kept") from error


def _find_no_room(number):
    raise OSError(number, "no room")
