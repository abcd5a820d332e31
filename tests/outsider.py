"""Somebody outside who reads a log from its files as they are published, and remembers every state of it."""

from functools import cache
from pathlib import Path

from veche.commons.journal.rules import tree
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.tiles import WIDTH, Tile, nodes, unbundled, unpacked


class Outsider:
    """Verifies the published checkpoint against the tiles, and that each is a continuation of those before."""

    def __init__(self, folder: Path, key: Verifier) -> None:
        self._folder, self._key = folder, key
        self.seen: dict[int, bytes] = {}

    def look(self, *, after_a_blackout: bool = False) -> int:
        """Verify what is published now; answers its size, -1 before there is anything.

        After a blackout it may be an earlier state again, until the log goes on; never one that nobody had seen.
        """
        path = self._folder / "checkpoint"
        if not path.exists():
            assert after_a_blackout or not self.seen, "the checkpoint is gone"
            return -1
        note = Note.parse(path.read_text())
        assert note.signed_by(self._key), "nobody signed the checkpoint"
        checkpoint = Checkpoint.parse(note.text)
        if self.seen.get(checkpoint.size) == checkpoint.root:
            return checkpoint.size
        assert not after_a_blackout or not self.seen, "nobody had seen this"
        self._verify(checkpoint)
        assert checkpoint.size >= max(self.seen, default=0), "the log became shorter"
        self.seen[checkpoint.size] = checkpoint.root
        return checkpoint.size

    def entries(self, size: int) -> list[bytes]:
        """The first entries of the log."""
        found: list[bytes] = []
        for index in range(-(-size // WIDTH)):
            found += unbundled(
                (self._folder / "tile" / Tile(None, index).file).read_bytes(), size - index * WIDTH
            )
        return found

    def _verify(self, checkpoint: Checkpoint) -> None:
        size = checkpoint.size
        node = nodes(cache(self._tile), size)
        assert tree.root(size, node) == checkpoint.root, "the tiles have another root"
        hashes = [tree.leaf_hash(entry) for entry in self.entries(size)]
        assert len(hashes) == size, "entries are missing"
        for at in range(size):
            assert hashes[at] == node(0, at), "an entry is not its leaf"
        for old, root in self.seen.items():
            assert tree.root(old, nodes(cache(self._tile), old)) == root, (
                "what was published before is not the beginning"
            )
            assert tree.extends(old, root, size, checkpoint.root, tree.consistency_proof(old, size, node))

    def _tile(self, tile: Tile) -> list[bytes]:
        content = (self._folder / "tile" / tile.file).read_bytes()
        assert len(content) >= tile.width * tree.HASH_SIZE, "a tile is torn"
        return unpacked(content[: tile.width * tree.HASH_SIZE])
