"""The Merkle tree of RFC 6962: hashes, proofs, and their verification."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Hash = bytes
# The hash of the complete subtree of 2**level leaves that is the `index`-th of its kind.
Node = Callable[[int, int], Hash]
HASH_SIZE = 32
EMPTY_ROOT: Hash = sha256(b"").digest()


def leaf_hash(entry: bytes) -> Hash:
    """The hash of an entry.

    Units: 32 bytes. Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The hash over two subtrees.

    Units: 32 bytes each. Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    return sha256(b"\x01" + left + right).digest()


def joined(hashes: Sequence[Hash]) -> Hash:
    """The root over the hashes of neighbours, of which there are 1, 2, 4, 8 ...

    Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def root(size: int, node: Node) -> Hash:
    """The root of the tree of the first `size` leaves.

    Units: leaves. Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    return range_hash(0, size, node) if size else EMPTY_ROOT


def range_hash(start: int, end: int, node: Node) -> Hash:
    """The hash of the leaves from `start` to before `end`, as it stands in a tree; `start` is where a subtree begins.

    Units: leaves. Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    parts = [node(level, index) for level, index in complete(start, end)]
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def complete(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees, largest first, of which a range is made: each as its level and its index.

    Units: leaves. Refuses: never.
    Source: RFC 6962, section 2.1.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def inclusion_proof(index: int, size: int, node: Node) -> list[Hash]:
    """What proves that the leaf `index` stands in the tree of `size` leaves, from its neighbour up.

    Units: leaves. Refuses: never; raises ValueError when there is no such leaf.
    Source: RFC 6962, section 2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} does not stand in a tree of {size}")
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, node: Node) -> list[Hash]:
    """What proves that the tree of `old` leaves is the beginning of the tree of `size` leaves.

    Units: leaves. Refuses: never; raises ValueError when `old` is the larger one.
    Source: RFC 6962, section 2.1.2.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} is not the beginning of one of {size}")
    if old in {0, size}:
        return []
    start, end, whole, proof = 0, size, True, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start, whole = middle, False
    return ([] if whole else [range_hash(start, end, node)]) + proof[::-1]


def includes(leaf: Hash, index: int, size: int, proof: Sequence[Hash], expected: Hash) -> bool:
    """Whether a proof shows that a leaf stands at `index` of the tree of `size` leaves with this root.

    Units: leaves. Refuses: never.
    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or any(len(one) != HASH_SIZE for one in (leaf, *proof)):
        return False
    inner, last, found = index, size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return False
        if inner & 1 or inner == last:
            found = node_hash(neighbour, found)
            while not inner & 1 and inner:
                inner, last = inner >> 1, last >> 1
        else:
            found = node_hash(found, neighbour)
        inner, last = inner >> 1, last >> 1
    return last == 0 and found == expected


def extends(old: int, old_root: Hash, size: int, new_root: Hash, proof: Sequence[Hash]) -> bool:
    """Whether a proof shows that one tree is the beginning of another.

    Units: leaves. Refuses: never.
    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= size or any(len(one) != HASH_SIZE for one in proof):
        return False
    if old == size:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    return _climbs(old, old_root, size, new_root, path)


def _climbs(old: int, old_root: Hash, size: int, new_root: Hash, path: Sequence[Hash]) -> bool:
    inner, last = old - 1, size - 1
    while inner & 1:
        inner, last = inner >> 1, last >> 1
    first = second = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return False
        if inner & 1 or inner == last:
            first, second = node_hash(neighbour, first), node_hash(neighbour, second)
            while not inner & 1 and inner:
                inner, last = inner >> 1, last >> 1
        else:
            second = node_hash(second, neighbour)
        inner, last = inner >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return int(1 << (width - 1).bit_length() - 1)
