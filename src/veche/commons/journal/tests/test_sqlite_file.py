"""A file of keys or of a witness is opened for the first time by several threads and processes at once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from veche.commons.journal.adapters.sqlite_file import open_durably

FILES = 60
AT_ONCE = 8


def test_who_opens_a_new_file_at_the_same_moment_waits_and_is_not_refused(tmp_path):
    together = Barrier(AT_ONCE, timeout=30)

    def first_write(number):
        for file in range(FILES):
            together.wait()
            with closing(open_durably(tmp_path / f"{file}.sqlite3", patience_s=20)) as database, database:
                database.execute("CREATE TABLE IF NOT EXISTS seen (who INTEGER)")
                database.execute("INSERT INTO seen VALUES (?)", (number,))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(first_write, range(AT_ONCE)))
    for file in range(FILES):
        with closing(sqlite3.connect(tmp_path / f"{file}.sqlite3")) as database:
            assert database.execute("SELECT count(DISTINCT who) FROM seen").fetchone() == (AT_ONCE,)


def test_patience_ends(tmp_path):
    file = tmp_path / "held.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            open_durably(file, patience_s=0.05)


def test_every_commit_waits_for_the_disk(tmp_path):
    full = 2
    with closing(open_durably(tmp_path / "one.sqlite3", patience_s=1)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (full,)
