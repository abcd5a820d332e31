"""An archive is what was written or it is refused; nothing is read out of one that is not."""

import hashlib
import io
import json
import random
import tarfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from veche.site.backup.archive import Archive, Writer
from veche.site.backup.layout import tile_start
from veche.site.backup.terms import Damaged, Manifest, archive_name, keys_name
from veche.site.failure import Failure

MOMENT = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
MANIFEST = Manifest("house", "an-id", MOMENT.isoformat(), "0.1.0", database="sqlite")
CONTENT = {
    "database.sqlite3": bytes(range(256)) * 5,
    "journal/tile/0/000.p/7": b"t" * 224,
    "media/ab/018f0000-0000-7000-8000-0000000000ab-l.jpg": b"",
    "media/cd/018f0000-0000-7000-8000-0000000000cd-l.jpg": b"j" * 512,
}


def written(folder, content=None, *, manifest=MANIFEST, writer=Writer):
    file = folder / "veche.tar"
    with file.open("wb") as out, writer(out) as writing:
        for path, octets in (CONTENT if content is None else content).items():
            source = folder / "source"
            source.write_bytes(octets)
            with source.open("rb") as opened:
                writing.add(path, opened)
        writing.seal(manifest)
    return file


def unpacked(file, folder):
    Archive.open(file).unpack(lambda path: folder / path)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_what_is_written_comes_back(tmp_path):
    file = written(tmp_path)
    assert unpacked(file, tmp_path / "out") == CONTENT
    manifest = Archive.open(file).manifest
    assert manifest == replace(MANIFEST, files=4, octets=sum(map(len, CONTENT.values())))


def test_any_tar_program_can_look_into_it(tmp_path):
    with tarfile.open(written(tmp_path), "r:") as tar:
        assert tar.getnames() == [*CONTENT, "files.jsonl", "manifest.json", "seal"]
        listed = [json.loads(line) for line in tar.extractfile("files.jsonl")]
    assert {one["path"]: one["sha256"] for one in listed} == {
        path: hashlib.sha256(octets).hexdigest() for path, octets in CONTENT.items()
    }


def test_one_changed_bit_is_refused_wherever_it_stands(tmp_path):
    file = written(tmp_path)
    whole = file.read_bytes()
    for place in range(0, len(whole), 5):
        mutant = bytearray(whole)
        mutant[place] ^= 1 << place % 8
        file.write_bytes(mutant)
        with pytest.raises(Damaged):
            Archive.open(file)


def test_what_was_cut_off_or_grew_is_refused(tmp_path):
    file = written(tmp_path)
    whole = file.read_bytes()
    rng = random.Random(7)
    cut = [whole[:length] for length in (0, 1, 511, 512, *rng.sample(range(len(whole)), 60))]
    for mutant in [*cut, whole + b"\0", whole + bytes(512), whole + bytes(10240), whole[512:]]:
        file.write_bytes(mutant)
        with pytest.raises(Damaged):
            Archive.open(file)


class Careless(Writer):
    """Writes what an honest writer never would, under a good seal."""

    def add(self, path, source):
        if path.startswith("unlisted"):
            return self._member(path, source, 3, 0)
        return super().add(path, source)


class Linking(Writer):
    def _write(self, piece):
        if piece[:16] == b"journal/evil".ljust(16, b"\0"):
            info = tarfile.TarInfo("journal/evil")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            piece = info.tobuf(tarfile.USTAR_FORMAT)
        super()._write(piece)


class Forgetting(Writer):
    def seal(self, manifest):
        lines = self._list
        lines.seek(0)
        kept = lines.readlines()[:-1]
        lines.close()
        self._list = io.BytesIO()
        self._list.writelines(kept)
        return super().seal(manifest)


class Boasting(Writer):
    def seal(self, manifest):
        self._list.write(json.dumps({"path": "media/none", "size": 0, "sha256": "0"}).encode() + b"\n")
        return super().seal(manifest)


@pytest.mark.parametrize(
    ("content", "writer"),
    [
        ({"../outside": b"abc"}, Writer),
        ({"/etc/outside": b"abc"}, Writer),
        ({"journal/../../outside": b"abc"}, Writer),
        ({"journal/.hidden": b"abc"}, Writer),
        ({"journal//tile": b"abc"}, Writer),
        ({"elsewhere/file": b"abc"}, Writer),
        ({"unlisted": b"abc"}, Careless),
        ({"media/a": b"abc", "media/b": b"abc"}, Forgetting),
        ({"media/a": b"abc"}, Boasting),
        ({"journal/evil": b""}, Linking),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else next(iter(one)),
)
def test_a_sealed_archive_that_wants_more_than_it_may_is_refused(tmp_path, content, writer):
    file = written(tmp_path, content, writer=writer)
    with pytest.raises(Damaged, match="Nothing was changed"):
        Archive.open(file)


def test_a_file_that_stands_in_it_twice_is_refused(tmp_path):
    file = tmp_path / "twice.tar"
    with file.open("wb") as out, Writer(out) as writer:
        for octets in (b"one", b"two"):
            (tmp_path / "source").write_bytes(octets)
            with (tmp_path / "source").open("rb") as source:
                writer.add("media/a", source)
        writer.seal(MANIFEST)
    with pytest.raises(Damaged, match="twice"):
        Archive.open(file).unpack(lambda path: tmp_path / "out" / path)


def test_a_file_that_changes_after_it_was_believed_is_refused(tmp_path):
    file = written(tmp_path)
    believed = Archive.open(file)
    octets = bytearray(file.read_bytes())
    octets[600] ^= 1
    file.write_bytes(octets)
    with pytest.raises(Damaged, match="not what was written"):
        believed.unpack(lambda path: tmp_path / "out" / path)


def test_a_format_from_the_future_names_the_veche_that_made_it(tmp_path):
    file = written(tmp_path, manifest=replace(MANIFEST, format=2, veche="9.1"))
    with pytest.raises(Failure, match=r"format 2.*9\.1") as refused:
        Archive.open(file)
    assert not isinstance(refused.value, Damaged)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8" * 9000)
    with pytest.raises(Damaged, match="is damaged"):
        Archive.open(file)


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("tile/0/000", 0),
        ("tile/0/001", 256),
        ("tile/0/x001/234", 1234 * 256),
        ("tile/1/001", 256**2),
        ("tile/2/001", 256**3),
        ("tile/entries/002", 512),
        ("checkpoint", None),
        ("tile/0/12", None),
    ],
)
def test_a_tile_begins_where_its_first_leaf_stands(path, start):
    assert tile_start(path) == start


def test_names_of_archives_sort_by_time():
    assert archive_name(MOMENT) == "veche-20260314T070000Z.tar"
    assert keys_name(archive_name(MOMENT)) == "veche-20260314T070000Z.keys.tar"
