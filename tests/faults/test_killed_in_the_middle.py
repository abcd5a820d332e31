"""Killed with SIGKILL in the middle of its work, again and again: nothing is lost and nothing is done twice."""

import os
import signal
from pathlib import Path

import pytest
from tests.faults.house import VECHE, House, eventually
from tests.shared import PACKS

from veche.modules.reports.tests.foreign_files import row, written

pytestmark = pytest.mark.faults
REPORTS, KILLS, ROWS = 150, 4, 2500


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def killed(process) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_an_outbox_delivered_by_workers_that_die_is_delivered_once(house: House) -> None:
    before = house.town("fill", str(REPORTS))
    assert before["outbox"] >= 3 * REPORTS
    waiting = "SELECT count(*) FROM journal_outbox"
    for _ in range(KILLS):
        left = house.ask(waiting)
        worker = house.begin(*VECHE, "worker")
        assert eventually(lambda left=left: house.ask(waiting) < left - 7), "a worker delivered nothing"
        killed(worker)
        assert house.ask(waiting) > 0, "killed too late to prove anything"
        # Two minutes pass: what the dead worker had claimed is due again.
        house.write("UPDATE journal_outbox SET due_at = '1970-01-01 00:00:00'")
    worker = house.begin(*VECHE, "worker")
    try:
        assert eventually(lambda: house.ask(waiting) == 0, seconds=180)
    finally:
        killed(worker)
    after = house.town("state")
    assert after["failed"] == []
    assert after["deliveries"] == after["due_deliveries"]
    assert after["counted"] == after["rows"] == {"answered": REPORTS}
    assert after["documents"] == after["reports"] == REPORTS
    assert after["notices"] == {"alice@example.org": REPORTS, "boris@example.org": REPORTS}


def test_an_import_that_dies_leaves_whole_batches_and_the_next_completes_it(
    house: House, tmp_path: Path
) -> None:
    house.run(*VECHE, "city", "load", str(PACKS / "boston"))
    file = written(tmp_path / "rows.csv", [row(case_enquiry_id=str(n)) for n in range(ROWS)])
    command = (
        *VECHE,
        "reports",
        "import",
        str(file),
        "--city",
        "boston",
        "--mapping",
        str(PACKS / "boston" / "import.toml"),
    )
    rows = "SELECT count(*) FROM submissions_submission"
    for kill in (1, 2):
        process = house.begin(*command)
        assert eventually(lambda kill=kill: house.ask(rows) >= 500 * kill)
        killed(process)
        found = house.town("state")
        assert found["submissions"] % 500 == 0
        assert 0 < found["submissions"] < ROWS, "killed too late to prove anything"
        assert (
            found["reports"]
            == found["cases"]
            == found["clocks"]
            == found["documents"]
            == found["submissions"]
        )
        assert found["counted"] == found["rows"]
    house.run(*command)
    found = house.town("state")
    assert found["reports"] == found["cases"] == found["clocks"] == found["documents"] == ROWS
    assert found["counted"] == found["rows"] == {"routed": ROWS}
