"""`veche backup --continuous`: the database by litestream, everything else by mirrors, until somebody stops it.

    FOLDER/database/      what litestream writes
    FOLDER/journal/       the tiles, which only grow
    FOLDER/checkpoints/   the last checkpoints that were signed, by their sizes: the newest the database knows counts
    FOLDER/media/         the photographs
    KEYS/                 the key of the log and the keys of people, where --keys-to names a folder

Keys of people are copied as a whole and without a history, so that a destroyed key is destroyed here as well.
"""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

from django.db import connection
from django.utils import timezone

from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.terms import LATEST
from veche.site.backup import layout, litestream, sqlite
from veche.site.backup.mirror import Mirror
from veche.site.failure import Failure

DATABASE, CHECKPOINTS, JOURNAL, MEDIA = "database", "checkpoints", "journal", "media"
_LOOK_S = 1.0
_STOP_S = 30
_CHECKPOINTS_KEPT = 200


def follow(to: str, keys_to: Path | None, *, ready: Callable[[], None]) -> None:
    """Copy whatever happens until SIGTERM or Ctrl-C.

    Refuses: a Failure on PostgreSQL, without litestream, or when it ends by itself.
    """
    if connection.vendor != "sqlite":
        raise Failure(
            "a continuous backup of PostgreSQL is made by pgBackRest: docs/operations.md tells how."
        )
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    folder = None if "://" in to else Path(to).resolve()
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    copies = _Copies(folder, keys_to)
    signal.signal(signal.SIGTERM, _as_interrupt)
    replica = str(folder / DATABASE) if folder else f"{to.rstrip('/')}/{DATABASE}"
    process = litestream.replicate(database, replica, layout.data() / "litestream.json")
    try:
        copies.look(timezone.now())
        ready()
        while process.poll() is None:
            time.sleep(_LOOK_S)
            copies.look(timezone.now())
    except KeyboardInterrupt:
        _stop(process)
        copies.look(timezone.now())
        return
    finally:
        _stop(process)
    raise Failure("litestream ended by itself; its last lines above say why.")


class _Copies:
    """Everything beside the database."""

    def __init__(self, folder: Path | None, keys_to: Path | None) -> None:
        self._folder, self._keys_to = folder, keys_to
        self._mirrors = (
            [
                Mirror(layout.journal() / "tile", folder / JOURNAL / "tile"),
                Mirror(layout.media(), folder / MEDIA),
            ]
            if folder
            else []
        )
        self._keys_seen: tuple[int, ...] = ()

    def look(self, now: datetime) -> None:
        """Copy what changed. A checkpoint is kept after the tiles it stands for."""
        note = None
        with suppress(FileNotFoundError):
            note = (layout.journal() / LATEST).read_text(encoding="utf-8")
        for mirror in self._mirrors:
            mirror.follow(now)
        if note and self._folder:
            _keep(note, self._folder / CHECKPOINTS)
        if self._keys_to:
            self._keep_keys(self._keys_to)

    def _keep_keys(self, to: Path) -> None:
        seen = tuple(
            path.stat().st_mtime_ns
            for path in sorted(layout.keys().glob("*"))
            if not path.name.endswith("-shm")
        )
        if seen == self._keys_seen:
            return
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, file in layout.files_of(layout.keys()):
            if path.endswith(("-wal", "-shm", "-journal")):
                continue
            part = to / f".{path}.part"
            sqlite.remove(part)
            part.touch(mode=0o600)
            if path.endswith(".sqlite3"):
                sqlite.copy(file, part)
            else:
                shutil.copyfile(file, part)
            part.rename(to / path)
        self._keys_seen = seen


def _keep(note: str, folder: Path) -> None:
    size = Checkpoint.parse(Note.parse(note).text).size
    target = folder / f"{size:020d}"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{target.name}.part"
    part.write_text(note, encoding="utf-8")
    part.rename(target)
    for old in sorted(folder.glob("[0-9]*"))[:-_CHECKPOINTS_KEPT]:
        old.unlink()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Let it copy what is left, then end it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal handler is given
    raise KeyboardInterrupt
