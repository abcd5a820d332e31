"""A whole house is copied while it works, and put back only when everything in the copy was proved."""

import fcntl
import os
import resource
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from veche.site.backup import postgresql
from veche.site.backup.archive import Archive, Writer
from veche.site.backup.layout import files_of
from veche.site.failure import Failure
from veche.site.tests.backup_house import POSTGRESQL, VECHE, House, sentence_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]
REPORTS = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Iterator[House]:
    """A house where something happened, with a backup of it. What tests try with it is refused and changes nothing."""
    house = House(tmp_path_factory.mktemp("made") / "house")
    house.well("migrate", "--quiet")
    house.town("file", REPORTS - 2)
    house.town("sequence")
    house.town("file", 2)
    house.archive, house.keys = house.backup()
    house.before = house.state()
    yield house
    house.close()


@pytest.fixture
def another(tmp_path) -> Iterator[House]:
    house = House(tmp_path / "another")
    yield house
    house.close()


def restore(house: House, made: House, *words):
    return house.well("restore", made.archive, "--keys", made.keys, *words)


def test_a_house_comes_back_row_by_row_and_file_by_file(made, another):
    told = restore(another, made)
    after = another.state()
    assert after["kinds"] == [*made.before["kinds"], "journal.Restored"]
    assert after["files"] == made.before["files"]
    assert after["people"] == made.before["people"] != []
    assert len(after["files"]) >= 3 * REPORTS
    assert after["missing"] == []
    for table, rows in made.before["rows"].items():
        assert set(rows) <= set(after["rows"][table]), table
    grown = {
        table: len(rows) - len(made.before["rows"].get(table, ()))
        for table, rows in after["rows"].items()
        if rows != made.before["rows"].get(table)
    }
    assert grown == {"journal_factrow": 1, "journal_outbox": 1, "journal_unsequenced": 1}
    assert "Restored as of" in told
    assert not list(another.folder.rglob(".restoring*"))

    # What is here now is put aside when another backup takes its place, and only when that is wanted.
    another.town("file", 1)
    before = another.state()
    assert "is not empty" in another.refused("restore", made.archive)
    assert another.state() == before
    told = restore(another, made, "--force")
    assert another.state()["reports"] == made.before["reports"]
    assert "was here before lies in" in told
    aside = [path for path in (another.folder / "media").iterdir() if path.name.startswith(".replaced-")]
    assert sum(path.is_file() for path in aside[0].rglob("*")) == 3 * (REPORTS + 1)


def rewritten(made: House, folder, change):
    """The archive with some of its files changed, under a good seal."""
    file = folder / "rewritten.tar"
    believed = Archive.open(made.archive)
    believed.unpack(lambda path: folder / "unpacked" / path)
    with file.open("wb") as out, Writer(out) as writer:
        for path, one in files_of(folder / "unpacked"):
            change(path, one)
            with one.open("rb") as source:
                writer.add(path, source)
        writer.seal(believed.manifest)
    return file


@pytest.mark.parametrize("tile", ["0/000", "entries/000"])
def test_a_tile_that_is_not_what_was_logged_is_refused(made, tmp_path, tile):
    def change(path, file):
        if path == f"journal/tile/{tile}":
            octets = bytearray(file.read_bytes())
            octets[50] ^= 1
            file.write_bytes(octets)

    said = made.refused("restore", rewritten(made, tmp_path, change), "--force")
    assert f"the tile {tile} is not what was logged" in said
    assert made.state() == made.before


def test_a_fact_that_was_altered_behind_the_guards_is_refused(made, another, tmp_path):
    restore(another, made)
    another.unguarded(
        "UPDATE journal_factrow SET at = '2020-01-01 00:00:00+00:00' WHERE kind = 'reports.ReportFiled'"
    )
    before = another.state()
    archive, _ = another.backup("--to", tmp_path / "altered")
    assert "is not what was logged" in another.refused("restore", archive, "--force")
    assert another.state() == before


def test_a_place_of_the_log_without_its_leaf_is_refused(made, another, tmp_path):
    restore(another, made)
    another.unguarded("UPDATE journal_leaf SET position = 1000000 WHERE position = 3")
    archive, _ = another.backup("--to", tmp_path / "hole")
    assert "entries of the log are missing" in another.refused("restore", archive, "--force")


def test_a_database_that_is_older_than_its_log_is_not_copied(made, another, tmp_path):
    restore(another, made)
    another.unguarded("DELETE FROM journal_leaf WHERE position > 3")
    assert "older than its log" in another.refused("backup", "--to", tmp_path / "behind")
    assert list((tmp_path / "behind").iterdir()) == []


def test_keys_that_are_missing_or_of_another_log_are_refused(made, another, tmp_path):
    assert "Name the archive of the keys" in another.refused("restore", made.archive)
    another.well("migrate", "--quiet")
    another.town("file", 1)
    another.town("sequence")
    _, strange = another.backup("--to", tmp_path / "strange")
    assert "are of another log" in another.refused("restore", made.archive, "--keys", strange, "--force")
    assert "are of another log" in another.refused("restore", made.archive, "--force")
    assert "is not an archive of keys" in another.refused(
        "restore", made.archive, "--keys", made.archive, "--force"
    )
    older, newer = made.keys, made.backup("--to", tmp_path / "newer")[0]
    assert "copied before the archive" in another.refused("restore", newer, "--keys", older, "--force")
    assert len(another.state()["reports"]) == 1


