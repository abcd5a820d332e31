"""Our log and its witnesses: real processes, real HTTP, and some that lie."""

import logging
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest
from django.db import transaction
from django.test import Client
from tests.ports import free_port

from veche.commons.journal import queries, services
from veche.commons.journal.adapters.folder import MemoryStore
from veche.commons.journal.adapters.witness_line import HttpLine
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.services.publishing import verifier
from veche.commons.journal.terms import LATEST, PUBLISHED, FactAltered, Witness, WitnessPolicy
from veche.commons.journal.tests.logs import Key, a_witness_key
from veche.commons.journal.tests.served_witness import ServedWitness
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.site.witnesses import Witnesses


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three witnesses, each a process of its own."""
    found = [ServedWitness(tmp_path_factory.mktemp(f"w{n}"), f"w{n}.example.org/w") for n in range(3)]
    for one in found:
        one.serve()
    yield found
    for one in found:
        one.kill()


@pytest.fixture
def log(db, monkeypatch):
    """A log of our own: in memory, with a key nobody else has."""
    monkeypatch.setattr(EQUIPMENT, "store", MemoryStore())
    monkeypatch.setattr(EQUIPMENT, "key", Key(f"{new_id()}.example.org/journal"))
    return EQUIPMENT.store


def appoint(monkeypatch, *witnesses, needed=0):
    named = tuple(Witness(f"Газета {n}", one.url, str(one.key)) for n, one in enumerate(witnesses))
    monkeypatch.setattr(EQUIPMENT, "witnesses", lambda: WitnessPolicy(named, needed))
    for one in witnesses:
        if isinstance(one, ServedWitness):
            one.watch(verifier())


def grow(now, count=3):
    with transaction.atomic():
        services.record_many(
            FactAltered(ref=SubjectRef("journal.fact", new_id()), at=now) for _ in range(count)
        )
    services.sequence(now=now)


def ask(now, asker=None, clock=0.0, patience_s=20):
    asker = asker or Witnesses()
    asker.stroke(now, clock=clock)
    asker.join(patience_s)
    return asker


def shown():
    """The size the public sees, and how many witnesses signed it."""
    found = queries.published()
    if found is None:
        return None
    return found[0].size, len(notes.cosigners(found[1], services.witness_keys()))


def test_three_witnesses_sign_what_is_shown_at_once(log, three, monkeypatch, now):
    appoint(monkeypatch, *three)
    grow(now)
    assert shown() == (3, 0)
    asker = ask(now)
    assert shown() == (3, 3)
    grow(now, 300)
    ask(now, asker, clock=1)
    assert shown() == (303, 3)
    assert {one.size for one in queries.witness_states().values()} == {303}
    assert queries.sequencer_state().refused_by == ()


def test_with_a_demand_nothing_is_shown_before_two_of_three_have_signed(log, three, monkeypatch, now):
    dead = a_dead_witness()
    appoint(monkeypatch, three[0], dead, needed=2)
    grow(now)
    ask(now)
    assert shown() is None
    assert Checkpoint.parse(Note.parse(log.files[LATEST].decode()).text).size == 3
    appoint(monkeypatch, three[0], three[1], dead, needed=2)
    ask(now)
    assert shown() == (3, 2)
    states = queries.witness_states()
    assert states[str(dead.key)].trouble == "unreachable"


def test_a_demanded_log_goes_on_showing_the_last_state_that_enough_have_signed(log, three, monkeypatch, now):
    appoint(monkeypatch, *three[:2], needed=2)
    grow(now)
    ask(now)
    appoint(monkeypatch, three[0], a_dead_witness(), needed=2)
    grow(now)
    ask(now)
    assert shown()[0] == 3


def test_a_new_start_asks_nobody_who_has_signed_already(log, three, monkeypatch, now):
    appoint(monkeypatch, *three)
    grow(now)
    ask(now)
    assert Witnesses().stroke(now, clock=0) == 0


def test_a_witness_is_asked_again_later_and_later(log, three, monkeypatch, now):
    dead = a_dead_witness()
    appoint(monkeypatch, dead)
    grow(now)
    asker = Witnesses()
    moments = []
    for second in range(400):
        if asker.stroke(now, clock=float(second)):
            moments.append(second)
            asker.join(10)
    pauses = [after - before for before, after in pairwise(moments)]
    assert pauses[:5] == [2, 4, 8, 16, 32]


def test_a_size_we_had_forgotten_is_learned_from_the_witness(log, three, monkeypatch, now):
    appoint(monkeypatch, *three)
    grow(now, 5)
    ask(now)
    log.files.pop("witnessed")
    grow(now, 5)
    ask(now)
    assert shown() == (10, 3)


def test_a_busy_log_is_cosigned_by_all_for_one_checkpoint(log, three, monkeypatch, now):
    """While it grows with every look: two of three signatures must meet under the same one."""
    appoint(monkeypatch, *three, needed=2)
    asker = Witnesses()
    sizes = []
    for second in range(12):
        grow(now, 2)
        asker.stroke(now, clock=float(second))
        time.sleep(0.1)
        sizes.append(shown())
    asker.join(10)
    assert sum(one is not None and one[1] >= 2 for one in sizes) > 6
    assert shown()[0] > 12


def test_the_sequencer_never_waits_for_a_slow_witness(log, three, monkeypatch, now):
    with a_liar(drip) as slow:
        appoint(monkeypatch, three[0], three[1], slow, needed=2)
        grow(now)
        asker = Witnesses()
        began = time.monotonic()
        asker.stroke(now, clock=0)
        assert time.monotonic() - began < 0.5
        grow(now)  # meanwhile
        assert time.monotonic() - began < 1.0
        asker.join(20)
        assert time.monotonic() - began < HttpLine()._patience_s + 1.5
        assert shown() == (3, 2)


def drip(handler):
    """An octet now and then: no read runs into its timeout, and the answer never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.2)


