"""A witness, by one contract: over real HTTP in a process of its own, and in this process."""

import http.client
import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from urllib.request import urlopen

import pytest
from tests.shared import ROOT

from veche.commons.journal.adapters.witness_book import MOST_EVIDENCE, WitnessBook
from veche.commons.journal.adapters.witness_desk import Desk, Turnstile
from veche.commons.journal.adapters.witness_line import HttpLine, LocalLine
from veche.commons.journal.rules import notes, tree, witnessing
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.tests.logs import Key, Log, a_witness_key
from veche.commons.journal.tests.served_witness import ServedWitness

NOON = datetime(2026, 3, 14, 7, tzinfo=UTC)
_numbers = count()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    witness = ServedWitness(tmp_path_factory.mktemp("w"), "paper.example.org/w", workers=2).serve()
    yield witness
    witness.kill()


class Local:
    """The twin: the same desk in this process."""

    url = "http://local"

    def __init__(self, folder):
        key = a_witness_key()
        self.key, self.book = key.verifier, WitnessBook(folder)
        self.line = LocalLine({self.url: Desk(self.book, key, now=lambda: NOON)})


@pytest.fixture(params=["http", "local"])
def witness(request, tmp_path):
    if request.param == "local":
        return Local(tmp_path)
    served = request.getfixturevalue("served")
    served.line = HttpLine()
    return served


@pytest.fixture
def log(witness):
    found = Log(f"town{next(_numbers)}.example.org/journal")
    witness.book.watch(found.key.verifier, now=NOON)
    return found


def said(witness, body):
    answer = witness.line.add_checkpoint(witness.url, body)
    assert answer is not None
    return answer


def signed(witness, log, body):
    """Submit and check the cosignature; answers the size that was signed."""
    answer = said(witness, body)
    assert answer.status == 200, answer.body
    text = Note.parse(body.decode().partition("\n\n")[2]).text
    note = Note(text, tuple(notes.signature_of(one) for one in answer.body.decode()[:-1].split("\n")))
    assert notes.cosigners(note, [witness.key]) == [witness.key]
    return Checkpoint.parse(text).size


def last_size(witness, log):
    return next(one.size for one in witness.book.watched() if one.origin == log.key.name)


def test_a_log_that_grows_is_cosigned_again_and_again(witness, log):
    assert signed(witness, log, log.grow(3).asks(0)) == 3
    assert signed(witness, log, log.grow(300).asks(3)) == 300
    assert signed(witness, log, log.asks(300)) == 300  # the same once more
    assert last_size(witness, log) == 300


def test_a_log_may_begin_empty(witness, log):
    assert signed(witness, log, log.asks(0)) == 0
    assert signed(witness, log, log.grow(5).asks(0)) == 5


def test_an_unknown_log_is_not_found(witness, log):
    assert said(witness, Log("nobody.example.org/journal").grow(2).asks(0)).status == 404


def test_a_checkpoint_without_a_signature_of_the_log_is_forbidden(witness, log):
    stranger = Key(log.key.name)
    body = witnessing.written(0, [], log.grow(2).note(signer=stranger))
    assert said(witness, body).status == 403
    forged = log.note().replace(log.checkpoint().text, log.checkpoint(1).text)
    assert said(witness, witnessing.written(0, [], forged)).status == 403
    assert last_size(witness, log) == 0


def test_signatures_of_strangers_beside_that_of_the_log_change_nothing(witness, log):
    log.grow(2)
    stranger = notes.signed(log.checkpoint().text, Key("x").verifier, Key("x"))
    note = Note.parse(log.note()).with_signatures(stranger.signatures)
    assert signed(witness, log, witnessing.written(0, [], str(note))) == 2


@pytest.mark.parametrize("old", [0, 1, 4, 9])
def test_another_size_than_the_last_is_a_conflict_that_tells_the_size(witness, log, old):
    signed(witness, log, log.grow(3).asks(0))
    answer = said(witness, log.grow(9).asks(old))
    assert (answer.status, answer.body) == (409, b"3\n")
    assert answer.kind == "text/x.tlog.size"


