"""Logs in memory for the tests of witnesses: a key, leaves, checkpoints, proofs."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veche.commons.journal.rules import notes, tree, witnessing
from veche.commons.journal.rules.notes import COSIGNING, PLAIN, Checkpoint, Verifier


class Key:
    """A key that signs, as a log or as a witness."""

    def __init__(self, name: str, kind: int = PLAIN) -> None:
        self.name, self.private = name, Ed25519PrivateKey.generate()
        self.public = self.private.public_key().public_bytes_raw()
        self.verifier = Verifier(name, self.public, kind)

    def sign(self, data: bytes, /) -> bytes:
        return self.private.sign(data)


def a_witness_key(name: str = "paper.example.org/w") -> Key:
    return Key(name, COSIGNING)


class Log:
    """A log of numbered leaves; `turn` makes the leaves from there on others: a fork."""

    def __init__(self, origin: str = "town.example.org/journal", key: Key | None = None) -> None:
        self.key = key or Key(origin)
        self.leaves: list[bytes] = []

    def grow(self, size: int, word: str = "leaf") -> "Log":
        self.leaves += [tree.leaf_hash(f"{word} {n}".encode()) for n in range(len(self.leaves), size)]
        return self

    def fork(self) -> "Log":
        other = Log(key=self.key)
        other.leaves = list(self.leaves)
        return other

    def node(self, level: int, index: int) -> bytes:
        return tree.joined(self.leaves[index << level : (index + 1) << level])

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self.leaves) if size is None else size
        return Checkpoint(self.key.name, size, tree.root(size, self.node))

    def note(self, size: int | None = None, signer: Key | None = None) -> str:
        by = signer or self.key
        return str(notes.signed(self.checkpoint(size).text, by.verifier, by))

    def proof(self, old: int, size: int | None = None) -> Sequence[bytes]:
        return tree.consistency_proof(old, len(self.leaves) if size is None else size, self.node)

    def asks(self, old: int, size: int | None = None) -> bytes:
        """The body of add-checkpoint."""
        return witnessing.written(old, self.proof(old, size), self.note(size))
