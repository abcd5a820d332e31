"""Reads of the log: its size, its tiles, proofs out of them, and how the sequencer stands."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max

from veche.commons.journal.models import FactRow, Leaf, Unsequenced
from veche.commons.journal.ports import EQUIPMENT, TileStore
from veche.commons.journal.queries.witnesses import witnesses
from veche.commons.journal.rules import tree
from veche.commons.journal.rules.leaves import LeafFact
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.rules.tiles import WIDTH, Tile, nodes, unbundled, unpacked
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.terms import PUBLISHED, TROUBLE, SequencerState, Standstill
from veche.kernel.ids import made_at
from veche.kernel.refs import SubjectRef

_KEPT_TILES = 128
_LEAF = ("id", "kind", "subject_kind", "subject_id", "city_id", "at", "body", "sealed", "leaf_hash")


def log_size() -> int:
    """How many facts have their place in the log."""
    last: int | None = Leaf.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def leaf_fact(row: FactRow) -> LeafFact:
    """A fact as its leaf is made of it."""
    ref = SubjectRef(row.subject_kind, row.subject_id)
    return LeafFact(row.id, row.kind, ref, row.city_id, row.at, row.body, row.sealed)


def leaf_facts(fact_ids: Iterable[UUID]) -> dict[UUID, tuple[LeafFact, bytes]]:
    """Facts as their leaves are made of them, each with the hash that was kept when it was acknowledged."""
    rows = FactRow.objects.filter(id__in=list(fact_ids)).values_list(*_LEAF)
    return {
        fact_id: (LeafFact(fact_id, kind, SubjectRef(about, subject), city, at, body, sealed), bytes(leaf))
        for fact_id, kind, about, subject, city, at, body, sealed, leaf in rows.iterator(chunk_size=1_000)
    }


def sequencer_state() -> SequencerState:
    """How many facts wait for their place in the log, since when, and what stops it; for the health page."""
    waiting = Unsequenced.objects.count()
    first = Unsequenced.objects.order_by("id").values_list("fact_id", flat=True).first() if waiting else None
    # A fact's id holds the moment at which it was written; its `at` may lie far back, in an import.
    oldest_at = made_at(first) if first else None
    trouble = EQUIPMENT.store.read(TROUBLE) or b""
    refused_by = tuple(one.name for one, state in witnesses() if state.alarm)
    return SequencerState(waiting, oldest_at, log_size(), trouble.decode(), refused_by)


def published() -> tuple[Checkpoint, Note] | None:
    """The checkpoint the public sees; None before there is one."""
    content = EQUIPMENT.store.read(PUBLISHED)
    if not content:
        return None
    note = Note.parse(content.decode())
    return Checkpoint.parse(note.text), note


def tile_content(tile: Tile, size: int) -> bytes | None:
    """The bytes of a tile as a log of `size` leaves has them; None when it has no such tile."""
    level = tile.level or 0
    if tile.width > min(WIDTH, (size >> 8 * level) - tile.index * WIDTH):
        return None
    content = EQUIPMENT.store.read(f"tile/{tile.file}")
    if content is None:
        return None
    if tile.level is not None:
        return content[: tile.width * tree.HASH_SIZE]
    at = 0
    for _ in range(tile.width):
        at += 2 + int.from_bytes(content[at : at + 2], "big")
    return content[:at]


def entry_at(position: int) -> bytes:
    """The entry at a place of the log.

    Refuses: never; raises `Standstill` when its tile is lost.
    """
    index, at = divmod(position, WIDTH)
    content = EQUIPMENT.store.read(f"tile/{Tile(None, index).file}")
    entries = unbundled(content or b"", at + 1)
    if len(entries) <= at:
        raise Standstill("journal.missing-tile")
    return entries[at]


def inclusion(position: int, size: int) -> list[Hash]:
    """What proves that a leaf stands in the log of `size` leaves, out of its tiles."""
    return tree.inclusion_proof(position, size, nodes(_hashes, size))


def consistency(old: int, size: int) -> list[Hash]:
    """What proves that the log of `old` leaves is the beginning of that of `size` leaves, out of its tiles."""
    return tree.consistency_proof(old, size, nodes(_hashes, size))


def _hashes(tile: Tile) -> Sequence[Hash]:
    if tile.width == WIDTH:
        return _full(EQUIPMENT.store, tile)
    return _read(EQUIPMENT.store, tile)


def _read(store: TileStore, tile: Tile) -> Sequence[Hash]:
    content = store.read(f"tile/{tile.file}")
    if content is None or len(content) < tile.width * tree.HASH_SIZE:
        raise Standstill("journal.missing-tile")
    return unpacked(content[: tile.width * tree.HASH_SIZE])


@lru_cache(maxsize=_KEPT_TILES)
def _full(store: Any, tile: Tile) -> Sequence[Hash]:
    """A full tile never changes again."""
    return _read(store, tile)
