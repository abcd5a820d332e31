"""What a continuous backup has gathered, packed into an archive, so that it is restored like any other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.terms import LATEST
from veche.kernel.ids import made_at, new_id
from veche.site.backup import layout, litestream
from veche.site.backup.archive import Writer
from veche.site.backup.continuous import CHECKPOINTS, DATABASE, JOURNAL, MEDIA
from veche.site.backup.terms import DATABASES, HOUSE, KEYS, Damaged, Manifest, Tell
from veche.site.failure import Failure
from veche.site.version import VERSION


def is_continuous(origin: str) -> bool:
    """Whether this names no archive but what `veche backup --continuous` wrote to."""
    return "://" in origin or (Path(origin) / DATABASE).is_dir()


@contextmanager
def packed(
    origin: str, keys: Path | None, *, now: datetime, tell: Tell
) -> Iterator[tuple[Path, Path | None]]:
    """The archive, and that of the keys where a folder of them is named; both go when the block ends.

    From an address only the database comes; photographs and log are taken as they lie in this house.
    Refuses: Damaged when the database cannot be brought back.
    """
    if keys is not None and not keys.is_dir():
        raise Failure(f"there is no folder “{keys}”: a continuous backup keeps its keys in one.")
    with TemporaryDirectory(prefix=".restoring-", dir=layout.data()) as name:
        room = Path(name)
        tell("litestream")
        database = room / DATABASES["sqlite"]
        litestream.bring_back(f"{origin.rstrip('/')}/{DATABASE}", database)
        manifest = _manifest(origin, database, now)
        with (room / "house.tar").open("wb") as out, Writer(out) as writer:
            _add(writer, DATABASES["sqlite"], database)
            for path, file in layout.files_of(_place(origin, JOURNAL)):
                start = layout.tile_start(path)
                if start is not None and start < manifest.leaves:
                    _add(writer, f"journal/{path}", file)
            for path, file in layout.files_of(_place(origin, MEDIA)):
                _add(writer, f"media/{path}", file)
            writer.seal(manifest)
        yield room / "house.tar", _keys(keys, room / "keys.tar", manifest) if keys else None


def _keys(folder: Path, file: Path, manifest: Manifest) -> Path:
    with file.open("wb") as out, Writer(out) as writer:
        for path, one in layout.files_of(folder):
            _add(writer, f"keys/{path}", one)
        writer.seal(Manifest(KEYS, manifest.id, manifest.at, VERSION))
    return file


def _add(writer: Writer, path: str, file: Path) -> None:
    with file.open("rb") as source:
        writer.add(path, source)


def _place(origin: str, part: str) -> Path:
    if "://" not in origin:
        return Path(origin) / part
    return layout.journal() if part == JOURNAL else layout.media()


def _manifest(origin: str, database: Path, now: datetime) -> Manifest:
    """What the database tells of itself; its moment is that of its last fact."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            (leaves,) = connection.execute("SELECT count(*) FROM journal_leaf").fetchone()
            last = connection.execute("SELECT max(id) FROM journal_factrow").fetchone()[0]
            done = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    except sqlite3.DatabaseError as error:
        raise Damaged(f"the database in “{origin}” cannot be read ({error}). Nothing was changed.") from error
    at = made_at(UUID(last)) if last else now
    found = Manifest(HOUSE, str(new_id()), at.isoformat(), VERSION, database="sqlite", leaves=leaves)
    note = _checkpoint(origin, leaves)
    migrations = tuple(sorted(f"{app}.{name}" for app, name in done))
    return replace(found, origin=note.partition("\n")[0], checkpoint=note, migrations=migrations)


def _checkpoint(origin: str, leaves: int) -> str:
    """The newest checkpoint the database knows all leaves of: it and the rest were copied each at its own pace."""
    if "://" in origin:
        files = [layout.journal() / LATEST]
    else:
        files = sorted((Path(origin) / CHECKPOINTS).glob("[0-9]*"), reverse=True)
    for file in files:
        note = file.read_text(encoding="utf-8") if file.is_file() else ""
        if note and _size(note) <= leaves:
            return note
    if leaves:
        raise Damaged(
            f"“{origin}” holds no checkpoint of the log that its database knows. Nothing was changed."
        )
    return ""


def _size(note: str) -> int:
    try:
        return Checkpoint.parse(Note.parse(note).text).size
    except ValueError as error:
        raise Damaged("a checkpoint in it cannot be read. Nothing was changed.") from error
