"""`veche backup`: the whole house into one archive and its keys into another, while everybody goes on working.

In which order matters. The checkpoints are read first, so the copy of the database, which comes second, knows every
leaf under them. The tiles come third: they only ever grow, so they hold those leaves too; what begins after the
database's last leaf is left out. The photographs come last: a row is written after its files, so the files of every row
in the copy are there. Keys come after the rows that need them.
"""

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import connection

from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.terms import LATEST, PUBLISHED
from veche.kernel.ids import new_id
from veche.site.backup import layout, ring
from veche.site.backup import sqlite as sqlite_copies
from veche.site.backup.archive import Writer
from veche.site.backup.copies import snapshot
from veche.site.backup.terms import (
    ARCHIVE,
    DATABASES,
    HOUSE,
    KEYS,
    Ask,
    Manifest,
    Tell,
    archive_name,
    keys_name,
)
from veche.site.failure import Failure
from veche.site.version import VERSION

_PART = ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup came to. `lost` counts photographs whose row is in the copy and whose file is nowhere."""

    archive: Path
    keys: Path | None
    files: int
    octets: int
    leaves: int
    seconds: float
    lost: int
    removed: int


def make(to: Path, *, keys_to: Path, keep: int, now: datetime, tell: Tell = lambda _: None) -> Made:
    """Write both archives under temporary names, make them durable, give them their names, remove old ones.

    Refuses: a Failure with a sentence; then there is nothing new under a final name.
    """
    begun = time.monotonic()
    name = archive_name(now)
    target, keys_target = to / name, keys_to / keys_name(name)
    if target.exists() or keys_target.exists():
        raise Failure(f"“{target}” is there already. Two backups within one second are one too many.")
    manifest = Manifest(HOUSE, str(new_id()), now.isoformat(), VERSION, database=connection.vendor)
    with (
        _alone_in({to.resolve(), keys_to.resolve()}),
        _roomy(to),
        _part(target) as house,
        _part(keys_target) as secrets,
    ):
        whole, lost = _house(house, manifest, to / f".{name}.database{_PART}", tell)
        with_keys = _keys(secrets, manifest, keys_to / f".{name}.people{_PART}", tell)
        # The keys first: an archive that is there has its keys.
        if with_keys:
            _finish(secrets, keys_target)
        _finish(house, target)
    removed = _remove_old(to, keys_to, keep) if keep else 0
    return Made(
        archive=target,
        keys=keys_target if with_keys else None,
        files=whole.files,
        octets=target.stat().st_size,
        leaves=whole.leaves,
        seconds=time.monotonic() - begun,
        lost=lost,
        removed=removed,
    )


def _house(out: BinaryIO, manifest: Manifest, spare: Path, tell: Tell) -> tuple[Manifest, int]:
    published, checkpoint = _note(PUBLISHED), _note(LATEST)
    with Writer(out, _counting(tell)) as writer:
        with snapshot(spare, tell=tell) as copied:
            with copied.file.open("rb") as source:
                writer.add(DATABASES[connection.vendor], source)
            leaves = _leaves(copied.ask)
            done = sorted(
                f"{app}.{name}" for app, name in copied.ask("SELECT app, name FROM django_migrations")
            )
            _refuse_behind(checkpoint, leaves)
            photos = {_octets(row[0]) for row in copied.ask("SELECT id FROM media_photo")}
        _add_log(writer, leaves)
        _add_media(writer, photos)
        whole = replace(
            manifest,
            origin=checkpoint.partition("\n")[0],
            checkpoint=checkpoint,
            published=published,
            leaves=leaves,
            migrations=tuple(done),
        )
        return writer.seal(whole), len(photos)


def _note(name: str) -> str:
    try:
        return (layout.journal() / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _add_log(writer: Writer, leaves: int) -> None:
    for path, file in layout.files_of(layout.journal()):
        start = layout.tile_start(path)
        if start is not None and start < leaves:
            _add(writer, f"journal/{path}", file)


def _add_media(writer: Writer, photos: set[bytes]) -> None:
    """Take in the files; of the photographs of the copy those are left over that have none."""
    for path, file in layout.files_of(layout.media()):
        if _add(writer, f"media/{path}", file):
            with suppress(ValueError):
                photos.discard(UUID(file.name[:36]).bytes)


def _octets(key: object) -> bytes:
    return (key if isinstance(key, UUID) else UUID(str(key))).bytes


def _add(writer: Writer, path: str, file: Path) -> bool:
    """Take in a file that somebody may remove just now."""
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return False
    with source:
        writer.add(path, source)
    return True


def _leaves(ask: Ask) -> int:
    """How many leaves of the log the copy knows."""
    return int(next(iter(ask("SELECT count(*) FROM journal_leaf")))[0])


def _refuse_behind(note: str, leaves: int) -> None:
    """A database that lacks what the log has published could not be restored: better to know it now."""
    size = Checkpoint.parse(Note.parse(note).text).size if note else 0
    if size > leaves:
        raise Failure(
            f"the log has {size:,} entries and the database knows {leaves:,} of them: it is older than its log. "
            "No backup was made."
        )


def _keys(out: BinaryIO, manifest: Manifest, spare: Path, tell: Tell) -> bool:
    """Take in the secrets; a database among them is copied as such, because it may be written just now."""
    folder, elsewhere = layout.keys(), ring.elsewhere()
    if not folder.is_dir():
        return False
    with Writer(out) as writer:
        if elsewhere:
            ring.add(writer, elsewhere, spare)
        for path, file in layout.files_of(folder):
            if elsewhere and path == layout.PEOPLE:
                continue  # of the time before the keys moved to a database of their own
            if path.endswith(".sqlite3"):
                _add_database(writer, f"keys/{path}", file, spare, tell)
            elif not path.endswith(("-wal", "-shm", "-journal")):
                _add(writer, f"keys/{path}", file)
        writer.seal(Manifest(KEYS, manifest.id, manifest.at, manifest.veche))
    return True


def _add_database(writer: Writer, path: str, file: Path, spare: Path, tell: Tell) -> None:
    try:
        sqlite_copies.copy(file, spare, tell=tell)
        with spare.open("rb") as source:
            writer.add(path, source)
    finally:
        sqlite_copies.remove(spare)


def _counting(tell: Tell) -> Callable[[int], None]:
    done = 0

    def count(octets: int) -> None:
        nonlocal done
        done += octets
        tell(f"{done / 1e6:,.0f} MB")

    return count


@contextmanager
def _alone_in(folders: Iterable[Path]) -> Iterator[None]:
    """One backup at a time in a folder; what an interrupted one left there is removed."""
    with ExitStack() as held:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY)
            held.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Failure(f"another backup is being written into {folder}.") from error
            for stale in folder.glob(f".veche-*{_PART}*"):
                stale.unlink(missing_ok=True)
        yield


@contextmanager
def _part(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target, for our eyes only, that goes unless it was given its name."""
    part = target.with_name(f".{target.name}{_PART}")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123 - takes a handle
            yield out
    finally:
        part.unlink(missing_ok=True)


def _finish(out: BinaryIO, target: Path) -> None:
    out.flush()
    os.fsync(out.fileno())
    target.with_name(f".{target.name}{_PART}").rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _roomy(folder: Path) -> Iterator[None]:
    """A disk that is full is told as such."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        raise Failure(
            f"there is no room for a backup in {folder} ({error.strerror}). No backup was made."
        ) from error
    except sqlite3.OperationalError as error:
        raise Failure(
            f"the database could not be copied into {folder} ({error}). No backup was made."
        ) from error


def _remove_old(to: Path, keys_to: Path, keep: int) -> int:
    """Remove all but the newest archives, each with its keys; answers how many archives went."""
    old = sorted((path for path in to.iterdir() if ARCHIVE.fullmatch(path.name)), reverse=True)[keep:]
    for path in old:
        path.unlink(missing_ok=True)
        (keys_to / keys_name(path.name)).unlink(missing_ok=True)
    return len(old)