def test_who_was_erased_since_the_backup_does_not_come_back_with_old_keys(made, another):
    restore(another, made)
    owners = another.town("owners")
    assert owners
    another.town("erase", owners[0])
    restore(another, made, "--force")
    assert another.town("owners") == owners[1:]


def test_keys_in_a_database_of_their_own_come_and_go_with_the_archive_of_keys(made, another, tmp_path):
    if not POSTGRESQL:
        pytest.skip(
            "no PostgreSQL in this run: `make test DB=postgres` keeps keys in a database of their own"
        )
    apart = House(tmp_path / "apart", keys_apart=True)
    try:
        restore(apart, made)
        assert apart.state()["people"] == made.before["people"]
        assert sorted(path.name for path in (apart.folder / "keys").iterdir()) == ["log.key"]
        archive, keys = apart.backup()
        another.well("restore", archive, "--keys", keys)
        assert another.state()["people"] == made.before["people"]
        owners = apart.town("owners")
        apart.town("erase", owners[0])
        apart.well("restore", archive, "--keys", keys, "--force")
        assert apart.town("owners") == owners[1:]
    finally:
        apart.close()


def test_the_log_of_a_restored_house_goes_on_where_the_backup_ended(made, another):
    restore(another, made)
    another.town("sequence")
    before, after = made.town("checkpoint"), another.town("checkpoint")
    assert after[0] == before[0]
    assert int(after[1]) == len(made.before["kinds"]) + 1
    another.well("town", "extends", *before[1:])
    assert another.veche("town", "extends", before[1], after[2]).returncode == 1


def test_three_hundred_mutants_are_refused_and_nothing_changes(made):
    assert '"accepted": []' in made.town("mutants", made.archive, 300)[-1]
    assert made.state() == made.before
    assert not list(made.folder.rglob(".restoring*"))


def test_what_is_no_archive_of_this_house_is_refused_in_one_sentence(made, tmp_path):
    assert "there is no file" in made.refused("restore", tmp_path / "none.tar", "--force")
    forged = tmp_path / "forged.tar"
    manifest = Archive.open(made.archive).manifest
    other = "sqlite" if POSTGRESQL else "postgresql"
    later = (*manifest.migrations, "reports.9999_from_tomorrow")
    for change, sentence in (
        ({"database": other}, "and DATABASE_URL names"),
        ({"migrations": later, "veche": "9.9"}, "made by Veche 9.9"),
        ({"format": 2}, "has format 2"),
        ({"kind": "keys"}, "is not an archive of a house"),
    ):
        with forged.open("wb") as out, Writer(out) as writer:
            writer.seal(replace(manifest, **change))
        assert sentence in made.refused("restore", forged, "--force")
    assert made.state() == made.before


def test_a_house_at_work_is_not_restored(made):
    words = ("restore", made.archive, "--force")
    with socket.create_server(("127.0.0.1", made.port)):
        assert "the server is running" in made.refused(*words)
    held = psycopg.connect(made.url) if POSTGRESQL else sqlite3.connect(made.folder / "veche.sqlite3")
    try:
        held.execute("SELECT count(*) FROM django_migrations").fetchone()
        assert "has the database open" in made.refused(*words)
    finally:
        held.close()
    assert made.state() == made.before


def test_a_full_disk_leaves_no_archive_behind(made, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    done = subprocess.run(
        [*VECHE, "backup", "--to", tmp_path / "full"],
        env=made.environment, preexec_fn=little_room, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "No backup was made" in sentence_of(done)
    assert list((tmp_path / "full").iterdir()) == []


def test_only_the_newest_are_kept_and_what_was_interrupted_is_removed(made, tmp_path):
    to = tmp_path / "kept"
    to.mkdir()
    (to / ".veche-20260101T000000Z.tar.part").write_bytes(b"half")
    for stamp in ("20260101T000000Z", "20260102T000000Z"):
        (to / f"veche-{stamp}.tar").touch()
        (to / f"veche-{stamp}.keys.tar").touch()
    (to / "somebody's notes.txt").write_text("stay")
    archive, keys = made.backup("--to", to, "--keep", 2)
    there = {path.name for path in to.iterdir()}
    old = {"veche-20260102T000000Z.tar", "veche-20260102T000000Z.keys.tar"}
    assert there == old | {archive.name, keys.name, "somebody's notes.txt"}


def test_only_the_house_itself_can_read_an_archive(made):
    for file in (made.archive, made.keys):
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_restore_that_was_interrupted_halfway_must_be_made_again(made):
    mark = made.folder / "restore.unfinished"
    mark.touch()
    try:
        for words in (("worker",), ("migrate",), ("backup",)):
            assert "interrupted halfway" in made.refused(*words)
    finally:
        mark.unlink()


def test_one_backup_at_a_time_in_one_folder(made, tmp_path):
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "another backup" in made.refused("backup", "--to", tmp_path)
    finally:
        os.close(handle)


def test_a_pg_dump_that_is_too_old_or_missing_is_named_with_its_version():
    with pytest.raises(Failure, match=r"the server is PostgreSQL 99, and .* of version 99"):
        postgresql.tool("pg_dump", 99)
