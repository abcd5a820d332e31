"""Tiles: how a log lies in files and behind addresses (C2SP tlog-tiles)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from veche.commons.journal.rules.tree import HASH_SIZE, Hash, joined

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = "entries"
LONGEST_ENTRY = 0xFFFF
_PATH = re.compile(r"(0|[1-9]\d?|entries)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
_HIGHEST = 63


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (None: the entries themselves), its index in the level, how many it holds."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its address below `tile/`; a tile that is not full says how much of it there is."""
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return self.file + part

    @property
    def file(self) -> str:
        """Its file below `tile/`: one, which grows until it is full."""
        level = ENTRIES if self.level is None else str(self.level)
        digits = str(self.index)
        groups = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [groups[at : at + 3] for at in range(0, len(groups), 3)]
        return "/".join((level, *(f"x{one}" for one in parts[:-1]), parts[-1]))

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Read an address below `tile/`; None when it is none."""
        found = _PATH.fullmatch(path)
        if not found:
            return None
        level, digits, width = found.groups()
        count = int(width) if width else WIDTH
        number = None if level == ENTRIES else int(level)
        if (width and count >= WIDTH) or (number is not None and number > _HIGHEST):
            return None
        tile = cls(number, int(digits.replace("x", "").replace("/", "")), count)
        return tile if tile.path == path else None


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes the tile `index` of a level holds in a log of `size` leaves.

    Units: leaves. Refuses: never.
    Source: C2SP tlog-tiles, Partial Tiles.
    """
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def touched(old: int, size: int) -> Iterator[Tile]:
    """The tiles of hashes that change when a log grows, lowest level first.

    Units: leaves. Refuses: never.
    Source: C2SP tlog-tiles.
    """
    level = 0
    while size >> HEIGHT * level:
        before, after = old >> HEIGHT * level, size >> HEIGHT * level
        for index in range(before >> HEIGHT, -(-after // WIDTH)):
            width = width_at(size, level, index)
            if width > width_at(old, level, index):
                yield Tile(level, index, width)
        level += 1


def nodes(tile: Callable[[Tile], Sequence[Hash]], size: int) -> Callable[[int, int], Hash]:
    """Answer for complete subtrees out of tiles, as `tree` asks for them.

    `tile` answers the hashes of a tile of a log of `size` leaves. Units: leaves. Refuses: never.
    Source: C2SP tlog-tiles.
    """

    def node(level: int, index: int) -> Hash:
        high, inner = divmod(level, HEIGHT)
        first, count = index << inner, 1 << inner
        at = first >> HEIGHT
        hashes = tile(Tile(high, at, width_at(size, high, at)))
        begin = first - at * WIDTH
        return joined(hashes[begin : begin + count])

    return node


def packed(hashes: Sequence[Hash]) -> bytes:
    """The bytes of a tile of hashes. Refuses: never."""
    return b"".join(hashes)


def unpacked(content: bytes) -> list[Hash]:
    """The hashes of a tile. Refuses: never."""
    return [content[at : at + HASH_SIZE] for at in range(0, len(content), HASH_SIZE)]


def bundled(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle of entries, each after its length.

    Refuses: never; an entry longer than 65,535 bytes raises ValueError.
    Source: C2SP tlog-tiles, Log entries.
    """
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError("an entry is too long for the log")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundled(content: bytes, most: int = WIDTH) -> list[bytes]:
    """The first entries of a bundle, at most so many.

    Refuses: never; what is cut off in the middle raises ValueError.
    Source: C2SP tlog-tiles, Log entries.
    """
    found: list[bytes] = []
    at = 0
    while at < len(content) and len(found) < most:
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        if end > len(content):
            raise ValueError("the bundle is cut off")
        found.append(content[at + 2 : end])
        at = end
    return found
