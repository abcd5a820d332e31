"""A superuser rewrites, deletes, truncates, backdates by SQL: a stranger who only knows the address names all of it."""

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faults.outside import Outside, a_database

ROWS, FEW = 1000, 40
# What no reader is shown and no line of the log tells of: docs/journal.md names it.
UNTOLD = {
    "journal_factrow": set(),
    "journal_leaf": set(),
    "casework_step": {"id"},
    "submissions_submission": set(),
    "reports_report": {"why"},
    "casework_case": set(),
}
KEYS = {"journal_leaf": "position"}


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    folder = tmp_path / "house"
    folder.mkdir()
    if request.param == "sqlite":
        yield Outside(folder)
        return
    from tests.run import postgres

    with postgres() as server, a_database(server, "outside") as url:
        yield Outside(folder, url)


def columns_of(cheat, table):
    if cheat.mark == "?":
        return [row[1] for row in cheat.ask(f"PRAGMA table_info({table})")]
    found = cheat.ask("SELECT column_name FROM information_schema.columns WHERE table_name = ?", table)
    return [name for (name,) in found]


def targets(cheat):
    """Of every report its rows in every table, and the names under which a stranger knows it."""
    rows = cheat.ask(
        "SELECT r.id, r.serial, r.case_id, r.submission_id, f.id, l.position, s.id, s.position"
        " FROM reports_report r JOIN journal_factrow f ON f.subject_id = r.id AND f.kind = 'reports.ReportFiled'"
        " JOIN journal_leaf l ON l.fact_id = f.id JOIN casework_step s ON s.case_id = r.case_id ORDER BY r.serial"
    )
    for report, serial, case, submission, fact, place, step, _ in rows:
        yield serial, fact, {
            "reports_report": report, "casework_case": case, "submissions_submission": submission,
            "journal_factrow": fact, "journal_leaf": place, "casework_step": step,
        }  # fmt: skip


def acts(cheat):
    """Everything that can be done to a row: each column changed, and the row deleted."""
    for table, untold in UNTOLD.items():
        for column in columns_of(cheat, table):
            if column not in untold:
                yield table, column
        yield table, None


def cheated(cheat, count):
    """Do something else to each of `count` reports; answers what, with the words that must be heard about it."""
    done, every = [], list(acts(cheat))
    for number, (serial, fact, rows) in enumerate(list(targets(cheat))[:count]):
        table, column = every[number % len(every)]
        key = KEYS.get(table, "id")
        if column is None:
            assert cheat.do(f"DELETE FROM {table} WHERE {key} = ?", rows[table]) == 1
        else:
            cheat.change(table, key, rows[table], column)
        dashed = str(fact) if not isinstance(fact, str) or "-" in fact else _dashed(fact)
        done.append((table, column, serial, dashed))
    cheat.connection.commit()
    return done


def _dashed(text):
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def unheard(done, found):
    """What was done and not named."""
    from veche.kernel.ids import number_of

    heard = {
        str(value)
        for one in found["findings"]
        if one["weight"] == "wrong"
        for value in one["params"].values()
    }
    return [
        (table, column, serial)
        for table, column, serial, fact in done
        if not ({fact} & heard if table.startswith("journal_") else {number_of(serial)} & heard)
    ]


def everything_is_named(house, count):
    house.town("file", str(count), "alice")
    house.town("settle")
    with house.served():
        code, honest = house.verify("--deep")
        assert code == 0, [one["says"] for one in honest["findings"] if one["weight"] == "wrong"][:5]
        with house.cheating() as cheat:
            done = cheated(cheat, count)
        assert len(done) == count
        code, found = house.verify("--deep")
    assert code == 1, found.get("unchecked")
    assert unheard(done, found) == []
    return found


@pytest.mark.slow
def test_forty_rows_changed_by_sql_are_named_from_outside(tmp_path):
    folder = tmp_path / "house"
    folder.mkdir()
    everything_is_named(Outside(folder), FEW)


@pytest.mark.faults
def test_a_thousand_rows_changed_deleted_or_backdated_by_sql_are_all_named(house):
    found = everything_is_named(house, ROWS)
    assert sum(one["weight"] == "wrong" for one in found["findings"]) >= ROWS


@pytest.mark.faults
@pytest.mark.parametrize("table", ["journal_factrow", "journal_leaf", "casework_step", "reports_report"])
def test_a_table_that_was_emptied_is_named_row_by_row(house, table):
    house.town("file", "20", "alice")
    house.town("settle")
    with house.served():
        code, _ = house.verify("--deep")
        assert code == 0
        with house.cheating() as cheat:
            (count,) = cheat.ask(f"SELECT count(*) FROM {table}")[0]
            cheat.do(f"DELETE FROM {table}" if cheat.mark == "?" else f"TRUNCATE {table} CASCADE")
            cheat.connection.commit()
        code, found = house.verify("--deep")
    assert code == 1
    assert sum(one["weight"] == "wrong" for one in found["findings"]) >= count


