"""The file of a backup: a plain tar whose last member seals all octets before it.

    database.sqlite3 | database.dump, journal/…, media/…    (or the files of the keys)
    files.jsonl      each of them: path, size, SHA-256
    manifest.json    what the archive says of itself
    seal             where the last two begin, and the SHA-256 of everything before and of that

The seal has a fixed length and is compared octet by octet with what it must be, so a change of any single octet of the
file, the padding included, is found before anything is read out of it. `tar xf` unpacks it like any other.
"""

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from veche.site.backup.terms import Damaged, Listed, Manifest

BLOCK = 512
CHUNK = 1 << 20
_END = bytes(2 * BLOCK)
_SEAL = 3 * BLOCK + len(_END)  # header, two blocks of text, the end of the tar
_TEXT = re.compile(rb"veche-backup-seal 1\nfiles (\d{1,19})\nmanifest (\d{1,19})\nsha256 ([0-9a-f]{64})\n")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_TOPS = frozenset({"database.sqlite3", "database.dump", "journal", "media", "keys"})

Progress = Callable[[int], None]


class Writer:
    """Writes an archive from its beginning to its end; nothing is held in memory but one piece."""

    def __init__(self, out: BinaryIO, progress: Progress = lambda _: None) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self._at = 0
        self._list: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block
        self._progress = progress
        self.files = 0
        self.octets = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._list.close()

    def add(self, path: str, source: BinaryIO) -> None:
        """Take in one file, as long as it is now."""
        status = os.fstat(source.fileno())
        digest = self._member(path, source, status.st_size, int(status.st_mtime))
        line = json.dumps(asdict(Listed(path, status.st_size, digest)))
        self._list.write(line.encode() + b"\n")
        self.files += 1
        self.octets += status.st_size

    def seal(self, manifest: Manifest) -> Manifest:
        """Write the list, the manifest and the seal; answers the manifest with the figures of the whole."""
        whole = replace(manifest, files=self.files, octets=self.octets)
        moment = int(manifest.moment.timestamp())
        files, size = self._at, self._list.tell()
        self._list.seek(0)
        self._member("files.jsonl", self._list, size, moment)
        described, text = self._at, whole.text()
        self._member("manifest.json", io.BytesIO(text), len(text), moment)
        self._out.write(_seal(files, described, self._hash))
        return whole

    def _member(self, path: str, source: BinaryIO, size: int, moment: int) -> str:
        self._write(_header(path, size, moment))
        digest, left = hashlib.sha256(), size
        while left:
            piece = source.read(min(CHUNK, left))
            if not piece:
                raise OSError(0, "became shorter while it was copied", path)
            digest.update(piece)
            self._write(piece)
            self._progress(len(piece))
            left -= len(piece)
        self._write(bytes(-size % BLOCK))
        return digest.hexdigest()

    def _write(self, piece: bytes) -> None:
        self._out.write(piece)
        self._hash.update(piece)
        self._at += len(piece)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose every octet was found to be as it was written."""

    file: Path
    manifest: Manifest
    _files_at: int

    @classmethod
    def open(cls, file: Path, progress: Progress = lambda _: None) -> Self:
        """Read the whole file once and believe it.

        Refuses: Damaged with a sentence; a Failure for a format from the future.
        """
        try:
            with file.open("rb") as source:
                files_at, manifest_at = _unsealed(source, progress)
                found = cls(file, _manifest(source, manifest_at), files_at)
                _walk(source, found)
        except Damaged as damaged:
            raise Damaged(f"“{file}” is damaged: {damaged}. Nothing was changed.") from damaged
        return found

    def unpack(self, place: Callable[[str], Path], progress: Progress = lambda _: None) -> None:
        """Write every file where `place` says and hold it against its SHA-256. The caller makes all of it durable.

        Refuses: Damaged when the file changed since it was opened.
        """
        with self.file.open("rb") as source:
            for one, moment in _members(source, self):
                target = place(one.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy_out(source, one, target, progress)
                os.utime(target, (moment, moment))


def _copy_out(source: BinaryIO, one: Listed, target: Path, progress: Progress) -> None:
    digest, left = hashlib.sha256(), one.size
    if target.exists():
        raise Damaged(f"“{one.path}” stands in it twice. Nothing was changed.")
    with target.open("xb") as out:
        while left:
            piece = source.read(min(CHUNK, left))
            if not piece:
                break
            digest.update(piece)
            out.write(piece)
            progress(len(piece))
            left -= len(piece)
    if left or digest.hexdigest() != one.sha256:
        raise Damaged(f"“{one.path}” is not what was written. Nothing was changed.")


def _header(path: str, size: int, moment: int) -> bytes:
    info = tarfile.TarInfo(path)
    info.size, info.mtime, info.mode = size, moment, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")


def _seal(files_at: int, manifest_at: int, before: "hashlib._Hash") -> bytes:
    """The last octets of an archive: they follow from everything before them and from nothing else."""
    head = f"veche-backup-seal 1\nfiles {files_at}\nmanifest {manifest_at}\n".encode()
    whole = before.copy()
    whole.update(head)
    text = head + f"sha256 {whole.hexdigest()}\n".encode()
    return _header("seal", 2 * BLOCK, 0) + text.ljust(2 * BLOCK, b"\n") + _END


def _unsealed(source: BinaryIO, progress: Progress) -> tuple[int, int]:
    """Where the list and the manifest begin, when the seal fits everything before it."""
    size = source.seek(0, io.SEEK_END)
    if size < _SEAL or size % BLOCK:
        raise Damaged("its end is missing")
    source.seek(size - _SEAL)
    tail = source.read(_SEAL)
    said = _TEXT.match(tail, BLOCK)
    if said is None:
        raise Damaged("its seal is missing or broken")
    before, left = hashlib.sha256(), size - _SEAL
    source.seek(0)
    while left and (piece := source.read(min(CHUNK, left))):
        before.update(piece)
        progress(len(piece))
        left -= len(piece)
    files_at, manifest_at = int(said[1]), int(said[2])
    if left or tail != _seal(files_at, manifest_at, before):
        raise Damaged("its seal does not fit what it holds")
    return files_at, manifest_at


def _manifest(source: BinaryIO, at: int) -> Manifest:
    source.seek(at)
    info = _head_of(source, "manifest.json")
    try:
        return Manifest.read(json.loads(source.read(info.size)))
    except ValueError as error:
        raise Damaged("its manifest cannot be read") from error


def _walk(source: BinaryIO, found: Archive) -> None:
    """Step from header to header: what is there must be what is listed, in the same order, and nothing else."""
    files = octets = 0
    for one, _ in _members(source, found):
        source.seek(one.size, io.SEEK_CUR)
        files += 1
        octets += one.size
    if (files, octets) != (found.manifest.files, found.manifest.octets):
        raise Damaged("it does not hold what its manifest says")


def _members(source: BinaryIO, found: Archive) -> Iterator[tuple[Listed, int]]:
    """Each file with its time, the source standing at its first octet."""
    at = 0
    for one in _listed(found):
        source.seek(at)
        info = _head_of(source, one.path)
        if info.size != one.size:
            raise Damaged(f"“{one.path}” is not the file that is listed")
        _refuse_path(one.path)
        yield one, int(info.mtime)
        at += BLOCK + one.size + -one.size % BLOCK
    if at != found._files_at:  # noqa: SLF001 - our own
        raise Damaged("it holds a file that is not listed")


def _listed(found: Archive) -> Iterator[Listed]:
    with found.file.open("rb") as lines:
        lines.seek(found._files_at)  # noqa: SLF001 - our own
        left = _head_of(lines, "files.jsonl").size
        while left > 0 and (line := lines.readline()):
            left -= len(line)
            try:
                yield Listed(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise Damaged("its list of files cannot be read") from error


def _head_of(source: BinaryIO, path: str) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(source.read(BLOCK), "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError) as error:
        raise Damaged("a header in it cannot be read") from error
    if info.name != path:
        raise Damaged(f"“{path}” is missing")
    if info.type != tarfile.REGTYPE:
        raise Damaged(f"“{path}” is no plain file")
    return info


def _refuse_path(path: str) -> None:
    parts = path.split("/")
    if parts[0] not in _TOPS or not all(_PART.fullmatch(part) for part in parts):
        raise Damaged(f"“{path}” does not belong into an archive")
