"""`veche restore`: everything is read, unpacked aside and proved before anything in the house changes.

What stands in the archive takes the place of what is there only at the end: on SQLite by renames, on PostgreSQL by the
commit of the one transaction in which the rows were loaded and held against the log. The first act in the restored
house is the fact that it was restored.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from veche.commons.journal.terms import LATEST, PUBLISHED
from veche.site.backup import houses, layout, proving, ring, running, sqlite
from veche.site.backup.archive import Archive
from veche.site.backup.staging import Staged, close_to_others
from veche.site.backup.terms import DATABASES, HOUSE, KEYS, NAMES, Manifest, Tell, stamp
from veche.site.failure import Failure


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `aside` is where the contents of each folder went that were there before."""

    manifest: Manifest
    proved: proving.Proved
    aside: tuple[Path, ...]


def restore(
    file: Path, *, keys: Path | None, force: bool, now: datetime, tell: Tell = lambda _: None
) -> Restored:
    """Put an archive, and the keys that belong to it, into the place of this house.

    Refuses: a Failure with a sentence, and nothing was changed.
    """
    tell("reading")
    house = _opened(file, HOUSE)
    secrets = _opened(keys, KEYS) if keys else None
    _refuse_strange(house.manifest)
    _refuse_mismatched(house.manifest, secrets)
    running.refuse_running(now)
    if not force:
        _refuse_inhabited()
    mark = stamp(now)
    folders = {name: Staged(folder, mark) for name, folder in _folders(secrets).items()}
    with _staged(folders):
        _unpack(house, secrets, folders, tell)
        tell("proving")
        fresh_keys = folders["keys"].fresh if secrets else layout.keys()
        with houses.filled(folders["database"].fresh / DATABASES[connection.vendor], mark) as filled:
            proved = proving.prove(folders["journal"].fresh, fresh_keys, house.manifest)
            proving.announce(proved, house.manifest, now=now)
            aside = _swap(filled, folders)
    return Restored(house.manifest, proved, aside)


def _opened(file: Path, kind: str) -> Archive:
    if not file.is_file():
        raise Failure(f"there is no file “{file}”.")
    found = Archive.open(file)
    if found.manifest.kind != kind:
        wanted = "an archive of a house" if kind == HOUSE else "an archive of keys"
        raise Failure(f"“{file}” is not {wanted}. Nothing was changed.")
    return found


def _refuse_strange(manifest: Manifest) -> None:
    """An archive of another kind of database, or of a later Veche."""
    if manifest.database != connection.vendor:
        raise Failure(
            f"the archive holds a {NAMES.get(manifest.database, manifest.database)} database, and DATABASE_URL names "
            f"{NAMES[connection.vendor]}. Nothing was changed."
        )
    known = MigrationLoader(None).disk_migrations or {}
    if any(tuple(name.split(".", 1)) not in known for name in manifest.migrations):
        raise Failure(
            f"the archive was made by Veche {manifest.veche}, whose tables this Veche does not know. Install that "
            "version or a newer one. Nothing was changed."
        )


def _refuse_mismatched(house: Manifest, secrets: Archive | None) -> None:
    """Keys older than the archive lack those of the people who came between; later ones are welcome."""
    if secrets and secrets.manifest.id != house.id and secrets.manifest.moment < house.moment:
        raise Failure(
            "the keys were copied before the archive was made: some would be missing. Nothing was changed."
        )


def _refuse_inhabited() -> None:
    if houses.inhabited() or any(True for _ in layout.files_of(layout.media())):
        raise Failure("this house is not empty. --force puts the archive in the place of all that is here.")


def _folders(secrets: Archive | None) -> dict[str, Path]:
    found = {"media": layout.media(), "journal": layout.journal(), "database": houses.folder()}
    return found | ({"keys": layout.keys()} if secrets else {})


@contextmanager
def _staged(folders: dict[str, Staged]) -> Iterator[None]:
    try:
        for one in folders.values():
            one.begin()
        yield
    finally:
        for one in folders.values():
            one.forget()


def _unpack(house: Archive, secrets: Archive | None, folders: dict[str, Staged], tell: Tell) -> None:
    done, total = 0, max(1, house.manifest.octets)
    free = shutil.disk_usage(layout.data()).free
    if free < total:
        raise Failure(
            f"the archive needs {total / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free. Nothing was changed."
        )

    def count(octets: int) -> None:
        nonlocal done
        done += octets
        tell(f"unpacking {100 * done // total} %")

    def place(path: str) -> Path:
        top, _, rest = path.partition("/")
        return folders[top].fresh / rest if rest else folders["database"].fresh / top

    house.unpack(place, count)
    if secrets:
        secrets.unpack(place)
        close_to_others(folders["keys"].fresh)
        sqlite.keep_destroyed(layout.keys() / layout.PEOPLE, folders["keys"].fresh / layout.PEOPLE)
    for name, note in ((LATEST, house.manifest.checkpoint), (PUBLISHED, house.manifest.published)):
        if note:
            (folders["journal"].fresh / name).write_text(note, encoding="utf-8")
    os.sync()


def _swap(filled: houses.Filled, folders: dict[str, Staged]) -> tuple[Path, ...]:
    """From here on the house changes; who is interrupted in between finds a mark and must restore again."""
    mark = layout.unfinished()
    mark.write_text("veche restore\n")
    if "keys" in folders:
        ring.bring_in(folders["keys"].fresh)
    aside = filled.take_over()
    for name in ("journal", "keys", "media"):
        if name in folders and folders[name].take_over():
            aside = (*aside, folders[name].replaced)
    shutil.rmtree(layout.data() / "search", ignore_errors=True)  # built anew from the rows
    mark.unlink()
    return aside
