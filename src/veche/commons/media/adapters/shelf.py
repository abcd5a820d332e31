"""Shelves: a folder on disk, and a twin in memory."""

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from veche.commons.media.terms import Size
from veche.kernel.disk import Files, WholeFiles

_NAME = re.compile(r"\.?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[a-z]\.jpg(?:\.part)?")


class FolderShelf:
    """Files in 256 folders under a root: `<root>/<last two hex digits>/<id>-<size>.jpg`.

    The last digits of a UUIDv7 are random, the first are its time: so the folders fill evenly.
    """

    def __init__(self, root: Path, files: Files | None = None) -> None:
        """The folder is made with the first photograph."""
        self._root = root
        self._files = WholeFiles(files)

    def put(self, photo_id: UUID, files: Mapping[Size, bytes]) -> None:
        """Write beside, make durable, rename: a crash leaves whole files or none under their names."""
        self._files.lay_down({self._path(photo_id, size): body for size, body in files.items()})

    def take(self, photo_id: UUID, size: Size) -> BinaryIO | None:
        """Open one file; None when it is not there."""
        try:
            return self._path(photo_id, size).open("rb")
        except FileNotFoundError:
            return None

    def clear(self, photo_ids: Iterable[UUID]) -> None:
        """Remove the files and what an interrupted writing left of them."""
        for photo_id in photo_ids:
            for size in Size:
                self._files.clear(self._path(photo_id, size))

    def older_than(self, moment: datetime) -> Iterator[UUID]:
        """Walk the folders one by one; each photograph is named once."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            found: dict[str, datetime] = {}
            with os.scandir(folder) as entries:
                for entry in entries:
                    match = _NAME.fullmatch(entry.name)
                    if match:
                        changed = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                        found[match[1]] = max(changed, found.get(match[1], changed))
            yield from (UUID(name) for name, changed in sorted(found.items()) if changed < moment)

    def _folder(self, photo_id: UUID) -> Path:
        return self._root / photo_id.hex[-2:]

    def _path(self, photo_id: UUID, size: Size) -> Path:
        return self._folder(photo_id) / f"{photo_id}-{size.value}.jpg"


class MemoryShelf:
    """Keeps everything in this process; for tests and consoles."""

    def __init__(self) -> None:
        """Empty at first."""
        self._files: dict[UUID, tuple[datetime, dict[Size, bytes]]] = {}

    def put(self, photo_id: UUID, files: Mapping[Size, bytes]) -> None:
        """Keep the files."""
        self._files[photo_id] = (datetime.now(UTC), dict(files))

    def take(self, photo_id: UUID, size: Size) -> BinaryIO | None:
        """Open one file; None when it is not there."""
        kept = self._files.get(photo_id)
        return io.BytesIO(kept[1][size]) if kept and size in kept[1] else None

    def clear(self, photo_ids: Iterable[UUID]) -> None:
        """Forget the files."""
        for photo_id in photo_ids:
            self._files.pop(photo_id, None)

    def older_than(self, moment: datetime) -> Iterator[UUID]:
        """The photographs kept since before `moment`."""
        yield from [photo_id for photo_id, (kept_at, _) in self._files.items() if kept_at < moment]
