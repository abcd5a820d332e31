"""`python benchmarks/journal.py`: what the log costs beside plain inserts, measured in the same run.

Filing with the journal and without takes turns on two servers, each on a durable SQLite file; the sequencer works on
real files with every fsync; the tree of ten million leaves lies in real tiles. `--leaves` chooses another size of it.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

MOST_FILING, LEAST_SEQUENCED, MOST_PROOF_MS, MOST_FILES = 1.15, 5_000, 20.0, 40
_PORT, _TURNS, _SECONDS = 8767, 200, 0.3
_FACTS = 40_000
_PROOFS = 3_000


def main() -> int:
    """Measure, print, and say by the exit code whether every figure was met."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="veche-bench-journal-", dir=options.dir))
    os.environ |= {"VECHE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "veche.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from benchmarks.__main__ import Verdicts

    _make_tables()
    verdicts = Verdicts()
    try:
        _filing(verdicts, folder)
        _sequencer(verdicts)
        _large_tree(verdicts, folder, options.leaves)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return verdicts.tell()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=10_000_000)
    parser.add_argument("--dir", help="where the folder of the run is made")
    return parser.parse_args()


def _filing(verdicts: Any, folder: Path) -> None:
    """Filings over HTTP with the log and without, in many short turns on one server."""
    from benchmarks import load, plain, workloads

    cookie = _town()
    ways = {"with the log": "", "plain rows": plain.HEADER}
    found: dict[str, list[Any]] = {name: [] for name in ways}
    print("\nFiling, over 8 connections", flush=True)
    with _served(folder, _PORT, "benchmarks.unlogged:application") as pid:
        for turn in range(_TURNS):
            for name, header in sorted(ways.items(), reverse=turn % 2 > 0):
                figures = load.measure(
                    name,
                    _PORT,
                    lambda _, header=header: workloads._file_request(cookie, header),  # noqa: SLF001 - as in `make bench`
                    pid=pid,
                    seconds=_SECONDS,
                    warm=0 if turn else 200,
                )
                assert not figures.failures
                found[name].append(figures)
    _judge_filing(verdicts, found)


