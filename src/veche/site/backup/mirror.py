"""A folder copied again and again into another one: only what changed is looked at."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from veche.site.backup.staging import sync

GONE_STAY = timedelta(days=7)
_SETTLED_NS = 1_000_000_000
_GONE = ".gone"


class Mirror:
    """Copies new and changed files. What is removed here is put aside there and goes for good a week later."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source, self._target = source, target
        self._seen: dict[Path, int] = {}
        self._below: dict[Path, list[Path]] = {}

    def follow(self, now: datetime) -> int:
        """Look once; answers how many files were copied."""
        if not self._source.is_dir():
            return 0
        self._forget_gone(now)
        return self._follow(Path(), now)

    def _follow(self, place: Path, now: datetime) -> int:
        copied = 0
        try:
            changed_at = (self._source / place).stat().st_mtime_ns
            if self._seen.get(place) != changed_at:
                copied += self._look_into(place, now)
                # A change within the same tick of the disk's clock would go unseen: look once more.
                if time.time_ns() - changed_at > _SETTLED_NS:
                    self._seen[place] = changed_at
        except FileNotFoundError:
            self._seen.pop(place, None)
            return copied
        return copied + sum(self._follow(below, now) for below in self._below.get(place, ()))

    def _look_into(self, place: Path, now: datetime) -> int:
        copied, names = 0, set[str]()
        self._below[place] = []
        for entry in _visible(self._source / place):
            names.add(entry.name)
            if entry.is_dir(follow_symlinks=False):
                self._below[place].append(place / entry.name)
            else:
                copied += self._copy(place / entry.name)
        if copied:
            sync(self._target / place)
        self._put_aside(place, names, now)
        return copied

    def _copy(self, path: Path) -> bool:
        source, target = self._source / path, self._target / path
        with suppress(FileNotFoundError):
            if target.exists() and _alike(source, target):
                return False
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copy2(source, part)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.rename(target)
            return True
        return False

    def _put_aside(self, place: Path, names: set[str], now: datetime) -> None:
        """What is no more in the house is kept a while, in case somebody removed it by mistake."""
        with suppress(FileNotFoundError):
            for entry in list(_visible(self._target / place)):
                if entry.name not in names:
                    aside = self._target / _GONE / f"{now:%Y%m%d}" / place / entry.name
                    aside.parent.mkdir(parents=True, exist_ok=True)
                    Path(entry.path).rename(aside)

    def _forget_gone(self, now: datetime) -> None:
        with suppress(FileNotFoundError):
            for day in (self._target / _GONE).iterdir():
                if day.name < f"{now - GONE_STAY:%Y%m%d}":
                    shutil.rmtree(day, ignore_errors=True)


def _alike(source: Path, target: Path) -> bool:
    mine, theirs = source.stat(), target.stat()
    return (mine.st_size, mine.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def _visible(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if not entry.name.startswith("."))
