"""The sequencer: gives facts their places in the log, makes tiles durable, and only then signs a checkpoint.

Only one works at a time. Whatever it is killed in, the next run goes on from the last checkpoint: the places were
settled in the database before, so the tiles come out the same.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from veche.commons.journal import queries
from veche.commons.journal.models import Leaf, Unsequenced
from veche.commons.journal.ports import EQUIPMENT, TileStore
from veche.commons.journal.queries.log import leaf_facts
from veche.commons.journal.rules import notes, tree
from veche.commons.journal.rules.leaves import LeafFact, leaf_of
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.rules.tiles import (
    WIDTH,
    Tile,
    bundled,
    nodes,
    packed,
    touched,
    unbundled,
    unpacked,
)
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.services import publishing
from veche.commons.journal.services.publishing import verifier
from veche.commons.journal.services.recording import record
from veche.commons.journal.terms import FACT, LATEST, TROUBLE, FactAltered, Standstill
from veche.kernel.refs import SubjectRef

BATCH = 2_000
_PLACES = 400
_LOCK = 0x7665636865  # "veche": the number of the advisory lock
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Growth:
    """The log as it will be: its size, its root, and the files that make it so."""

    size: int
    root: Hash
    files: dict[str, bytes]


def sequence(*, now: datetime, limit: int = BATCH) -> int:
    """Give at most `limit` facts their places and publish the log with them; answers how many.

    Units: now is UTC. Refuses: `Standstill` when what is kept is not what was acknowledged or published.
    """
    with _alone() as mine:
        if not mine:
            return 0
        try:
            placed = _place(now=now, limit=limit)
            _publish(placed)
        except Standstill as reason:
            EQUIPMENT.store.write({TROUBLE: str(reason).encode()})
            raise
        if EQUIPMENT.store.read(TROUBLE):
            EQUIPMENT.store.write({TROUBLE: b""})
        return len(placed)


def _place(*, now: datetime, limit: int) -> dict[int, bytes]:
    """Settle places in the database, some facts at a time: whoever files meanwhile waits a few milliseconds at most.

    Answers the entries by their places.
    """
    waiting = list(Unsequenced.objects.order_by("id").values_list("id", "fact_id")[:limit])
    placed: dict[int, bytes] = {}
    for at in range(0, len(waiting), _PLACES):
        some = waiting[at : at + _PLACES]
        known = leaf_facts(fact_id for _, fact_id in some)
        sound = [(fact_id, *found) for _, fact_id in some if (found := _sound(known.get(fact_id)))]
        with transaction.atomic():
            size = queries.log_size()
            _settle(size, sound)
            _leave(some)
            _announce({fact_id for _, fact_id in some} - {fact_id for fact_id, _, _ in sound}, now=now)
        placed |= {size + n: entry for n, (_, _, entry) in enumerate(sound)}
    return placed


def _leave(some: Sequence[tuple[int, UUID]]) -> None:
    # By both: a number that has become free is given again, and must not take whoever has it now out of the line.
    ids, facts = zip(*some, strict=True)
    Unsequenced.objects.filter(id__in=ids, fact_id__in=facts).delete()


def _settle(size: int, sound: Sequence[tuple[UUID, bytes, bytes]]) -> None:
    # By hand: the ORM makes of each place a statement's worth of work, and the writers of the town wait meanwhile.
    native = connection.features.has_native_uuid_field
    rows = [
        (size + n, fact_id if native else fact_id.hex, leaf) for n, (fact_id, leaf, _) in enumerate(sound)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO journal_leaf (position, fact_id, leaf_hash) VALUES (%s, %s, %s)", rows
        )


def _sound(known: tuple[LeafFact, bytes] | None) -> tuple[bytes, bytes] | None:
    """The hash and the entry of a fact, unless it is gone or is not what was acknowledged."""
    if known is None:
        return None
    entry = leaf_of(known[0])
    return (known[1], entry) if tree.leaf_hash(entry) == known[1] else None


def _announce(altered: Iterable[UUID], *, now: datetime) -> None:
    """A fact that is not what was acknowledged cannot enter the log; that this is so does."""
    for fact_id in altered:
        log.error("fact %s is not what was acknowledged", fact_id)
        record(FactAltered(ref=SubjectRef(FACT, fact_id), at=now))


def _publish(placed: Mapping[int, bytes]) -> None:
    store = EQUIPMENT.store
    before, size = latest(store), queries.log_size()
    if store.read(LATEST) is None:
        _signed(store, before, _Growth(0, before.root, {}))
    if before.size > size:
        raise Standstill("journal.behind")
    while before.size < size:
        growth = _grown(store, before, min(size, before.size + BATCH), placed)
        store.write(growth.files)
        before = _signed(store, before, growth)
    publishing.show_latest(store)


def latest(store: TileStore) -> Checkpoint:
    """The last checkpoint we signed ourselves; that of the empty log before there is one.

    Refuses: `Standstill` when the file is none of ours.
    """
    key = verifier()
    content = store.read(LATEST)
    if content is None:
        return Checkpoint(key.name, 0, tree.EMPTY_ROOT)
    try:
        note = Note.parse(content.decode())
        if note.signed_by(key):
            return Checkpoint.parse(note.text)
    except (ValueError, UnicodeDecodeError):
        pass
    raise Standstill("journal.foreign-checkpoint")


def _grown(store: TileStore, before: Checkpoint, size: int, placed: Mapping[int, bytes]) -> _Growth:
    """The files of a larger log; of what is there already only the right edge is read."""
    places = range(before.size, size)
    whole = all(place in placed for place in places)
    entries = [placed[place] for place in places] if whole else list(_entries(before.size, size))
    files = _bundles(store, before.size, entries)
    fresh: dict[tuple[int, int], list[Hash]] = {}
    hashes = [tree.leaf_hash(entry) for entry in entries]
    for tile in touched(before.size, size):
        assert tile.level is not None
        held = _held(store, Tile(tile.level, tile.index, WIDTH), before.size)
        fresh[tile.level, tile.index] = held + _added(tile, len(held), before.size, hashes, fresh)
        files[f"tile/{tile.file}"] = packed(fresh[tile.level, tile.index])

    def content(tile: Tile) -> Sequence[Hash]:
        assert tile.level is not None
        return fresh.get((tile.level, tile.index)) or _read(store, tile)

    return _Growth(size, tree.root(size, nodes(content, size)), files)


def _added(
    tile: Tile, held: int, old: int, hashes: Sequence[Hash], fresh: dict[tuple[int, int], list[Hash]]
) -> list[Hash]:
    """What a tile holds beyond what it held: leaves, or the roots of the tiles below that have become full."""
    first = tile.index * WIDTH
    if tile.level == 0:
        return list(hashes[first + held - old : first + tile.width - old])
    below = (tile.level or 0) - 1
    return [tree.joined(fresh[below, first + at]) for at in range(held, tile.width)]


def _held(store: TileStore, tile: Tile, size: int) -> list[Hash]:
    """What a tile holds of a log of that size; what a broken run left beyond it does not count."""
    assert tile.level is not None
    width = max(0, min(WIDTH, (size >> 8 * tile.level) - tile.index * WIDTH))
    return list(_read(store, Tile(tile.level, tile.index, width))) if width else []


def _read(store: TileStore, tile: Tile) -> Sequence[Hash]:
    content = store.read(f"tile/{tile.file}")
    if content is None or len(content) < tile.width * tree.HASH_SIZE:
        raise Standstill("journal.missing-tile")
    return unpacked(content[: tile.width * tree.HASH_SIZE])


def _bundles(store: TileStore, old: int, entries: Sequence[bytes]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    at = 0
    while at < len(entries):
        index, held = divmod(old + at, WIDTH)
        some = entries[at : at + WIDTH - held]
        path = f"tile/{Tile(None, index).file}"
        files[path] = (_bundle(store, path, held) if held else b"") + bundled(some)
        at += len(some)
    return files


def _bundle(store: TileStore, path: str, count: int) -> bytes:
    content = store.read(path)
    try:
        found = unbundled(content or b"", count)
    except ValueError:
        found = []
    if len(found) < count:
        raise Standstill("journal.missing-tile")
    return bundled(found)


def _entries(start: int, end: int) -> Iterator[bytes]:
    """The entries of the places from `start` to before `end`, made anew from the facts and compared."""
    places = Leaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
    leaves = list(places.values_list("fact_id", "leaf_hash"))
    known = leaf_facts(fact_id for fact_id, _ in leaves)
    if len(leaves) != end - start:
        raise Standstill("journal.missing-place")
    for fact_id, expected in leaves:
        found = _sound(known.get(fact_id))
        if found is None or found[0] != bytes(expected):
            raise Standstill("journal.altered-fact", fact_id)
        yield found[1]


def _signed(store: TileStore, before: Checkpoint, growth: _Growth) -> Checkpoint:
    """Recompute from what lies on the disk now, and sign only what comes out the same and begins as it began."""
    key = EQUIPMENT.key

    def content(tile: Tile) -> Sequence[Hash]:
        return _read(store, tile)

    old = nodes(content, before.size)
    if tree.root(growth.size, nodes(content, growth.size)) != growth.root:
        raise Standstill("journal.unsound-tiles")
    if tree.root(before.size, old) != before.root:
        raise Standstill("journal.unsound-tiles")
    checkpoint = Checkpoint(key.name, growth.size, growth.root)
    store.write({LATEST: str(notes.signed(checkpoint.text, verifier(), key)).encode()})
    return checkpoint


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is at it, here or on another machine."""
    with EQUIPMENT.store.alone() as mine:
        if not mine or connection.vendor != "postgresql":
            yield mine
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            held = bool(cursor.fetchone()[0])
            try:
                yield held
            finally:
                if held:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