def _judge_filing(verdicts: Any, found: dict[str, list[Any]]) -> None:
    """Each turn beside its neighbour: a shared machine is now quicker and now slower."""
    from benchmarks import load

    print(f"  {'':<16}{'filings/s':>10}{'p50 ms':>9}{'CPU ms':>9}")
    for name, rounds in found.items():
        one = load.middle(rounds)
        print(f"  {name:<16}{one.rate:>10.0f}{one.p50_ms:>9.2f}{one.cpu_ms:>9.2f}")
    for words, cost in (("costs", lambda one: 1 / one.rate), ("CPU", lambda one: one.cpu_ms)):
        pairs = zip(found["with the log"], found["plain rows"], strict=True)
        ratios = sorted(cost(ours) / cost(theirs) for ours, theirs in pairs)
        middle = ratios[len(ratios) // 4 : -len(ratios) // 4]
        print(f"  {words}: half of all turns between {middle[0]:.2f} and {middle[-1]:.2f}")
        name = f"filing with the log, beside plain rows ({words})"
        verdicts.judge(name, statistics.median(ratios), MOST_FILING, least=False)


def _town() -> str:
    """A city, its files, and somebody who is signed in; answers their cookie."""
    from benchmarks import workloads
    from django.db import connection
    from django.utils import timezone

    from veche.kernel.pack import read_pack
    from veche.site import packs, server

    packs.load_pack(read_pack(packs.find("perm")), now=timezone.now())
    server.collect_static()
    cookie = workloads._session()  # noqa: SLF001 - the same reader as in `make bench`
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    return cookie


def _served(folder: Path, port: int, application: str) -> AbstractContextManager[int]:
    from benchmarks import load

    from veche.site import server

    environment = server.environment() | {
        "VECHE_DATA_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE.parent / "src"))),
    }
    command = server.command()
    command[command.index("--port") + 1], command[-1] = str(port), application
    return load.serving(command, port, environment)


def _sequencer(verdicts: Any) -> None:
    """A backlog of facts: how fast they were written plainly, and how fast they enter the log."""
    from benchmarks import plain
    from django.db import connection, transaction
    from django.utils import timezone

    from veche.commons.journal import services as journal
    from veche.commons.journal.models import Unsequenced

    while journal.sequence(now=timezone.now()):
        pass
    with connection.cursor() as cursor:
        rest = ("bench.Fact", "bench.thing", "", None, "2026-01-01 00:00:00", "{}")
        rows = [(f"{n:032x}", *rest) for n in range(_FACTS)]
        begun = time.perf_counter()
        for at in range(0, _FACTS, 500):
            with transaction.atomic():
                cursor.executemany(plain.ROW, rows[at : at + 500])
        unlogged = _FACTS / (time.perf_counter() - begun)
    begun = time.perf_counter()
    _record_facts(_FACTS)
    recorded = _FACTS / (time.perf_counter() - begun)
    begun = time.perf_counter()
    while journal.sequence(now=timezone.now()):
        pass
    rate = _FACTS / (time.perf_counter() - begun)
    assert not Unsequenced.objects.exists()
    print(f"\nA backlog of {_FACTS:,} facts, per second")
    for name, value in (("plain inserts", unlogged), ("recorded", recorded), ("sequenced", rate)):
        print(f"  {name:<16}{value:>10,.0f}  {value / unlogged:>5.2f} of plain inserts")
    verdicts.judge("facts sequenced a second", rate, LEAST_SEQUENCED, least=True)


def _record_facts(count: int) -> None:
    from django.utils import timezone

    from veche.commons.casework.terms import CaseMoved
    from veche.commons.journal import services as journal
    from veche.kernel.ids import new_id
    from veche.kernel.refs import SubjectRef

    now, city = timezone.now(), new_id()
    journal.record_many(
        (
            CaseMoved(
                ref=SubjectRef("reports.report", new_id()), at=now, city_id=city, verb="answer",
                from_status="in_work", to_status="answered", role="officer", position=n,
            )
            for n in range(count)
        ),
        delivered=True,
    )  # fmt: skip


def _large_tree(verdicts: Any, folder: Path, leaves: int) -> None:
    """A log of many leaves in real tiles: one more checkpoint, and proofs from all over it."""
    from django.utils import timezone

    from veche.commons.journal import services as journal
    from veche.commons.journal.models import Leaf
    from veche.commons.journal.ports import EQUIPMENT
    from veche.commons.journal.queries.log import log_size
    from veche.kernel.ids import new_id

    while journal.sequence(now=timezone.now()):
        pass
    store = Counted(folder / "large")
    EQUIPMENT.store = store
    _grow(store, leaves)
    if log_size() < leaves:
        Leaf.objects.create(position=leaves - 1, fact_id=new_id(), leaf_hash=b"\0" * 32)
    _record_facts(500)
    store.reads = 0
    begun = time.perf_counter()
    placed = journal.sequence(now=timezone.now())
    took = time.perf_counter() - begun
    print(f"\nA log of {leaves:,} leaves")
    print(f"  {placed} more facts published in {took * 1000:.0f} ms")
    verdicts.judge("files read for the next checkpoint", store.reads, MOST_FILES, least=False)
    _proofs(verdicts, leaves)


def _proofs(verdicts: Any, leaves: int) -> None:
    from veche.commons.journal.queries.log import consistency, inclusion, log_size

    chance, size = random.Random(7), log_size()
    for name, prove in (
        ("inclusion", lambda: inclusion(chance.randrange(leaves), size)),
        ("consistency", lambda: consistency(chance.randrange(1, leaves), size)),
    ):
        spent = []
        for _ in range(_PROOFS):
            begun = time.perf_counter()
            prove()
            spent.append((time.perf_counter() - begun) * 1000)
        spent.sort()
        print(
            f"  {name} proofs: p50 {spent[len(spent) // 2]:.2f} ms, p99 {spent[len(spent) * 99 // 100]:.2f} ms"
        )
        verdicts.judge(f"{name} proof, p99 in ms", spent[len(spent) * 99 // 100], MOST_PROOF_MS, least=False)


def _grow(store: Any, leaves: int) -> None:
    """Lay the tiles of a log whose entries are their own numbers; only the last bundle of entries is needed."""
    from veche.commons.journal.ports import EQUIPMENT
    from veche.commons.journal.rules import notes, tree
    from veche.commons.journal.rules.notes import Checkpoint
    from veche.commons.journal.rules.tiles import WIDTH, Tile, bundled, nodes, unpacked
    from veche.commons.journal.services import verifier
    from veche.commons.journal.terms import LATEST

    begun = time.perf_counter()
    level, hashes = 0, [tree.leaf_hash(b"%d" % n) for n in range(leaves)]
    while hashes:
        above = []
        for index in range(-(-len(hashes) // WIDTH)):
            some = hashes[index * WIDTH : (index + 1) * WIDTH]
            store.lay(f"tile/{Tile(level, index).file}", b"".join(some))
            if len(some) == WIDTH:
                above.append(tree.joined(some))
        level, hashes = level + 1, above
    first = leaves // WIDTH * WIDTH
    store.lay(f"tile/{Tile(None, leaves // WIDTH).file}", bundled([b"%d" % n for n in range(first, leaves)]))
    root = tree.root(leaves, nodes(lambda tile: unpacked(store.read(f"tile/{tile.file}")), leaves))
    own = verifier()
    store.write(
        {LATEST: str(notes.signed(Checkpoint(own.name, leaves, root).text, own, EQUIPMENT.key)).encode()}
    )
    print(f"\n(laid {leaves:,} leaves in {time.perf_counter() - begun:.0f} s)")


class Counted:
    """The real folder, with the reads counted."""

    def __init__(self, root: Path) -> None:
        from veche.commons.journal.adapters.folder import FolderStore

        self._root, self._store, self.reads = root, FolderStore(root), 0
        self.write, self.alone = self._store.write, self._store.alone

    def read(self, path: str) -> bytes | None:
        """Read a file, and count it."""
        self.reads += 1
        return self._store.read(path)

    def lay(self, path: str, content: bytes) -> None:
        """Without the disk's confirmation: only for laying what was there before the run."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _make_tables() -> None:
    from benchmarks import plain
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in plain.TABLES:
            cursor.execute(statement)


if __name__ == "__main__":
    sys.exit(main())
