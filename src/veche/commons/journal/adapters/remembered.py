"""The file in which a verifier remembers a log, and the folder beside it for what contradicts."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from veche.commons.journal.rules.verifying.memory import Memory


def read_memory(path: Path) -> Memory | None:
    """What was remembered; None when there is no file yet. Raises ValueError when it cannot be read as one."""
    try:
        return Memory.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def write_memory(path: Path, memory: Memory) -> None:
    """Remember, whole or not at all."""
    _write(path, memory.written())


def keep_evidence(path: Path, code: str, notes: Iterable[str], *, now: datetime) -> list[Path]:
    """Keep signed notes beside the memory, for whoever has to be convinced; answers their files."""
    folder = path.with_name(f"{path.name}.evidence")
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = []
    for number, note in enumerate(notes, start=1):
        target = folder / f"{stamp}-{code}-{number}.note"
        _write(target, note)
        kept.append(target)
    return kept


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