def test_an_older_checkpoint_of_the_same_log_is_a_conflict_and_no_evidence(witness, log):
    signed(witness, log, log.grow(9).asks(0))
    answer = said(witness, log.asks(3, 5))
    assert (answer.status, answer.body) == (409, b"9\n")
    assert not [one for one in witness.book.evidence() if one.origin == log.key.name]


def test_two_roots_of_one_size_are_a_conflict_and_kept_as_evidence_with_both_notes(witness, log):
    log.grow(3)
    fork = log.fork().grow(5, "other")
    signed(witness, log, log.grow(5).asks(0))
    for old in (5, 3):
        assert said(witness, fork.asks(old)).status == 409
    (found,) = [one for one in witness.book.evidence() if one.origin == log.key.name]
    assert found.kind == "fork"
    pair = [Checkpoint.parse(Note.parse(one).text) for one in (found.known, found.offered)]
    assert pair[0].size == pair[1].size == 5
    assert pair[0].root != pair[1].root
    assert all(Note.parse(one).signed_by(log.key.verifier) for one in (found.known, found.offered))


def test_a_fork_that_went_on_is_unprocessable_and_kept(witness, log):
    log.grow(3)
    fork = log.fork().grow(9, "other")
    signed(witness, log, log.grow(5).asks(0))
    assert said(witness, fork.asks(5)).status == 422
    assert [one.kind for one in witness.book.evidence() if one.origin == log.key.name] == ["unproven"]
    assert signed(witness, log, log.grow(9).asks(5)) == 9


def test_a_proof_with_one_bit_turned_is_unprocessable(witness, log):
    signed(witness, log, log.grow(5).asks(0))
    log.grow(9)
    proof = [bytes([one[0] ^ 1]) + one[1:] for one in log.proof(5)]
    assert said(witness, witnessing.written(5, proof, log.note())).status == 422
    assert last_size(witness, log) == 5


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: b"\xff\xfe",
        lambda body: body.replace(b"old 5", b"old 05"),
        lambda body: body.replace(b"old 5", b"old -5"),
        lambda body: body.replace(b"old 5", b"old  5"),
        lambda body: body.replace(b"old 5\n", b"old 5\r\n"),
        lambda body: body.replace(b"old 5", b"old 10"),  # larger than the checkpoint
        lambda body: body.replace(b"old 5", b"old 0"),  # with a proof
        lambda body: body.replace(b"old 5\n", b"old 5\nnot a hash\n"),
        lambda body: body.replace(b"old 5\n", b"old 5\n" + (b64encode(bytes(32)) + b"\n") * 64),
        lambda body: body.replace(b"\n\n", b"\n"),
        lambda body: body[:-1],
        lambda body: body.replace(b"\n9\n", b"\n99999999999999999999\n"),
        lambda body: body.replace(b"\n9\n", b"\n9999999999999999999\n"),
        lambda body: body.replace(b"\n9\n", b"\n09\n"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_a_bad_request(witness, log, spoil):
    signed(witness, log, log.grow(5).asks(0))
    body = log.grow(9).asks(5)
    spoiled = spoil(body)
    assert spoiled != body
    assert said(witness, spoiled).status == 400
    assert last_size(witness, log) == 5


def test_sixty_three_lines_of_proof_are_read(witness, log):
    signed(witness, log, log.grow(5).asks(0))
    body = witnessing.written(5, [bytes(32)] * 63, log.grow(9).note())
    assert said(witness, body).status == 422


def test_a_large_body_is_refused_unread(witness, log):
    assert said(witness, b"old 0\n\n" + b"x" * 200_000).status == 413


def test_twenty_at_once_never_roll_back(witness, log):
    log.grow(400)
    signed(witness, log, log.asks(0, 3))
    sizes = [4, 400, 17, 256, 300, 5, 399, 64, 65, 128, 9, 33, 255, 257, 200, 100, 50, 25, 12, 6]

    def race(size):
        """Ask as a log does: learn the size and go on from there; what is smaller by now gives up."""
        old, won = 3, []
        while True:
            answer = said(witness, log.asks(old, size))
            if answer.status == 200:
                won.append((old, size))
                return won
            assert answer.status == 409
            old = int(answer.body)
            if old > size:
                return won

    with ThreadPoolExecutor(20) as pool:
        won = [step for steps in pool.map(race, sizes) for step in steps]
    chain = sorted(won)
    # Every cosignature went on from exactly the one before it: nothing was rolled back, nothing signed aside.
    assert [old for old, _ in chain] == [3, *(size for _, size in chain[:-1])]
    assert chain[-1][1] == last_size(witness, log) == 400


def test_of_twenty_forks_at_once_one_is_cosigned(witness, log):
    log.grow(3)
    signed(witness, log, log.asks(0))
    forks = [log.fork().grow(7, f"fork {n}") for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda one: said(witness, one.asks(3)).status, forks))
    assert sorted(answers) == [200] + [409] * 19


