"""The log itself: who signed it, whether it only grew, and whether its lines come out at its root."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from veche.commons.journal.rules import tree
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.tiles import HEIGHT, WIDTH, Tile, nodes, width_at
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.rules.verifying.findings import Finding, noted, proven, told, wrong
from veche.commons.journal.rules.verifying.memory import Memory
from veche.commons.journal.rules.verifying.remote import About, Absent, RemoteTiles

Visit = Callable[[int, bytes, Hash], None]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who must have signed beside the log: names with keys, and how many of them."""

    witnesses: tuple[tuple[str, Verifier], ...]
    needed: int


def check_identity(said: About, memory: Memory) -> list[Finding]:
    """Whether the log is who it was when it was seen first.

    Refuses: never.
    """
    since, found = told(memory.first_at), []
    if said.origin != memory.key.name:
        found.append(wrong("about.origin-changed", since=since, old=memory.key.name, new=said.origin))
    if said.key.key != memory.key.key:
        found.append(wrong("about.key-changed", since=since, old=memory.key, new=said.key))
    before, after = {str(one) for one in memory.witnesses}, {str(key) for _, key in said.witnesses}
    if before != after or said.needed < memory.needed:
        gone, added = (", ".join(sorted(one)) or "-" for one in (before - after, after - before))
        found.append(wrong("about.witnesses-changed", since=since, gone=gone, added=added))
    return found


def check_checkpoint(text: str | None, key: Verifier) -> tuple[Checkpoint | None, Note | None, list[Finding]]:
    """The checkpoint, when it is signed by the key and is of the key's log.

    Refuses: never.
    Source: C2SP tlog-checkpoint.
    """
    if text is None:
        return None, None, [wrong("checkpoint.missing")]
    try:
        note = Note.parse(text)
        found = Checkpoint.parse(note.text)
    except ValueError as error:
        return None, None, [wrong("checkpoint.unreadable", why=error)]
    try:
        signed = note.signed_by(key) is not None
    except ValueError:
        signed = False
    if not signed:
        return None, note, [wrong("checkpoint.unsigned", key=key, evidence=(text,))]
    if found.origin != key.name:
        return (
            None,
            note,
            [wrong("checkpoint.foreign", found=found.origin, expected=key.name, evidence=(text,))],
        )
    return found, note, [proven("checkpoint.signed", origin=found.origin, size=found.size)]


def check_witnesses(note: Note, watch: Watch) -> list[Finding]:
    """Which witnesses have signed, which have not, and whether there are enough of them.

    Refuses: never.
    Source: C2SP tlog-cosignature.
    """
    signed, found = [], []
    for name, key in watch.witnesses:
        try:
            if note.signed_by(key):
                signed.append(name)
            else:
                found.append(noted("witness.missing", name=name))
        except ValueError:
            found.append(wrong("witness.false", name=name, evidence=(str(note),)))
    if signed:
        found.append(proven("witnesses.signed", names=", ".join(signed)))
    if len(signed) < watch.needed:
        found.append(wrong("witnesses.few", needed=watch.needed, found=len(signed)))
    return found


def check_growth(memory: Memory, now: Checkpoint, note: str, tiles: RemoteTiles) -> list[Finding]:
    """Whether the log that was seen before is the beginning of the one that is shown now.

    Refuses: never.
    Source: RFC 6962, section 2.1.2.
    """
    old, since, evidence = memory.checkpoint, told(memory.seen_at), (memory.note, note)
    if now.size < old.size:
        gone = old.size - now.size
        return [wrong("log.shrunk", since=since, old=old.size, new=now.size, gone=gone, evidence=evidence)]
    if now.size == old.size and now.root != old.root:
        return [wrong("log.forked", since=since, size=now.size, evidence=evidence)]
    try:
        proof = tree.consistency_proof(old.size, now.size, nodes(tiles.hashes, now.size))
    except Absent as gone_file:
        return [wrong("tile.missing", path=gone_file.path, what=f"that the first {old.size} lines are there")]
    if not tree.extends(old.size, old.root, now.size, now.root, proof):
        return [wrong("log.rewritten", since=since, old=old.size, new=now.size, evidence=evidence)]
    return [proven("log.extends", since=since, old=old.size, added=now.size - old.size)]


