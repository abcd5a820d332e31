"""The tile writer on a disk that fails: at every single operation, in every way a disk can fail."""

from contextlib import suppress

import pytest
from django.db import transaction
from tests.brittle import BrittleDisk, Fault, KilledError
from tests.outsider import Outsider

from veche.commons.journal import queries, services
from veche.commons.journal.adapters.folder import FolderStore
from veche.commons.journal.models import FactRow, Leaf, Unsequenced
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules import tree
from veche.commons.journal.services.publishing import verifier
from veche.commons.journal.tests.conftest import a_bell

# The third step fills a tile, so that one of the level above begins.
STEPS = (3, 252, 4)


@pytest.fixture
def acknowledged(db):
    """Facts that were recorded, each with the hash that its receipt promises."""
    with transaction.atomic():
        services.record_many(a_bell(n) for n in range(sum(STEPS)))
    return {
        fact_id: bytes(leaf)
        for fact_id, leaf in FactRow.objects.order_by("id").values_list("id", "leaf_hash")
    }


def work(now):
    for limit in STEPS:
        services.sequence(now=now, limit=limit)


def settle(folder, monkeypatch, now):
    """A new process on a sound disk goes on until nothing waits."""
    monkeypatch.setattr(EQUIPMENT, "store", FolderStore(folder, BrittleDisk()))
    while services.sequence(now=now, limit=100):
        pass
    assert not Unsequenced.objects.exists()


def prove(outsider, acknowledged):
    """Everything that was acknowledged stands in the published log, once, where its proof says."""
    assert outsider.look() == len(acknowledged)
    checkpoint, _ = queries.published()
    places = dict(Leaf.objects.values_list("fact_id", "position"))
    assert set(places) == set(acknowledged)
    assert sorted(places.values()) == list(range(len(acknowledged)))
    logged = [tree.leaf_hash(entry) for entry in outsider.entries(checkpoint.size)]
    assert {fact_id: logged[at] for fact_id, at in places.items()} == acknowledged
    for fact_id, leaf in list(acknowledged.items())[::64]:
        proof = queries.log.inclusion(places[fact_id], checkpoint.size)
        assert tree.includes(leaf, places[fact_id], checkpoint.size, proof, checkpoint.root)


def operations(folder, monkeypatch, now):
    """The operations of the work when nothing fails."""
    disk = BrittleDisk()
    monkeypatch.setattr(EQUIPMENT, "store", FolderStore(folder, disk))
    point = transaction.savepoint()
    work(now)
    transaction.savepoint_rollback(point)
    return disk.done


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_whatever_fails_what_is_published_verifies_and_nothing_acknowledged_is_lost(
    tmp_path, monkeypatch, now, acknowledged, fault
):
    whole = operations(tmp_path / "sound", monkeypatch, now)
    struck = set()
    for n in fault.strikes(whole):
        folder = tmp_path / str(n)
        outsider = Outsider(folder, verifier())
        disk = BrittleDisk(n, fault, outsider.look)
        monkeypatch.setattr(EQUIPMENT, "store", FolderStore(folder, disk))
        point = transaction.savepoint()
        try:
            work(now)
        except (KilledError, OSError):
            struck.add(disk.struck)
        outsider.look(after_a_blackout=fault is Fault.POWER)
        settle(folder, monkeypatch, now)
        prove(outsider, acknowledged)
        transaction.savepoint_rollback(point)
    assert len(whole) > 50
    assert struck == {whole[n - 1] for n in fault.strikes(whole)}


def test_a_disk_that_fails_twice_in_a_row_loses_nothing(tmp_path, monkeypatch, now, acknowledged):
    total = len(operations(tmp_path / "sound", monkeypatch, now))
    for n in range(1, total, 7):
        folder = tmp_path / str(n)
        outsider = Outsider(folder, verifier())
        point = transaction.savepoint()
        for at in (n, 2, 5):
            disk = BrittleDisk(at, Fault.KILL, outsider.look)
            monkeypatch.setattr(EQUIPMENT, "store", FolderStore(folder, disk))
            with suppress(KilledError):
                work(now)
        settle(folder, monkeypatch, now)
        prove(outsider, acknowledged)
        transaction.savepoint_rollback(point)


def test_a_writer_that_forgot_to_make_its_files_durable_would_be_caught(
    tmp_path, monkeypatch, now, acknowledged
):
    """The test of the test: without the flush the loss of power leaves torn tiles behind."""
    monkeypatch.setattr(BrittleDisk, "sync_file", lambda self, path: None)
    caught = 0
    for n in range(1, 40):
        folder = tmp_path / str(n)
        outsider = Outsider(folder, verifier())
        disk = BrittleDisk(n, Fault.POWER, outsider.look)
        monkeypatch.setattr(EQUIPMENT, "store", FolderStore(folder, disk))
        point = transaction.savepoint()
        with pytest.raises(KilledError):
            work(now)
        try:
            outsider.look(after_a_blackout=True)
        except (AssertionError, ValueError):
            caught += 1
        transaction.savepoint_rollback(point)
    assert caught
