"""Forgetting a person leaves no word of theirs in any table, index, cache or file, and no proof is lost."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.faults.cluster import Cluster
from tests.faults.house import House

pytestmark = pytest.mark.slow


def test_a_forgotten_person_leaves_proofs_and_no_words(tmp_path):
    house = House(tmp_path)
    before = live(house)
    found = {canary: files_with(tmp_path, canary.encode()) for canary in before["canaries"]}
    assert all(found.values()), f"a canary was never there: {found}"
    forget(house, before)


def test_on_postgres_no_table_has_a_word_left_and_a_full_vacuum_leaves_none_in_its_files(tmp_path, ground):
    (ground / "cluster").mkdir()
    with closing(Cluster(ground / "cluster")) as cluster:
        house = House(tmp_path, url=cluster.url)
        before = live(house)
        tables = everything_in(cluster)
        assert all(canary in tables for canary in before["canaries"])
        forget(house, before)
        tables = everything_in(cluster)
        assert not [canary for canary in before["canaries"] if canary in tables]
        # What the operations guide tells whoever must not wait until the room of old rows is written over.
        with psycopg.connect(cluster.url, autocommit=True) as database:
            database.execute("VACUUM FULL")
            database.execute("CHECKPOINT")
        for canary in before["canaries"]:
            assert files_with(cluster.where / "base", canary.encode()) == [], canary


def live(house: House) -> dict[str, Any]:
    """A person leaves words everywhere."""
    before = house.tell("tests.faults.oblivion", "live")
    assert files_with(house.folder, bytes.fromhex(before["key"])), "the key was never there"
    assert list((house.folder / "media").rglob(f"*{before['photo']}*"))
    return before


def forget(house: House, before: dict[str, Any]) -> None:
    """They are forgotten: neither the files of the house nor its pages know them, and every proof holds."""
    after = house.tell("tests.faults.oblivion", "forget")
    assert after["sealed"] >= 3
    assert after["proven"] == after["facts"]
    for canary in before["canaries"]:
        assert files_with(house.folder, canary.encode()) == [], canary
        assert canary not in after["pages"]
        assert canary not in json.dumps(after["left"])
    assert files_with(house.folder, bytes.fromhex(before["key"])) == []
    assert not list((house.folder / "media").rglob(f"*{before['photo']}*"))
    assert before["number"] in after["pages"], "the number has to stay"


def files_with(folder: Path, needle: bytes) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and needle in path.read_bytes()
    )


def everything_in(cluster: Cluster) -> str:
    """Every row of every table, as text."""
    with psycopg.connect(cluster.url) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        questions = [
            sql.SQL("SELECT one::text FROM {} AS one").format(sql.Identifier(table)) for (table,) in tables
        ]
        return "\n".join(row for question in questions for (row,) in database.execute(question))
