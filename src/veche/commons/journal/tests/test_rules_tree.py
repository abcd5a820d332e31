"""The tree: the vectors of certificate-transparency, proofs of every small tree, ten thousand broken ones refused."""

import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.journal.rules import tree
from veche.commons.journal.rules.tiles import WIDTH, Tile, nodes, packed, unpacked

# github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
ENTRIES = [
    bytes.fromhex(one)
    for one in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [  # place, size, path
    (0, 1, []),
    (0, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (5, 8, [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip
CONSISTENCY = [  # old size, size, path
    (1, 1, []),
    (1, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (6, 8, [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 5, [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip
PROOFS = 10_000


def of(entries):
    """Complete subtrees, computed from the entries alone."""

    @cache
    def node(level, index):
        if level == 0:
            return tree.leaf_hash(entries[index])
        return tree.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def plainly(entries):
    """RFC 6962, section 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return sha256(b"\1" + plainly(entries[:k]) + plainly(entries[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert tree.root(size, of(ENTRIES)).hex() == ROOTS[size - 1] == plainly(ENTRIES[:size]).hex()


def test_the_empty_log_has_the_hash_of_nothing():
    assert tree.root(0, of([])).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("place", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_those_of_certificate_transparency(place, size, path):
    proof = tree.inclusion_proof(place, size, of(ENTRIES))
    assert [one.hex() for one in proof] == path
    assert tree.includes(tree.leaf_hash(ENTRIES[place]), place, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "size", "path"), CONSISTENCY)
def test_consistency_proofs_are_those_of_certificate_transparency(old, size, path):
    proof = tree.consistency_proof(old, size, of(ENTRIES))
    assert [one.hex() for one in proof] == path
    assert tree.extends(old, bytes.fromhex(ROOTS[old - 1]), size, bytes.fromhex(ROOTS[size - 1]), proof)


def test_every_proof_of_every_small_tree_holds():
    entries = [bytes([n]) for n in range(70)]
    node = of(entries)
    roots = [plainly(entries[:size]) for size in range(71)]
    for size in range(71):
        assert tree.root(size, node) == roots[size]
        for at in range(size):
            proof = tree.inclusion_proof(at, size, node)
            assert tree.includes(tree.leaf_hash(entries[at]), at, size, proof, roots[size])
        for old in range(size + 1):
            assert tree.extends(old, roots[old], size, roots[size], tree.consistency_proof(old, size, node))


@given(st.integers(1, 900), st.data())
def test_a_proof_out_of_tiles_is_the_one_out_of_leaves(size, data):
    entries = [n.to_bytes(2, "big") for n in range(size)]
    node = of(entries)
    tiles = {}
    level = 0
    while size >> 8 * level:
        row = [node(8 * level, at) for at in range(size >> 8 * level)]
        for index in range(-(-len(row) // WIDTH)):
            tiles[level, index] = packed(row[index * WIDTH : (index + 1) * WIDTH])
        level += 1

    def content(tile: Tile):
        return unpacked(tiles[tile.level, tile.index][: tile.width * tree.HASH_SIZE])

    at, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    tiled = nodes(content, size)
    assert tree.inclusion_proof(at, size, tiled) == tree.inclusion_proof(at, size, node)
    assert tree.consistency_proof(old, size, tiled) == tree.consistency_proof(old, size, node)


def test_no_leaf_beyond_the_log_and_no_log_before_its_beginning():
    node = of(ENTRIES)
    for place, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="does not stand"):
            tree.inclusion_proof(place, size, node)
    with pytest.raises(ValueError, match="is not the beginning"):
        tree.consistency_proof(9, 8, node)


class Mutants:
    """Ten thousand true proofs of trees up to 5,000 leaves, and of each a twin in which one byte is another."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.entries = [self.rng.randbytes(self.rng.randrange(1, 40)) for _ in range(5000)]
        self.node = of(self.entries)
        self.root = cache(lambda size: tree.root(size, self.node))

    def changed(self, hashes):
        """The same hashes, one byte of one of them changed."""
        which, where = self.rng.randrange(len(hashes)), self.rng.randrange(tree.HASH_SIZE)
        one = bytearray(hashes[which])
        one[where] ^= self.rng.randrange(1, 256)
        return [*hashes[:which], bytes(one), *hashes[which + 1 :]]


def test_ten_thousand_inclusion_proofs_hold_and_their_mutants_do_not():
    some = Mutants(6962)
    for _ in range(PROOFS):
        size = some.rng.randrange(2, 5001)
        at = some.rng.randrange(size)
        leaf, proof = tree.leaf_hash(some.entries[at]), tree.inclusion_proof(at, size, some.node)
        assert tree.includes(leaf, at, size, proof, some.root(size))
        leaf_, *proof_, root_ = some.changed([leaf, *proof, some.root(size)])
        assert not tree.includes(leaf_, at, size, proof_, root_)


def test_ten_thousand_consistency_proofs_hold_and_their_mutants_do_not():
    some = Mutants(9162)
    for _ in range(PROOFS):
        size = some.rng.randrange(2, 5001)
        old = some.rng.randrange(1, size)
        proof = tree.consistency_proof(old, size, some.node)
        assert tree.extends(old, some.root(old), size, some.root(size), proof)
        old_, new_, *proof_ = some.changed([some.root(old), some.root(size), *proof])
        assert not tree.extends(old, old_, size, new_, proof_)


@given(st.integers(2, 300), st.data())
def test_a_proof_of_another_place_length_or_size_does_not_hold(size, data):
    entries = [bytes([n % 256, n // 256]) for n in range(size)]
    node = of(entries)
    at = data.draw(st.integers(0, size - 1))
    leaf, root, proof = (
        tree.leaf_hash(entries[at]),
        tree.root(size, node),
        tree.inclusion_proof(at, size, node),
    )
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != at))
    assert not tree.includes(leaf, other, size, proof, root)
    assert not tree.includes(leaf, at, size, proof[:-1], root)
    assert not tree.includes(leaf, at, size, [*proof, root], root)
    assert not tree.includes(leaf, size, size, proof, root)
    assert not tree.includes(leaf, at, size, [one[:-1] for one in proof], root)
    old = data.draw(st.integers(1, size - 1))
    path, old_root = tree.consistency_proof(old, size, node), tree.root(old, node)
    assert not tree.extends(old, old_root, size, root, path[:-1])
    assert not tree.extends(old, old_root, size, root, [*path, root])
    assert not tree.extends(size, root, old, old_root, path)
    assert not tree.extends(size, old_root, size, root, [])
    assert not tree.extends(0, root, size, root, [])