def says(status, body, kind="text/plain"):
    def say(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        handler.wfile.write(body)

    return say


def wrong_key(handler):
    other = a_witness_key("liar.example.org/w")
    signature = notes.cosigned(text_of(handler), other.verifier, other, at=1)
    says(200, str(signature).encode())(handler)


def wrong_text(handler):
    text = text_of(handler).replace("\n3\n", "\n4\n")
    says(200, str(notes.cosigned(text, handler.server.key.verifier, handler.server.key, at=1)).encode())(
        handler
    )


def not_timed(handler):
    key = handler.server.key
    says(200, str(notes.signed(text_of(handler), key.verifier, key).signatures[0]).encode())(handler)


def text_of(handler):
    return Note.parse(handler.body.decode().partition("\n\n")[2]).text


LIES = {
    "another key": wrong_key,
    "another text": wrong_text,
    "no time": not_timed,
    "garbage": says(200, b"\xff\x00garbage\n"),
    "nothing": says(200, b""),
    "too much": says(200, "— w AAAAAAAA\n".encode() * 800_000),
    "no http": lambda handler: handler.wfile.write(b"SSH-2.0-hello\r\n"),
    "nonsense for a size": says(409, b"many\n", "text/x.tlog.size"),
    "a size in the wrong kind": says(409, b"2\n"),
    "a size that never ends": says(409, b"9" * 1000, "text/x.tlog.size"),
    "elsewhere": says(301, b""),
    "broken": says(500, b"oh"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_witness_that_lies_changes_nothing(log, three, monkeypatch, now, lie):
    with a_liar(LIES[lie]) as liar:
        appoint(monkeypatch, three[0], liar, needed=2)
        grow(now)
        ask(now)
        assert shown() is None
        appoint(monkeypatch, three[0], three[1], liar, needed=2)
        ask(now)
        assert shown() == (3, 2)
        assert all(
            one.name != "liar.example.org/w" for one in Note.parse(log.files[PUBLISHED].decode()).signatures
        )
        assert queries.witness_states()[str(liar.key)].trouble in {"unclear", "unreachable"}
        assert queries.sequencer_state().refused_by == ()


def test_a_forked_log_is_refused_and_an_alarm(log, three, monkeypatch, now, caplog):
    appoint(monkeypatch, *three)
    grow(now)
    ask(now)
    before = dict(log.files)
    point = transaction.savepoint()
    grow(now, 2)
    ask(now)
    assert shown() == (5, 3)
    transaction.savepoint_rollback(point)  # as from a backup; now another log grows
    log.files.clear()
    log.files.update(before)
    grow(now, 4)
    with caplog.at_level(logging.CRITICAL):
        ask(now)
    assert shown() == (7, 0)
    assert {one.trouble for one in queries.witness_states().values()} == {"refused"}
    assert len([one for one in caplog.records if one.levelno == logging.CRITICAL]) == 3
    assert len(queries.sequencer_state().refused_by) == 3
    page = Client().get("/journal", headers={"cookie": "lang=ru"}).content.decode()
    assert "Тревога" in page
    assert "Газета 1" in page
    assert Client().get("/readyz").json()["refused_by_witnesses"] == ["Газета 0", "Газета 1", "Газета 2"]
    for one in three:
        assert any(
            found.kind == "unproven" and found.origin == verifier().name for found in one.book.evidence()
        )


def test_a_log_from_an_old_backup_is_behind_its_witnesses_and_an_alarm(log, three, monkeypatch, now):
    appoint(monkeypatch, *three)
    grow(now)
    before = dict(log.files)
    point = transaction.savepoint()
    grow(now, 5)
    ask(now)
    transaction.savepoint_rollback(point)
    log.files.clear()
    log.files.update(before)
    grow(now, 1)
    ask(now)
    assert {one.trouble for one in queries.witness_states().values()} == {"ahead"}
    assert shown() == (4, 0)


class Nobody:
    """A witness that is named and not there."""

    def __init__(self, url, key):
        self.url, self.key = url, key


def a_dead_witness():
    return Nobody(f"http://127.0.0.1:{free_port()}", a_witness_key("dead.example.org/w").verifier)


@contextmanager
def a_liar(lie):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_POST(self):
            self.body = self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):  # whoever asked has hung up
                lie(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.key = a_witness_key("liar.example.org/w")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Nobody(f"http://127.0.0.1:{server.server_port}", server.key.verifier)
    finally:
        server.shutdown()
        server.server_close()
