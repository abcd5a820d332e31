"""Keys of people that lie in a database of their own: how they come into an archive, and out of it again."""

from pathlib import Path

from veche.commons.journal.adapters.keys import PostgresKeys, read_ring, write_ring
from veche.commons.journal.ports import EQUIPMENT
from veche.site.backup import sqlite
from veche.site.backup.archive import Writer
from veche.site.backup.layout import PEOPLE


def elsewhere() -> PostgresKeys | None:
    """The database of the keys, where it is not a file among those of this house."""
    ring = EQUIPMENT.ring
    return ring if isinstance(ring, PostgresKeys) else None


def add(writer: Writer, people: PostgresKeys, spare: Path) -> None:
    """Take the keys in as the file in which another house would keep them."""
    try:
        write_ring(spare, people.rows())
        with spare.open("rb") as source:
            writer.add(f"keys/{PEOPLE}", source)
    finally:
        sqlite.remove(spare)


def bring_in(folder: Path) -> None:
    """Move keys that came out of an archive into their database, when they lie in one here."""
    people, file = elsewhere(), folder / PEOPLE
    if people and file.is_file():
        people.take_back(read_ring(file))
        sqlite.remove(file)
