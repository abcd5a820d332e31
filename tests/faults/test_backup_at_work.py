"""A house is copied while it works hard, and not restored while its worker lives."""

import signal
from collections.abc import Iterator

import pytest
from tests.faults.house import eventually

from veche.site.tests.backup_house import TOWN, VECHE, House

pytestmark = pytest.mark.faults


@pytest.fixture
def busy(tmp_path) -> Iterator[House]:
    house = House(tmp_path / "busy")
    house.well("migrate", "--quiet")
    house.town("file", 1)
    yield house
    house.close()


@pytest.fixture
def another(tmp_path) -> Iterator[House]:
    house = House(tmp_path / "another")
    yield house
    house.close()


def test_a_backup_made_while_people_file_reports_is_of_one_moment(busy, another):
    worker = busy.begin(*VECHE, "worker")
    filing = busy.begin(*TOWN, "file", "200")
    try:
        acknowledged = [filing.stdout.readline().strip() for _ in range(20)]
        archive, keys = busy.backup()
        still = filing.poll() is None
        filing.communicate(timeout=240)
        assert still, "the filing ended before the backup: nothing was proved"
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    assert len(busy.state()["reports"]) == 201
    another.well("restore", archive, "--keys", keys)
    found = another.state()
    assert set(acknowledged) <= set(found["reports"])
    assert found["missing"] == []
    count = len(found["reports"])
    assert 21 <= count < 201
    for table in ("submissions_submission", "casework_case"):
        assert len(found["rows"][table]) == count, table
    assert len(found["rows"]["media_photo"]) in {count, count - 1}
    assert found["kinds"].count("reports.ReportFiled") == count


def test_a_house_is_restored_as_soon_as_its_worker_went_home(busy):
    archive, keys = busy.backup()
    worker = busy.begin(*VECHE, "worker")
    try:
        assert eventually((busy.folder / "worker.beat").exists)
        assert "the worker is running" in busy.refused("restore", archive, "--keys", keys, "--force")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    busy.well("restore", archive, "--keys", keys, "--force")
