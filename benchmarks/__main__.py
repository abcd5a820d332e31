"""`make bench`: the real server beside a bare handler, in the same run, on the same database file.

Prints for each workload the rate, the ratio to the bare handler's rate, p50 and p99, and CPU per request read
from /proc: rates swing on shared machines, CPU swings less. `--reports` and `--many` choose the sizes.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

REAL_PORT, BARE_PORT = 8790, 8791
FLOORS = {"list": 0.40, "report": 0.40, "filing": 0.25}
# Asks the database nothing that grows: how much dearer it became is how much slower the machine did.
YARDSTICK = "healthz"
GROWING = ("list", "report", "cluster tile", "search")
MOST_GROWTH = 1.5
_TURNS = 3
MOST_MEMORY_MB = 250


def main() -> int:
    """Build the town, measure, print the table; the exit code says whether every figure was met."""
    options = _options()
    folder = Path(options.dir or tempfile.mkdtemp(prefix="veche-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "VECHE_DATA_DIR": str(folder),
        "VECHE_PORT": str(REAL_PORT),
        "DJANGO_SETTINGS_MODULE": "veche.site.settings",
        "VECHE_DIRECTORY_TTL_S": "2",
        "DATABASE_URL": "",
    }
    os.environ.pop("DATABASE_URL")
    import django

    django.setup()
    verdicts = Verdicts()
    small = _at_size(options, folder, options.reports, verdicts, whole=True)
    if options.many:
        many = _at_size(options, folder, options.many, verdicts, whole=False)
        _growth(small, many, verdicts)
    if not options.dir:
        shutil.rmtree(folder, ignore_errors=True)
    return verdicts.tell()


@dataclass
class Verdicts:
    """Which figures were met."""

    missed: int = 0

    def judge(self, words: str, value: float, limit: float, *, least: bool) -> None:
        """Print one figure beside its limit."""
        met = value >= limit if least else value <= limit
        self.missed += not met
        sign = "≥" if least else "≤"
        print(f"  {'ok  ' if met else 'MISS'} {words}: {value:.2f} ({sign} {limit:g})")

    def tell(self) -> int:
        """The exit code."""
        print("\nEvery figure was met." if not self.missed else f"\n{self.missed} figures were missed.")
        return int(self.missed > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000, help="0 leaves the large town out")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--dir", help="keep the town here and find it again next time")
    return parser.parse_args()


def _at_size(
    options: argparse.Namespace, folder: Path, reports: int, verdicts: Verdicts, *, whole: bool
) -> dict[str, Any]:
    from benchmarks import load, workloads

    scene = workloads.prepare(reports)
    statements = folder / "statements.json"
    statements.write_text(scene.statements)
    figures: dict[str, Any] = {}
    print(f"\n{reports:,} reports")
    print(f"  {'':<22}{'req/s':>9}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
    with _servers(folder, statements) as (real, bare):
        for one in scene.workloads:
            if not whole and one.name not in (*GROWING, YARDSTICK):
                continue
            ours, theirs = _measured(one, real, bare, options.seconds)
            _line(ours, theirs)
            figures[one.name] = ours
            if whole and theirs is not None and one.name in FLOORS:
                verdicts.judge(
                    f"{one.name}, rate beside the bare handler",
                    ours.rate / theirs.rate,
                    FLOORS[one.name],
                    least=True,
                )
            if ours.failures:
                verdicts.judge(f"{one.name}, failed requests", ours.failures, 0, least=False)
        memory = max(load.memory_mb(one) for one in load.family(real))
        verdicts.judge("memory of one web worker, MB", memory, MOST_MEMORY_MB, least=False)
    return figures


def _measured(one: Any, real: int, bare: int, seconds: float) -> tuple[Any, Any]:
    """Ours and the bare handler's figures. They take turns, because a shared machine is now quicker and now slower."""
    from benchmarks import load

    rounds = [(one.name, REAL_PORT, one.request, real)]
    if one.bare is not None:
        rounds.append((f"{one.name}, bare", BARE_PORT, one.bare, bare))
    found: list[list[Any]] = [[] for _ in rounds]
    for turn in range(_TURNS):
        for figures, (name, port, request, pid) in zip(found, rounds, strict=True):
            warm = 0 if turn else one.warm
            figures.append(
                load.measure(name, port, request, pid=pid, seconds=seconds / _TURNS, warm=warm, start=turn)
            )
    ours, *theirs = (load.middle(figures) for figures in found)
    return ours, theirs[0] if theirs else None


def _line(ours: Any, theirs: Any) -> None:
    ratio = f"{ours.rate / theirs.rate:8.2f}" if theirs else " " * 8
    print(f"  {ours.name:<22}{ours.rate:9.0f}{ratio}{ours.p50_ms:9.2f}{ours.p99_ms:9.2f}{ours.cpu_ms:9.3f}")
    if theirs:
        print(
            f"  {theirs.name:<22}{theirs.rate:9.0f}{'':8}{theirs.p50_ms:9.2f}{theirs.p99_ms:9.2f}{theirs.cpu_ms:9.3f}"
        )


def _growth(small: dict[str, Any], many: dict[str, Any], verdicts: Verdicts) -> None:
    slower = many[YARDSTICK].cpu_ms / small[YARDSTICK].cpu_ms
    print("\nCPU per request in the large town beside the small one")
    print(f"  the machine itself, by {YARDSTICK}: {slower:.2f}; the figures below are divided by it")
    for name in GROWING:
        grown = many[name].cpu_ms / small[name].cpu_ms
        verdicts.judge(f"{name} (as read {grown:.2f})", grown / slower, MOST_GROWTH, least=False)


@contextmanager
def _servers(folder: Path, statements: Path) -> Iterator[tuple[int, int]]:
    from benchmarks import load

    from veche.site import server

    granian = [sys.executable, "-m", "granian", "--workers", "1", "--no-ws", "--log-level", "error"]
    environment = {
        **server.environment(),
        "BARE_STATEMENTS": str(statements),
        "BARE_DATABASE": str(folder / "veche.sqlite3"),
        "PYTHONPATH": str(HERE.parent),
    }
    bare_command = [*granian, "--interface", "rsgi", "--port", str(BARE_PORT), "benchmarks.bare:app"]
    with (
        load.serving(server.command(), REAL_PORT, environment) as real,
        load.serving(bare_command, BARE_PORT, environment) as bare,
    ):
        yield real, bare


if __name__ == "__main__":
    raise SystemExit(main())
