"""Forgetting a person leaves no word of theirs in any table, index, cache or file, and no proof is lost."""

import json
import sys
from pathlib import Path

import pytest
from tests.faults.house import House

pytestmark = pytest.mark.slow


def told(house: House, word: str) -> dict:
    return json.loads(house.run(sys.executable, "-m", "tests.faults.oblivion", word).splitlines()[-1])


def files_with(folder: Path, needle: bytes) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and needle in path.read_bytes()
    )


def test_a_forgotten_person_leaves_proofs_and_no_words(tmp_path):
    house = House(tmp_path)
    before = told(house, "live")
    key = bytes.fromhex(before["key"])
    assert files_with(tmp_path, key), "the key was never there"
    found = {canary: files_with(tmp_path, canary.encode()) for canary in before["canaries"]}
    assert all(found.values()), f"a canary was never there: {found}"
    assert list((tmp_path / "media").rglob(f"*{before['photo']}*"))

    after = told(house, "forget")
    assert after["sealed"] >= 3
    assert after["proven"] == after["facts"]
    for canary in before["canaries"]:
        assert files_with(tmp_path, canary.encode()) == [], canary
        assert canary not in after["pages"]
        assert canary not in json.dumps(after["left"])
    assert files_with(tmp_path, key) == []
    assert not list((tmp_path / "media").rglob(f"*{before['photo']}*"))
    assert before["number"] in after["pages"], "the number has to stay"
