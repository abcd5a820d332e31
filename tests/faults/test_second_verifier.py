"""The verifier of another hand and another language comes to the same answers (skipped without Node 18 or newer)."""

import json
import shutil
import subprocess

import pytest
from tests.faults.outside import Outside
from tests.faults.test_seen_from_outside import flip, replaced, saved
from tests.shared import ROOT

NODE = shutil.which("node")


def _old(node):
    version = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return int(version.strip("v\n").partition(".")[0] or 0) < 18


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NODE is None or _old(NODE), reason="no Node 18 here: the second verifier is not tested"
    ),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("second") / "house"
    folder.mkdir()
    house = Outside(folder)
    house.codes = house.town("file", "120", "alice")["codes"]
    house.town("settle")
    return house


def node(house, *options):
    script = str(ROOT / "tools" / "verify.mjs")
    done = subprocess.run(
        [NODE, script, house.origin, *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=house.folder.parent,
    )
    return done.returncode, done.stdout + done.stderr


def test_both_prove_an_honest_log_and_its_receipts_and_read_each_others_memory(house, tmp_path):
    receipts, state = tmp_path / "receipts", tmp_path / "state.json"
    with house.served():
        saved(house, house.codes[:5], receipts)
        code, told = node(house, "--receipt", str(receipts), "--state", str(state))
        assert code == 0, told
        assert told.count("the line stands in the log now") == 5
        assert house.verify("--receipt", str(receipts), state=str(state))[0] == 0
        assert node(house, "--state", str(state), "--full")[0] == 0
    assert node(house, "--receipt", str(receipts), "--offline")[0] == 0


def test_a_log_that_grew_extends_the_one_that_was_seen(house, tmp_path):
    state = str(tmp_path / "state.json")
    with house.served():
        assert node(house, "--state", state)[0] == 0
        house.town("file", "150", "clara")
        house.town("settle")
        code, told = node(house, "--state", state)
    assert code == 0, told
    assert "are all there, unchanged; 450 were added since" in told


TAMPERED = {
    "hash": lambda log: flip(log / "tile/0/000", 99),
    "entry": lambda log: flip(log / "tile/entries/000", 400),
    "lost": lambda log: (log / "tile/0/000").unlink(),
    "cut": lambda log: (log / "tile/entries/000").write_bytes(b"\0"),
    "upper": lambda log: flip(log / "tile/1/000", 3),
    "gone": lambda log: (log / "checkpoint").unlink(),
    "unsigned": lambda log: flip(log / "checkpoint", 30),
    "false": lambda log: flip(log / "checkpoint", len((log / "checkpoint").read_bytes()) - 8),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_both_refuse_a_log_that_was_tampered_with(house, how):
    kept = shutil.copytree(house.log, house.folder / f"kept-{how}")
    try:
        TAMPERED[how](house.log)
        with house.served():
            assert node(house)[0] == house.verify(state=f"{how}.json")[0] == 1
    finally:
        replaced(house.log, kept)


def test_both_tell_a_log_that_was_cut(house, tmp_path):
    kept, state = shutil.copytree(house.log, house.folder / "kept"), tmp_path / "state.json"
    house.town("file", "3", "dora")
    house.town("settle")
    with house.served():
        assert node(house, "--state", str(state))[0] == 0
    replaced(house.log, kept)
    with house.served():
        code, told = node(house, "--state", str(state))
        assert code == 1
        assert "Lines that are gone: 9" in told
        assert house.verify(state=str(state))[0] == 1
    shutil.rmtree(house.log)
    house.town("rebuild")


def test_no_byte_of_a_receipt_may_change(house, tmp_path):
    with house.served():
        content = json.loads(house.get(f"/receipts/{house.codes[0]}.json"))
    mutants = tmp_path / "mutants"
    mutants.mkdir()
    changes = [
        {"position": content["position"] + 1}, {"proof": content["proof"][:-1]}, {"leaf_hash": content["proof"][0]},
        {"promise": content["checkpoint"]}, {"checkpoint": content["promise"]},
        {"fact": {**content["fact"], "kind": "x"}},
        {"openings": {"text": {**content["openings"]["text"], "value": "Чисто."}}}, {"proof": content["proof"][::-1]},
        {"entry": content["entry"][:-8] + "AAAAfQ=="}, {"position": -1}, {"position": "1"}, {"proof": []},
    ]  # fmt: skip
    for number, change in enumerate(changes):
        (mutants / f"{number}.json").write_text(json.dumps({**content, **change}))
    code, told = node(house, "--receipt", str(mutants), "--offline")
    assert code == 1
    assert told.count("proves nothing") == len(changes), told


def test_what_does_not_answer_is_not_checked(house):
    assert node(house)[0] == 2
    assert (
        subprocess.run(
            [NODE, str(ROOT / "tools" / "verify.mjs")], check=False, capture_output=True
        ).returncode
        == 2
    )
