"""A sign of life of the worker: a small file in the data folder, so that an idle worker writes to no database."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

FRESH_S = 30


def beat(now: datetime) -> None:
    """Leave a sign of life. Several workers may share the folder; each writes beside the others."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(now.isoformat())
    fresh.replace(path)


def rest() -> None:
    """Leave no sign behind: the worker went home and was not killed."""
    _path().unlink(missing_ok=True)


def age_s(now: datetime) -> float | None:
    """How many seconds ago the worker gave its last sign of life; None when it never did."""
    try:
        seen = datetime.fromisoformat(_path().read_text())
    except (OSError, ValueError):
        return None
    return round(max(0.0, (now - seen).total_seconds()), 1)


def _path() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "worker.beat"
