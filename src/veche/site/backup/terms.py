"""The words of a backup: what an archive says of itself, and how its files are called."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from veche.site.failure import Failure

FORMAT = 1
HOUSE: Literal["house"] = "house"
KEYS: Literal["keys"] = "keys"
DATABASES: Mapping[str, str] = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
NAMES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ARCHIVE = re.compile(r"veche-(\d{8}T\d{6}Z)\.tar")
_STAMP = "%Y%m%dT%H%M%SZ"
Ask = Callable[[str], Iterator[Sequence[Any]]]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the database in a file, and a way to ask the same moment of the database."""

    file: Path
    ask: Ask


class Damaged(Failure):
    """An archive that is not what was written once."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of an archive: where it belongs, how long it is, and the SHA-256 of what it holds."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    `id` is the same in an archive and in the archive of its keys. `checkpoint` is the newest one that the log signed,
    `published` the one that the public saw, each a signed note, empty for a house without any; `leaves` is how many
    leaves the database knew.
    """

    kind: str
    id: str
    at: str
    veche: str
    database: str = ""
    origin: str = ""
    checkpoint: str = ""
    published: str = ""
    leaves: int = 0
    migrations: tuple[str, ...] = ()
    files: int = 0
    octets: int = 0
    format: int = FORMAT

    def text(self) -> bytes:
        """As it is written into the archive."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode()

    @property
    def moment(self) -> datetime:
        """When the archive was made."""
        return datetime.fromisoformat(self.at)

    @classmethod
    def read(cls, raw: Any) -> Self:
        """From JSON; what a later format added within the same number is left out.

        Refuses: a Failure for a format from the future, Damaged for anything unreadable.
        """
        if not isinstance(raw, dict) or not isinstance(raw.get("format"), int):
            raise Damaged("its manifest cannot be read")
        if raw["format"] > FORMAT:
            raise Failure(
                f"this archive has format {raw['format']}; this Veche knows formats up to {FORMAT}. "
                f"Install the Veche that made it ({raw.get('veche', 'a newer one')}) or a newer one."
            )
        known = {one.name for one in fields(cls)}
        try:
            found = cls(**{key: _frozen(value) for key, value in raw.items() if key in known})
            made = found.moment
        except (TypeError, ValueError) as error:
            raise Damaged("its manifest cannot be read") from error
        if made.tzinfo is None or found.kind not in {HOUSE, KEYS}:
            raise Damaged("its manifest cannot be read")
        return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def stamp(at: datetime) -> str:
    """A moment as a part of the name of a file."""
    return at.astimezone(UTC).strftime(_STAMP)


def archive_name(at: datetime) -> str:
    """The name of an archive made at a moment."""
    return f"veche-{stamp(at)}.tar"


def keys_name(archive: str) -> str:
    """The name of the archive of keys that belongs to an archive."""
    return f"{archive.removesuffix('.tar')}.keys.tar"
