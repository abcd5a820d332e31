"""What is read back is held against the checkpoint that the log's key has signed, leaf by leaf and tile by tile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NoReturn
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from veche.commons.journal import queries
from veche.commons.journal import services as journal
from veche.commons.journal.adapters.log_key import KeyFile
from veche.commons.journal.models import FactRow, Leaf
from veche.commons.journal.rules import tree
from veche.commons.journal.rules.leaves import leaf_of
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.tiles import WIDTH, Tile, nodes, packed, unbundled, unpacked, width_at
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.terms import JOURNAL, Restored
from veche.kernel.refs import SubjectRef
from veche.site.backup.terms import Damaged, Manifest
from veche.site.failure import Failure

LOG_KEY = "log.key"
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Proved:
    """How many leaves were computed anew, and the log that the checkpoint vouches for."""

    leaves: int
    checkpoint: Checkpoint


def prove(folder: Path, keys: Path, manifest: Manifest) -> Proved:
    """Compute every leaf anew from its fact, hold it against the tiles, and the root against the checkpoint.

    Leaves that came after the checkpoint are only computed: the log takes them up when it goes on.
    Refuses: Damaged when anything differs; a Failure when the keys are of another log.
    """
    checkpoint = _vouched(manifest.checkpoint, keys)
    tiles = _Tiles(folder, checkpoint.size)
    leaves = 0
    for entries in _bundles(_entries()):
        tiles.compare(entries)
        leaves += len(entries)
    if leaves != manifest.leaves or leaves < checkpoint.size:
        _damaged("entries of the log are missing")
    tiles.finish()
    for one in (checkpoint, *_shown(manifest, keys)):
        if one.size > checkpoint.size or tree.root(one.size, nodes(tiles.hashes, one.size)) != one.root:
            _damaged("the log does not have the root that was signed")
    return Proved(leaves, checkpoint)


def announce(proved: Proved, manifest: Manifest, *, now: datetime) -> None:
    """Record that the house was restored: everybody who follows the journal shall know."""
    ref = SubjectRef(JOURNAL, uuid5(NAMESPACE_URL, proved.checkpoint.origin))
    fact = Restored(
        ref=ref,
        at=now,
        size=proved.checkpoint.size,
        root=proved.checkpoint.root.hex(),
        made_at=manifest.moment,
    )
    with transaction.atomic():
        journal.record(fact)


def _vouched(text: str, keys: Path) -> Checkpoint:
    """The checkpoint, when the key among these keys has signed it; that of an empty log where none was signed yet."""
    if not text:
        return Checkpoint("", 0, tree.EMPTY_ROOT)
    file = keys / LOG_KEY
    if not file.is_file():
        raise Failure(
            "the key of the log is not here. Name the archive of the keys: --keys FILE. Nothing was changed."
        )
    key = KeyFile.at(file, "")
    try:
        note = Note.parse(text)
        checkpoint = Checkpoint.parse(note.text)
        signed = note.signed_by(Verifier(key.name, key.public))
    except ValueError:
        _damaged("its checkpoint is not what the log signed")
    if signed is None:
        raise Failure(
            "the keys are of another log: they did not sign this one's checkpoint. Nothing was changed."
        )
    return checkpoint


def _shown(manifest: Manifest, keys: Path) -> Iterator[Checkpoint]:
    """The checkpoint the public saw, which may be an earlier one: it waits for its witnesses."""
    if manifest.published:
        yield _vouched(manifest.published, keys)


def _entries() -> Iterator[bytes]:
    """The entry of each place of the log, made anew from its fact."""
    places = Leaf.objects.order_by("position").values_list("position", "fact_id", "leaf_hash")
    expected = 0
    rows = places.iterator(chunk_size=_BATCH)
    while some := list(islice(rows, _BATCH)):
        facts = FactRow.objects.in_bulk([fact_id for _, fact_id, _ in some])
        for position, fact_id, leaf_hash in some:
            if position != expected:
                _damaged("entries of the log are missing")
            yield _entry(fact_id, facts.get(fact_id), bytes(leaf_hash))
            expected += 1


def _entry(fact_id: UUID, row: FactRow | None, leaf_hash: Hash) -> bytes:
    entry = leaf_of(queries.leaf_fact(row)) if row else b""
    if row is None or not tree.leaf_hash(entry) == leaf_hash == bytes(row.leaf_hash):
        _damaged(f"the fact {fact_id} is not what was logged")
    return entry


def _bundles(entries: Iterator[bytes]) -> Iterator[list[bytes]]:
    while bundle := list(islice(entries, WIDTH)):
        yield bundle


class _Tiles:
    """The tiles of a log of `size` leaves in a folder, held against what is computed from the bottom up."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self._size = folder, size
        self._bundles = 0
        # What is known of the tile that is being filled at each level, and which one that is.
        self._open: list[list[Hash]] = []
        self._index: list[int] = []

    def compare(self, entries: Sequence[bytes]) -> None:
        """The next bundle of entries."""
        some = entries[: max(0, self._size - self._bundles * WIDTH)]
        if some:
            tile = Tile(None, self._bundles)
            try:
                held = unbundled(self._read(tile), len(some))
            except ValueError:
                held = []
            if held != list(some):
                _damaged(f"the tile {tile.file} is not what was logged")
            self._add(0, [tree.leaf_hash(entry) for entry in some])
        self._bundles += 1

    def finish(self) -> None:
        """The tiles at the right edge, which are not full."""
        for level, hashes in enumerate(self._open):
            if hashes:
                self._hold(level, hashes)

    def hashes(self, tile: Tile) -> Sequence[Hash]:
        """The hashes of a tile, as `nodes` asks for them."""
        return unpacked(self._read(tile)[: tile.width * tree.HASH_SIZE])

    def _add(self, level: int, hashes: Sequence[Hash]) -> None:
        if level == len(self._open):
            self._open.append([])
            self._index.append(0)
        self._open[level] += hashes
        if len(self._open[level]) == WIDTH:
            full, self._open[level] = self._open[level], []
            self._hold(level, full)
            self._index[level] += 1
            self._add(level + 1, [tree.joined(full)])

    def _hold(self, level: int, hashes: Sequence[Hash]) -> None:
        tile = Tile(level, self._index[level], width_at(self._size, level, self._index[level]))
        if len(hashes) != tile.width or packed(self.hashes(tile)) != packed(hashes):
            _damaged(f"the tile {tile.file} is not what was logged")

    def _read(self, tile: Tile) -> bytes:
        try:
            return (self._folder / "tile" / tile.file).read_bytes()
        except FileNotFoundError:
            _damaged(f"the tile {tile.file} is missing")


def _damaged(what: str) -> NoReturn:
    raise Damaged(f"the archive is damaged: {what}. Nothing was changed.")
