"""`python benchmarks/journal.py`: what the log costs beside plain inserts, measured in the same run.

Filing with the journal and without takes turns on one durable SQLite file; the sequencer works on real files with every
fsync; the tree of ten million leaves lies in real tiles. `--leaves` chooses another size of the tree.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

MOST_FILING, LEAST_SEQUENCED, MOST_PROOF_MS, MOST_FILES = 1.15, 5_000, 20.0, 40
_TURNS, _EACH = 60, 32
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
        _filing(verdicts)
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


def _filing(verdicts: Any) -> None:
    """Whole filings, with the log and with nothing but the row and the outbox, in turns."""
    from veche.commons.journal import queries, services
    from veche.site import server

    file = _a_filing()
    ways: dict[str, tuple[Callable[..., Any], ...]] = {
        "with the log": (services.record, queries.promise_for, queries.promise_of),
        "plain rows": (_plain, _none, _none),
        "no fact at all": (_none, _none, _none),
    }
    server.warm_up()  # as a real worker begins, its collector included
    spent: dict[str, list[float]] = {name: [] for name in ways}
    chance, order = random.Random(7), list(ways)
    for turn in range(1 + _TURNS):
        # Short turns in no order: a shared machine is now quicker and now slower.
        chance.shuffle(order)
        for name in order:
            services.record, queries.promise_for, queries.promise_of = ways[name]
            for at in range(_EACH):
                begun = time.perf_counter()
                file()
                if turn and at >= _EACH // 4:  # what comes first in a turn only warms up
                    spent[name].append(time.perf_counter() - begun)
    services.record, queries.promise_for, queries.promise_of = ways["with the log"]
    print(f"\nFiling, microseconds ({_TURNS * _EACH:,} of each)")
    found = {name: _middle(values) * 1e6 for name, values in spent.items()}
    ours = found["with the log"]
    for name, value in found.items():
        print(f"  {name:<22}{value:>9.0f}{ours / value:>8.2f}")
    ratio = ours / found["plain rows"]
    verdicts.judge("filing with the log, beside plain rows", ratio, MOST_FILING, least=False)


def _middle(values: list[float]) -> float:
    """The mean without the quickest tenth and the slowest fifth: those waited for the disk or for another's turn."""
    some = sorted(values)[len(values) // 10 : -len(values) // 5]
    return statistics.mean(some)


def _a_filing() -> Callable[[], Any]:
    from benchmarks import workloads
    from django.test import Client
    from django.utils import timezone

    from veche.commons.places import queries as places
    from veche.kernel.pack import read_pack
    from veche.site import packs

    packs.load_pack(read_pack(packs.find("perm")), now=timezone.now())
    places.forget()
    cookie = workloads._session()  # noqa: SLF001 - the same reader as in `make bench`
    client = Client(SERVER_NAME="localhost")
    client.cookies.load(cookie)
    headers = workloads._csrf(cookie)  # noqa: SLF001

    def file() -> None:
        body = workloads._body()  # noqa: SLF001
        answer = client.post(
            "/api/v1/perm/reports",
            body,
            content_type="application/json",
            headers={**headers, "Idempotency-Key": json.loads(body)["id"]},
        )
        assert answer.status_code == 201, answer.content

    return file


def _plain(fact: Any, **_private: Any) -> Any:
    """The row of the public list and that of the outbox, without anything of the log."""
    from django.db import connections

    from veche.kernel.ids import new_id

    connection, fact_id = connections["default"], new_id()
    moment = connection.ops.adapt_datetimefield_value
    statement = _ROW
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            (fact_id.hex, fact.kind, fact.ref.kind, fact.ref.id.hex, fact.city_id.hex, moment(fact.at),
             json.dumps(fact.body(), ensure_ascii=False)),
        )  # fmt: skip
        cursor.execute("INSERT INTO bench_outbox VALUES (%s, %s, 0, '')", (fact_id.hex, moment(fact.at)))
    return None


# The rows and indexes of facts and outbox as they are without a log: no hash, no seal, no trigger that stands in line.
_ROW = f"INSERT INTO bench_factrow VALUES ({', '.join(['%s'] * 7)})"
_TABLES = (
    """CREATE TABLE bench_factrow (id char(32) NOT NULL PRIMARY KEY, kind varchar(60) NOT NULL,
    subject_kind varchar(40) NOT NULL, subject_id char(32) NOT NULL, city_id char(32), at datetime NOT NULL,
    body text NOT NULL CHECK (json_valid(body)))""",
    "CREATE INDEX bench_city ON bench_factrow (city_id, id)",
    "CREATE INDEX bench_kind ON bench_factrow (kind, id)",
    "CREATE INDEX bench_subject ON bench_factrow (subject_id, id)",
    """CREATE TABLE bench_outbox (fact_id char(32) NOT NULL PRIMARY KEY REFERENCES bench_factrow (id) DEFERRABLE
    INITIALLY DEFERRED, due_at datetime NOT NULL, attempts smallint NOT NULL, error text NOT NULL)""",
)


def _none(*_: Any, **_private: Any) -> Any:
    return None


def _sequencer(verdicts: Any) -> None:
    """A backlog of facts: how fast they were written plainly, and how fast they enter the log."""
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
                cursor.executemany(_ROW, rows[at : at + 500])
        plain = _FACTS / (time.perf_counter() - begun)
    begun = time.perf_counter()
    _record_facts(_FACTS)
    recorded = _FACTS / (time.perf_counter() - begun)
    begun = time.perf_counter()
    while journal.sequence(now=timezone.now()):
        pass
    rate = _FACTS / (time.perf_counter() - begun)
    assert not Unsequenced.objects.exists()
    print(f"\nA backlog of {_FACTS:,} facts, per second")
    for name, value in (("plain inserts", plain), ("recorded", recorded), ("sequenced", rate)):
        print(f"  {name:<16}{value:>10,.0f}  {value / plain:>5.2f} of plain inserts")
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
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)


if __name__ == "__main__":
    sys.exit(main())
