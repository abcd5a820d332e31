"""`veche journal verify` and the script of another hand look at the same logs and come to the same answers."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from tests.served_log import LONG_AGO, Log, served
from tests.shared import ROOT

from veche.site.console import main

NODE = shutil.which("node")


def is_old(node):
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return int(said.strip("v\n").partition(".")[0] or 0) < 18


def by_veche(*words):
    """The command, in this process: it needs neither settings nor a database."""
    return main(["journal", "verify", *map(str, words)])


def by_node(*words):
    done = subprocess.run(
        [NODE, str(ROOT / "tools" / "verify.mjs"), *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done.returncode


needs_node = pytest.mark.skipif(
    NODE is None or is_old(NODE), reason="no Node 18 here: the second verifier is not tested"
)


@pytest.fixture(params=[by_veche, pytest.param(by_node, marks=needs_node)], ids=["veche", "node"])
def verify(request):
    return request.param


@pytest.fixture
def log():
    return Log().grow(600)


def saved(receipt, path):
    path.write_text(json.dumps(receipt), encoding="utf-8")
    return path


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 700])
def test_a_log_of_any_size_is_proven(verify, count):
    with served(Log().grow(count)) as url:
        assert verify(url) == 0


@pytest.mark.parametrize(("before", "after"), [(0, 3), (1, 2), (5, 5), (200, 256), (256, 600), (300, 301)])
def test_a_log_that_only_grew_is_proven(verify, tmp_path, before, after):
    log, state = Log().grow(before), tmp_path / "state.json"
    with served(log) as url:
        assert verify(url, "--state", state) == 0
        log.grow(after - before)
        assert verify(url, "--state", state) == 0
    assert f"\\n{after}\\n" in state.read_text(encoding="utf-8")


@needs_node
def test_each_reads_what_the_other_remembers(log, tmp_path):
    state = tmp_path / "state.json"
    with served(log) as url:
        for verify in (by_veche, by_node, by_veche):
            assert verify(url, "--state", state) == 0
            log.grow(3)


TAMPERED = {
    "a hash": lambda log: log.flip("/journal/tile/0/000", 99),
    "a line": lambda log: log.flip("/journal/tile/entries/001", 400),
    "a lost tile": lambda log: log.files.pop("/journal/tile/0/001"),
    "a lost bundle": lambda log: log.files.pop("/journal/tile/entries/002"),
    "a tile cut off": lambda log: log.files.update({"/journal/tile/0/002": b"\0" * 40}),
    "a bundle cut off": lambda log: log.files.update({"/journal/tile/entries/000": b"\0\5a"}),
    "an upper tile": lambda log: log.flip("/journal/tile/1/000", 3),
    "no checkpoint": lambda log: log.files.pop("/journal/checkpoint"),
    "another text": lambda log: log.flip("/journal/checkpoint", 3),
    "a false signature": lambda log: log.flip(
        "/journal/checkpoint", len(log.files["/journal/checkpoint"]) - 9
    ),
    "a signed lie": lambda log: log.sign(bytes(32)),
    "no word of itself": lambda log: log.files.pop("/journal/about.json"),
    "too few witnesses": lambda log: log.say(witnesses_needed=1),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_log_that_was_tampered_with_is_refused(verify, log, how, tmp_path):
    TAMPERED[how](log)
    with served(log) as url:
        assert verify(url, "--state", tmp_path / "state.json") == 1
    if how != "too few witnesses":
        assert not (tmp_path / "state.json").exists(), "what is wrong is not remembered"


def test_a_log_that_was_cut_is_told_with_what_is_gone_and_the_evidence_is_kept(verify, log, tmp_path, capsys):
    state = tmp_path / "state.json"
    with served(log) as url:
        assert verify(url, "--state", state) == 0
        remembered = state.read_bytes()
        del log.entries[590:], log.ids[590:]
        log.publish()
        capsys.readouterr()
        assert verify(url, "--state", state) == 1
    assert "had 600 lines" in (told := capsys.readouterr().out)
    assert "now it shows 590. Lines that are gone: 10." in told
    assert state.read_bytes() == remembered
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path != state]
    both = b"".join(path.read_bytes() for path in kept)
    assert log.files["/journal/checkpoint"] in both
    assert json.loads(remembered)["checkpoint"].encode() in both


@pytest.mark.parametrize("grows", [0, 40])
def test_a_log_whose_past_was_rewritten_is_told(verify, log, tmp_path, grows):
    state = tmp_path / "state.json"
    with served(log) as url:
        assert verify(url, "--state", state) == 0
        log.entries[7] = log.entries[7].replace(b'"times":7', b'"times":8')
        log.grow(grows)
        assert verify(url, "--state", state, "--quick") == 1
        assert verify(url, "--quick") == 0, "who never looked before cannot know"


def test_another_key_is_an_alarm_until_it_is_accepted(log, tmp_path):
    state = tmp_path / "state.json"
    with served(log) as url:
        assert by_veche(url, "--state", state) == 0
        fresh = Log()
        log.private, log.key = fresh.private, fresh.key
        log.publish()
        assert by_veche(url, "--state", state) == 1
        if NODE:
            assert by_node(url, "--state", state) == 1
        assert by_veche(url, "--state", state, "--accept") == 0
        assert by_veche(url, "--state", state) == 0


def test_witnesses_are_named_whether_they_signed_or_not(verify, log, capsys):
    for name in ("paper.example.org", "uni.example.org"):
        log.witness_keys[name] = Log().private
    log.needed = 2
    log.sign()
    with served(log) as url:
        assert verify(url) == 0
        signed = log.files["/journal/checkpoint"].decode().split("— ")
        log.files["/journal/checkpoint"] = "— ".join(signed[:-1]).encode()
        capsys.readouterr()
        assert verify(url) == 1
    assert "The witness uni.example.org has not signed this checkpoint." in (told := capsys.readouterr().out)
    assert "Witnesses that must sign: 2. Witnesses that did: 1." in told


def test_a_witness_that_is_left_out_since_is_an_alarm(verify, log, tmp_path):
    state = tmp_path / "state.json"
    log.witness_keys["paper.example.org"] = Log().private
    log.needed = 1
    log.sign()
    with served(log) as url:
        assert verify(url, "--state", state) == 0
        log.say(witnesses=[], witnesses_needed=0)
        assert verify(url, "--state", state) == 1


def test_ones_own_witnesses_take_the_place_of_those_the_log_names(log):
    log.witness_keys["paper.example.org"] = Log().private
    log.sign()
    mine = str(log.vkey("paper.example.org"))
    with served(log) as url:
        assert by_veche(url, "--witness", mine, "--witnesses", "1") == 0
        log.witness_keys.clear()
        log.sign()
        assert by_veche(url, "--witness", mine, "--witnesses", "1") == 1
        assert by_veche(url, "--witness", "nonsense") == 2


def test_receipts_of_both_ages_prove_themselves_and_their_lines_are_found(verify, log, tmp_path):
    folder = tmp_path / "receipts"
    folder.mkdir()
    saved(log.receipt(5), folder / "proof.json")
    saved(log.receipt(599, logged=False), folder / "promise.json")
    with served(log) as url:
        assert verify(url, "--receipt", folder) == 0
        assert (
            verify(url, "--receipt", folder / "proof.json", "--receipt", folder / "promise.json", "--quick")
            == 0
        )
    assert verify(url, "--receipt", folder, "--offline") == 0, "nobody is asked"


def test_a_line_that_is_gone_is_proven_by_its_receipt(verify, log, tmp_path, capsys):
    old = Log()
    old.private, old.key = log.private, log.key
    old.add(at=datetime.now(UTC) - LONG_AGO)
    old.grow(3)
    folder = tmp_path / "receipts"
    folder.mkdir()
    saved(old.receipt(0, logged=False), folder / "promise.json")
    saved(old.receipt(1), folder / "proof.json")
    with served(log) as url:
        for more in ((), ("--quick",)):
            capsys.readouterr()
            assert verify(url, "--receipt", folder, *more) == 1
            told = capsys.readouterr().out
            assert "promise.json: promised on" in told
            assert "proof.json: it was line 2 of the log, proven by a signed checkpoint" in told
    assert verify(url, "--receipt", folder, "--offline") == 0


def test_a_promise_of_a_moment_ago_may_wait(verify, log, tmp_path, capsys):
    late = Log()
    late.private, late.key = log.private, log.key
    late.grow(1)
    path = saved(late.receipt(0, logged=False), tmp_path / "promise.json")
    with served(log) as url:
        assert verify(url, "--receipt", path) == 0
    assert "it may wait until" in capsys.readouterr().out


def test_no_part_of_a_receipt_may_change(verify, log, tmp_path):
    good = log.receipt(300)
    folder = tmp_path / "mutants"
    folder.mkdir()
    changes = [
        {"position": 301}, {"position": -1}, {"position": "300"}, {"position": True}, {"position": 1 << 60},
        {"proof": good["proof"][:-1]}, {"proof": good["proof"][::-1]}, {"proof": []}, {"proof": None},
        {"proof": [*good["proof"], good["proof"][0]]}, {"leaf_hash": good["proof"][0]}, {"leaf_hash": "AAAA"},
        {"promise": good["checkpoint"]}, {"promise": ""}, {"checkpoint": good["promise"]}, {"checkpoint": ""},
        {"fact": {**good["fact"], "kind": "x"}}, {"fact": None}, {"entry": good["entry"][:-8] + "AAAAfQ=="},
        {"entry": log.receipt(301)["entry"]}, {"promise": log.receipt(301)["promise"]}, {"key": str(Log().key)},
        {"openings": {**good["openings"], "text": {**good["openings"]["text"], "value": "Тишина"}}},
        {"openings": {**good["openings"], "point": {**good["openings"]["point"], "value": [58.0, 56.26]}}},
        {"openings": {"text": good["openings"]["point"]}}, {"openings": {"name": good["openings"]["text"]}},
    ]  # fmt: skip
    for number, change in enumerate(changes):
        path = saved({**good, **change}, folder / f"{number}.json")
        assert verify("http://nowhere.invalid", "--receipt", path, "--offline") == 1, change


def test_a_receipt_of_another_log_is_none_of_this(verify, log, tmp_path):
    path = saved(Log().grow(3).receipt(1), tmp_path / "r.json")
    with served(log) as url:
        assert verify(url, "--receipt", path) == 1


def test_lines_of_the_future_and_of_a_past_that_was_seen_without_them_are_named(tmp_path, capsys):
    log, state = Log().grow(10, at=datetime.now(UTC) - LONG_AGO), tmp_path / "state.json"
    with served(log) as url:
        assert by_veche(url, "--state", state) == 0
        log.grow(1, at=datetime.now(UTC) - timedelta(days=2))
        capsys.readouterr()
        assert by_veche(url, "--state", state) == 1
        assert "it was held back or backdated" in capsys.readouterr().out
        assert by_veche(url, "--state", state) == 0, "told once, for the log holds it now"
        log.grow(1, at=datetime.now(UTC) + timedelta(days=2))
        for verify in (by_veche, by_node) if NODE else (by_veche,):
            assert verify(url) == 1
        assert "which has not come yet" in capsys.readouterr().out


def test_a_line_that_is_no_fact_or_stands_twice_is_named(log, capsys):
    log.entries.append(log.entries[0])
    log.ids.append(log.ids[0])
    log.entries.append(b'{"id": 5}')
    log.publish()
    with served(log) as url:
        assert by_veche(url) == 1
    told = capsys.readouterr().out
    assert "Line 601 repeats the fact" in told
    assert "Line 602 is no canonical fact" in told


def test_who_does_not_answer_was_not_checked(verify, log, tmp_path):
    assert verify("ftp://example.org") == 2
    with served(log) as url:
        pass
    assert verify(url) == 2
    state = tmp_path / "state.json"
    state.write_text("{}")
    with served(log) as url:
        assert verify(url, "--state", state) == 2


def test_the_answer_in_json_says_the_same(log, capsys):
    with served(log) as url:
        assert by_veche(url, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["proven"], told["size"]) == (True, 600)
        log.flip("/journal/tile/entries/000", 50)
        assert by_veche(url, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["proven"]
    assert {one["code"] for one in told["findings"] if one["weight"] == "wrong"} >= {"entry.altered"}


def test_it_speaks_the_language_of_the_terminal(log, capsys, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "ru")
    with served(log) as url:
        assert by_veche(url) == 0
    assert "Прочитанные записи (600) сходятся к корню, который подписал журнал." in capsys.readouterr().out


def test_without_a_settings_module_or_a_database_it_works_all_the_same(log, tmp_path):
    plain = {"PYTHONPATH": str(ROOT / "src"), "PATH": "", "DATABASE_URL": "nonsense", "VECHE_PRODUCTION": "1"}
    with served(log) as url:
        command = [sys.executable, "-m", "veche.site", "journal", "verify", url]
        done = subprocess.run(command, env=plain, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