@pytest.mark.faults
def test_files_checkpoint_and_key_that_were_tampered_with_are_named(house):
    house.town("file", "150", "alice")
    house.town("settle")
    with house.served():
        assert house.verify()[0] == 0
    whole = shutil.copytree(house.log, house.folder / "whole")
    house.town("file", "10", "clara")
    house.town("settle")
    with house.served():
        assert house.verify()[0] == 0
    for change, codes in {
        (lambda log: flip(log / "tile/0/000", 99)): {"entry.altered", "log.rewritten"},
        (lambda log: flip(log / "tile/entries/000", 400)): {"entry.altered", "tile.missing"},
        (lambda log: (log / "tile/0/000").unlink()): {"tile.missing"},
        (lambda log: (log / "tile/entries/001").write_bytes(b"")): {"tile.missing"},
        (lambda log: flip(log / "tile/1/000", 3)): {"tile.altered", "log.rewritten", "log.root-differs"},
        (lambda log: replaced(log, house.folder / "whole")): {"log.shrunk"},
        (lambda log: (log / "checkpoint").unlink()): {"checkpoint.missing"},
        (lambda log: flip(log / "checkpoint", 30)): {"checkpoint.unsigned", "checkpoint.unreadable"},
    }.items():
        kept = shutil.copytree(house.log, house.folder / "kept")
        change(house.log)
        with house.served():
            code, found = house.verify("--full")
        told = {one["code"] for one in found["findings"] if one["weight"] == "wrong"}
        assert code == 1
        assert told & codes, (codes, told)
        replaced(house.log, kept)
        shutil.rmtree(kept)
    assert whole.is_dir()
    (house.folder / "keys" / "log.key").unlink()
    shutil.rmtree(house.log)
    house.town("rebuild")
    with house.served():
        code, found = house.verify()
    assert code == 1
    assert {one["code"] for one in found["findings"] if one["weight"] == "wrong"} == {
        "about.key-changed",
        "checkpoint.unsigned",
    }


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def replaced(folder: Path, by: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(by, folder)


def saved(house, codes, folder):
    folder.mkdir()
    for code in codes:
        (folder / f"{code}.json").write_bytes(house.get(f"/receipts/{code}.json"))


REPORTS = 500


@pytest.mark.faults
def test_five_hundred_reports_that_were_deleted_are_proven_by_their_receipts(house, tmp_path):
    """Half keep the promise of the first second, half the proof of later; then nothing of them is left."""
    house.town("file", "5", "early")
    house.town("settle")
    codes = house.town("file", str(REPORTS), "alice")["codes"]
    assert len(codes) == REPORTS
    promised, logged = tmp_path / "promised", tmp_path / "logged"
    with house.served():
        saved(house, codes, promised)
        assert all(json.loads(one.read_text())["position"] is None for one in promised.iterdir())
    house.town("settle")
    with house.served():
        saved(house, codes[::2], logged)
        assert house.verify("--receipt", str(promised), "--receipt", str(logged))[0] == 0
    with house.cheating() as cheat:
        (alice,) = cheat.ask("SELECT id FROM accounts_person WHERE email = 'alice@example.org'")[0]
        facts = (
            "SELECT id FROM journal_factrow WHERE subject_id IN (SELECT r.id FROM reports_report r"
            " JOIN submissions_submission s ON s.id = r.submission_id WHERE s.author_id = ?)"
        )
        for table in ("journal_delivery", "journal_privatevalues", "journal_leaf", "journal_outbox"):
            cheat.do(f"DELETE FROM {table} WHERE fact_id IN ({facts})", alice)
        cheat.do(f"DELETE FROM journal_factrow WHERE id IN ({facts})", alice)
        # Of the five early reports nothing needs to be left either: only their facts make the new log.
        for table in ("casework_step", "casework_clock", "reports_report", "casework_case"):
            cheat.do(f"DELETE FROM {table}")
        cheat.do("DELETE FROM submissions_submission")
        cheat.connection.commit()
    shutil.rmtree(house.log)
    house.town("rebuild")
    code, found = house.verify(
        "--offline", "--receipt", str(promised), "--receipt", str(logged), state="none.json"
    )
    assert code == 0
    told = [one["code"] for one in found["findings"]]
    assert told.count("receipt.promised") == REPORTS + len(codes[::2])
    assert told.count("receipt.included") == len(codes[::2])
    with house.served():
        _past_the_delay(promised)
        code, found = house.verify("--receipt", str(promised), "--receipt", str(logged), state="fresh.json")
    assert code == 1
    told = [one["code"] for one in found["findings"]]
    assert told.count("receipt.missing") == REPORTS
    assert told.count("receipt.gone") == len(codes[::2])


def _past_the_delay(promised):
    """The promise allows five seconds, and clocks a minute."""
    promises = (json.loads(one.read_text())["promise"] for one in promised.iterdir())
    last = max(datetime.fromisoformat(one.split("\n")[4]) for one in promises)
    time.sleep(max(0.0, 70 - (datetime.now(UTC) - last).total_seconds()))
