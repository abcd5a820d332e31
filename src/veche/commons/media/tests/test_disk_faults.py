"""The shelf of photographs on a disk that fails: at every single operation, in every way a disk can fail."""

import hashlib
import os
from contextlib import suppress
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from tests.brittle import BrittleDisk, Fault, KilledError

from veche.commons.media import services
from veche.commons.media.adapters.shelf import FolderShelf
from veche.commons.media.models import Photo
from veche.commons.media.ports import EQUIPMENT
from veche.commons.media.services import taking_in
from veche.commons.media.terms import Size
from veche.commons.media.tests.conftest import CITY, NOW
from veche.commons.media.tests.pictures import picture, upload
from veche.kernel.ids import new_id

TAKEN, DROPPED = 3, 1
AN_HOUR_LATER = timedelta(hours=2)


def take_in(draft):
    return services.take_in(upload(picture()), subject=draft, city_id=CITY, owner_id=None, now=NOW)


def work(draft):
    """Three photographs come, the first goes again; answers what was acknowledged as kept."""
    kept = []
    for _ in range(TAKEN):
        try:
            kept.append(take_in(draft).id)
        except OSError:
            continue  # the reader was told that it failed
    for photo_id in kept[:DROPPED]:
        services.drop(photo_id, subject=draft)
    return kept[DROPPED:]


def folders_in_turn(monkeypatch):
    """Ids whose last digits count, so that every run makes the same folders at the same operations."""
    numbers = count()
    monkeypatch.setattr(taking_in, "new_id", lambda: UUID(int=new_id().int >> 8 << 8 | next(numbers)))


def operations(folder, draft, monkeypatch):
    folders_in_turn(monkeypatch)
    disk = BrittleDisk()
    monkeypatch.setattr(EQUIPMENT, "shelf", FolderShelf(folder, disk))
    work(draft)
    Photo.objects.all().delete()
    return disk.done


def every_row_has_its_files(shelf):
    """No row names a file that is missing or torn; answers the ids of the rows."""
    for photo in Photo.objects.all():
        for size in Size:
            with shelf.take(photo.id, size) as file:
                content = file.read()
            assert content.startswith(b"\xff\xd8")
            assert content.endswith(b"\xff\xd9"), "a file is torn"
            if size is Size.LARGE:
                assert hashlib.sha256(content).hexdigest() == photo.digest
    return set(Photo.objects.values_list("id", flat=True))


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_whatever_fails_no_row_lacks_its_files_and_orphans_are_swept(tmp_path, monkeypatch, draft, fault):
    whole = operations(tmp_path / "sound", draft, monkeypatch)
    struck = set()
    for n in fault.strikes(whole):
        folder = tmp_path / str(n)
        disk = BrittleDisk(n, fault)
        folders_in_turn(monkeypatch)
        monkeypatch.setattr(EQUIPMENT, "shelf", FolderShelf(folder, disk))
        acknowledged = None
        with suppress(KilledError):
            acknowledged = work(draft)
        struck.add(disk.struck)
        shelf = FolderShelf(folder, BrittleDisk())
        monkeypatch.setattr(EQUIPMENT, "shelf", shelf)
        rows = every_row_has_its_files(shelf)
        if acknowledged is not None:
            assert rows == set(acknowledged), "what was acknowledged and what is kept are not the same"
        another = take_in(draft).id
        for path in files_in(folder):
            old = (NOW - AN_HOUR_LATER).timestamp()
            os.utime(path, (old, old))
        services.sweep_orphans(NOW)
        assert every_row_has_its_files(shelf) == rows | {another}
        assert len(files_in(folder)) == len(Size) * len(rows | {another}), "orphans were left"
        Photo.objects.all().delete()
    assert len(whole) > 30
    assert struck == {whole[n - 1] for n in fault.strikes(whole)}
    assert {"make_folder", "write", "sync_file", "rename", "sync_folder", "remove"} <= set(whole)