def check_lines(
    checkpoint: Checkpoint, tiles: RemoteTiles, *, start: int, visit: Visit, progress: Progress
) -> list[Finding]:
    """Read the lines from the bundle of `start` on, and compare them with every hash above them, up to the root.

    `visit` is given each line with its hash. Units: lines. Refuses: never.
    Source: RFC 6962, section 2.1; C2SP tlog-tiles.
    """
    first = start // WIDTH
    found: list[Finding] = []
    try:
        peaks = _Peaks.over(first * WIDTH, tiles)
    except Absent as gone:
        found.append(wrong("tile.missing", path=gone.path, what="the root"))
        peaks = None
    levels = _Levels(tiles, first)
    read = 0
    for index in range(first, -(-checkpoint.size // WIDTH)):
        progress("lines", index * WIDTH, checkpoint.size)
        try:
            entries = tiles.entries(index)
        except Absent as gone:
            last = index * WIDTH + width_at(checkpoint.size, 0, index)
            found.append(wrong("tile.missing", path=gone.path, what=f"lines {index * WIDTH + 1} to {last}"))
            peaks, levels.broken = None, True
            continue
        hashes = [tree.leaf_hash(entry) for entry in entries]
        found += levels.compared(index, hashes)
        for at, (entry, leaf) in enumerate(zip(entries, hashes, strict=True)):
            visit(index * WIDTH + at, entry, leaf)
            if peaks is not None:
                peaks.push(leaf)
        read += len(entries)
    found += levels.rest()
    if peaks is not None and peaks.root() != checkpoint.root:
        found.append(wrong("log.root-differs"))
    if not found:
        found.append(proven("log.whole", count=read))
    return found


class _Peaks:
    """The complete subtrees to the left of where we are: all that a root needs."""

    def __init__(self, parts: Sequence[tuple[int, Hash]]) -> None:
        self._parts = list(parts)

    @classmethod
    def over(cls, size: int, tiles: RemoteTiles) -> "_Peaks":
        """The subtrees of the lines that are not read again; raises `Absent`."""
        node = nodes(tiles.hashes, tiles.size)
        return cls([(level, node(level, index)) for level, index in tree.complete(0, size)])

    def push(self, leaf: Hash) -> None:
        """One more line."""
        level = 0
        while self._parts and self._parts[-1][0] == level:
            leaf = tree.node_hash(self._parts.pop()[1], leaf)
            level += 1
        self._parts.append((level, leaf))

    def root(self) -> Hash:
        """The root of all lines."""
        if not self._parts:
            return tree.EMPTY_ROOT
        found = self._parts[-1][1]
        for _, left in self._parts[-2::-1]:
            found = tree.node_hash(left, found)
        return found


class _Levels:
    """The hashes above the lines as they must be, beside those that are served."""

    def __init__(self, tiles: RemoteTiles, first: int) -> None:
        self.broken = False
        self._tiles = tiles
        self._begun = first > 0
        self._pending: dict[int, list[Hash]] = {}

    def compared(self, index: int, hashes: Sequence[Hash]) -> Iterator[Finding]:
        """What is wrong with the tile above a bundle, and with those that it fills."""
        yield from self._tile(Tile(0, index, len(hashes)), hashes)
        if len(hashes) < WIDTH or self._begun or self.broken:
            return
        level, full = 1, tree.joined(hashes)
        while True:
            row = self._pending.setdefault(level, [])
            row.append(full)
            count = index + 1 >> HEIGHT * (level - 1)
            if len(row) < WIDTH:
                return
            self._pending[level] = []
            yield from self._tile(Tile(level, (count >> HEIGHT) - 1, WIDTH), row)
            level, full = level + 1, tree.joined(row)

    def rest(self) -> Iterator[Finding]:
        """What is wrong with the upper tiles that are not full."""
        if self._begun or self.broken:
            return
        for level, row in self._pending.items():
            if row:
                count = self._tiles.size >> HEIGHT * level
                yield from self._tile(Tile(level, count >> HEIGHT, len(row)), row)

    def _tile(self, tile: Tile, expected: Sequence[Hash]) -> Iterator[Finding]:
        path = f"/journal/tile/{tile.path}"
        try:
            served = self._tiles.hashes(tile)
        except Absent:
            yield wrong("tile.missing", path=path, what="the proofs above them")
            return
        if tile.level:
            if list(served) != list(expected):
                yield wrong("tile.altered", path=path)
            return
        differing = [at for at, pair in enumerate(zip(served, expected, strict=True)) if pair[0] != pair[1]]
        for at in differing:
            yield wrong("entry.altered", line=tile.index * WIDTH + at + 1)


def partly() -> Finding:
    """That only proofs were asked for. Refuses: never."""
    return noted("log.partly")