def test_readers_see_what_is_watched_in_json(served, tmp_path):
    served.line = HttpLine()
    log = Log("read.example.org/journal").grow(4)
    served.watch(log.key.verifier)
    signed(served, log, log.asks(0))
    with urlopen(served.url, timeout=5) as answer:
        about = json.load(answer)
    assert (about["name"], about["key"]) == (served.name, str(served.key))
    (mine,) = [one for one in about["logs"] if one["origin"] == log.key.name]
    assert mine["size"] == 4
    assert mine["cosigned_at"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/add-checkpoint", 405), ("POST", "/", 405), ("GET", "/x", 404)]
)
def test_other_requests_are_refused(served, method, path, status):
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    connection.request(method, path)
    assert connection.getresponse().status == status
    connection.close()


def test_somebody_who_asks_too_often_waits_and_others_do_not():
    gate = Turnstile(per_s=1, at_once=3)
    assert [gate.admits("a", clock=0) for _ in range(4)] == [True, True, True, False]
    assert gate.admits("b", clock=0)
    assert [gate.admits("a", clock=2) for _ in range(3)] == [True, True, False]


def test_evidence_cannot_fill_the_disk(tmp_path):
    witness, log = Local(tmp_path), Log().grow(2)
    witness.book.watch(log.key.verifier, now=NOON)
    signed(witness, log, log.asks(0))
    for n in range(MOST_EVIDENCE + 5):
        body = witnessing.written(2, [], log.fork().grow(4, f"other {n}").note())
        assert witness.book.consider(witnessing.read(body), now=NOON).status == 422
    assert len(witness.book.evidence()) == MOST_EVIDENCE


DYING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from veche.commons.journal.adapters.witness_book import WitnessBook
from veche.commons.journal.adapters.witness_desk import Desk
from veche.commons.journal.adapters.witness_line import LocalLine

class Dying:
    name, public = "w", bytes(32)
    def sign(self, data):
        os.kill(os.getpid(), signal.SIGKILL)

book = WitnessBook(Path(sys.argv[1]))
LocalLine({"w": Desk(book, Dying(), now=lambda: datetime.now(UTC))}).add_checkpoint("w", sys.stdin.buffer.read())
"""


def test_killed_between_storing_and_answering_it_never_signs_another_root_of_that_size(tmp_path):
    witness, log = Local(tmp_path), Log().grow(3)
    witness.book.watch(log.key.verifier, now=NOON)
    signed(witness, log, log.asks(0))
    other = log.fork().grow(7, "other")
    log.grow(7)
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path)],
        input=log.asks(3),
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert said(witness, other.asks(3)).status == 409
    assert said(witness, other.asks(7)).status == 409
    assert signed(witness, log, log.asks(7)) == 7


def test_the_text_of_the_tree_is_what_the_specification_shows():
    body = witnessing.written(0, [], Log("x.example/y").note())
    assert body.startswith(b"old 0\n\nx.example/y\n0\n" + b64encode(tree.EMPTY_ROOT) + b"\n\n")
