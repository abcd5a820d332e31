"""Begin and end of everything that was done, in one file, past every database and transaction."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path


@contextmanager
def written(what: str) -> Iterator[None]:
    """Write when something begins and ends; the clock is the same for all processes of a machine."""
    _write(what, "begin")
    try:
        yield
    finally:
        _write(what, "end")


def _write(what: str, event: str) -> None:
    line = f"{what} {event} {time.monotonic():.6f} {os.getpid()}\n".encode()
    file = os.open(Path(os.environ["VECHE_DATA_DIR"]) / "diary", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(file, line)
    finally:
        os.close(file)


class Diary:
    """What the diary of a folder says."""

    def __init__(self, folder: Path) -> None:
        self.runs: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.processes: set[int] = set()
        open_since: dict[tuple[str, str], float] = {}
        path = folder / "diary"
        for line in path.read_text().splitlines() if path.exists() else ():
            what, event, moment, pid = line.split()
            self.processes.add(int(pid))
            if event == "begin":
                open_since[what, pid] = float(moment)
            else:
                self.runs[what].append((open_since.pop((what, pid)), float(moment)))
        self.unfinished = sorted(what for what, _ in open_since)

    def named(self, prefix: str) -> dict[str, list[tuple[float, float]]]:
        """The runs of everything whose name begins so."""
        return {what: runs for what, runs in self.runs.items() if what.startswith(prefix)}

    def overlaps(self) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
        """What was done twice at the same time."""
        found = []
        for what, runs in self.runs.items():
            ordered = sorted(runs)
            found += [(what, one, two) for one, two in pairwise(ordered) if two[0] < one[1]]
        return found
