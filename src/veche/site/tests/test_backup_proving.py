"""The tiles of a restored log are held against what its entries make of them, at every level and at its ragged edge."""

import pytest

from veche.commons.journal.rules import tree
from veche.commons.journal.rules.tiles import WIDTH, Tile, bundled, nodes, packed
from veche.site.backup.proving import _Tiles
from veche.site.backup.terms import Damaged

BEYOND = 100  # leaves the database knows and the checkpoint does not


def entries_of(size):
    return [b"%d" % number for number in range(size + BEYOND)]


def laid(folder, size):
    """A log as the sequencer would have left it, made another way: level by level."""
    entries, level = entries_of(size), 0
    for index in range(0, size, WIDTH):
        put(folder, Tile(None, index // WIDTH), bundled(entries[index : index + WIDTH]))
    hashes = [tree.leaf_hash(entry) for entry in entries[:size]]
    while hashes:
        groups = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        for index, group in enumerate(groups):
            put(folder, Tile(level, index), packed(group))
        hashes, level = [tree.joined(group) for group in groups if len(group) == WIDTH], level + 1


def put(folder, tile, content):
    path = folder / "tile" / tile.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def root_by_definition(hashes):
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return tree.node_hash(root_by_definition(hashes[:half]), root_by_definition(hashes[half:]))


def proved(folder, size):
    tiles, entries = _Tiles(folder, size), entries_of(size)
    for at in range(0, len(entries), WIDTH):
        tiles.compare(entries[at : at + WIDTH])
    tiles.finish()
    return tree.root(size, nodes(tiles.hashes, size))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_536, 65_836])
def test_a_whole_log_has_the_root_of_its_leaves_and_one_wrong_octet_shows(tmp_path, size):
    laid(tmp_path, size)
    leaves = [tree.leaf_hash(entry) for entry in entries_of(size)[:size]]
    assert proved(tmp_path, size) == root_by_definition(leaves)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    higher = [path for path in files if path.relative_to(tmp_path).parts[1] in {"1", "2"}]
    for path in {files[0], files[-1], *higher[:3]}:
        whole = path.read_bytes()
        # The third octet: of a hash, or of the first entry behind its length.
        path.write_bytes(whole[:2] + bytes((whole[2] ^ 1,)) + whole[3:])
        with pytest.raises(Damaged, match="is not what was logged"):
            proved(tmp_path, size)
        path.write_bytes(whole)
