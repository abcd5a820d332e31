"""The sequencer: places in the log, tiles, and the checkpoint that names them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.unguarded import unguarded

from veche.commons.journal import queries, services
from veche.commons.journal.adapters.folder import MemoryStore
from veche.commons.journal.models import FactRow, Leaf, Unsequenced
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules import tree
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.rules.tiles import Tile, unbundled
from veche.commons.journal.services import sequencing
from veche.commons.journal.services.publishing import verifier
from veche.commons.journal.terms import PUBLISHED, Standstill
from veche.commons.journal.tests.conftest import a_bell


@pytest.fixture
def store(monkeypatch):
    found = MemoryStore()
    monkeypatch.setattr(EQUIPMENT, "store", found)
    return found


def published(store):
    note = Note.parse(store.files[PUBLISHED].decode())
    assert note.signed_by(verifier())
    return Checkpoint.parse(note.text)


def entries(store, size):
    found = []
    for index in range(-(-size // 256)):
        found += unbundled(store.files[f"tile/{Tile(None, index).file}"], size - index * 256)
    return found


def naive_root(hashes):
    if not hashes:
        return tree.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return tree.node_hash(naive_root(hashes[:half]), naive_root(hashes[half:]))


def struck(count):
    with transaction.atomic():
        services.record_many(a_bell(n) for n in range(count))


@pytest.mark.parametrize("steps", [[1], [255, 1, 1], [256], [300, 300, 5], [7, 700]])
def test_the_root_is_that_of_all_entries_however_they_came(db, store, now, steps):
    total = 0
    for count in steps:
        struck(count)
        total += count
        assert services.sequence(now=now) == count
        checkpoint = published(store)
        assert checkpoint.size == total
        assert checkpoint.root == naive_root([tree.leaf_hash(entry) for entry in entries(store, total)])
    assert not Unsequenced.objects.exists()
    assert services.sequence(now=now) == 0


def test_facts_stand_in_the_order_in_which_they_were_written(db, store, now):
    struck(5)
    services.sequence(now=now)
    assert list(Leaf.objects.order_by("position").values_list("fact_id", flat=True)) == list(
        FactRow.objects.order_by("id").values_list("id", flat=True)
    )


def test_who_was_given_a_number_in_the_line_that_became_free_keeps_it(db, store, now, monkeypatch):
    struck(1)
    known = sequencing.leaf_facts

    def somebody_else_was_quicker(wanted):
        monkeypatch.setattr(sequencing, "leaf_facts", known)
        found = known(wanted)
        Unsequenced.objects.all().delete()
        struck(1)
        return found

    monkeypatch.setattr(sequencing, "leaf_facts", somebody_else_was_quicker)
    services.sequence(now=now)
    latest = FactRow.objects.order_by("-id")[0]
    assert list(Unsequenced.objects.values_list("fact_id", flat=True)) == [latest.pk]
    assert services.sequence(now=now) == 1


def test_a_fact_altered_before_its_turn_is_announced_and_never_logged(db, store, now):
    struck(3)
    victim = FactRow.objects.order_by("id")[1]
    with unguarded(connection):
        FactRow.objects.filter(pk=victim.pk).update(at=now - timedelta(days=1))
    services.sequence(now=now)
    services.sequence(now=now)
    assert not Leaf.objects.filter(fact_id=victim.pk).exists()
    assert FactRow.objects.filter(kind="journal.FactAltered", subject_id=victim.pk).count() == 1
    assert published(store).size == 3


def test_a_log_shorter_in_the_database_than_on_the_disk_stands_still(db, store, now):
    struck(3)
    services.sequence(now=now)
    before = dict(store.files)
    with unguarded(connection):
        Leaf.objects.filter(position=2).delete()
    with pytest.raises(Standstill, match=r"journal\.behind"):
        services.sequence(now=now)
    assert store.files[PUBLISHED] == before[PUBLISHED]
    assert queries.sequencer_state().trouble == "journal.behind"


def test_tiles_that_were_tampered_with_are_never_signed(db, store, now):
    struck(3)
    services.sequence(now=now)
    tile = bytearray(store.files["tile/0/000"])
    tile[0] ^= 1
    store.files["tile/0/000"] = bytes(tile)
    struck(1)
    with pytest.raises(Standstill, match=r"journal\.unsound-tiles"):
        services.sequence(now=now)
    assert published(store).size == 3


def test_lost_files_are_made_again_as_they_were(db, store, now):
    struck(300)
    services.sequence(now=now)
    before = dict(store.files)
    store.files.clear()
    services.sequence(now=now)
    assert store.files == before


def test_only_one_sequencer_works_at_a_time(db, store, now):
    struck(1)
    with store.alone() as mine:
        assert mine
        assert services.sequence(now=now) == 0
    assert services.sequence(now=now) == 1


def test_what_waits_is_counted(db, store, now):
    assert queries.sequencer_state().waiting == 0
    struck(2)
    state = queries.sequencer_state()
    assert (state.waiting, state.size) == (2, 0)
    assert state.oldest_at is not None
