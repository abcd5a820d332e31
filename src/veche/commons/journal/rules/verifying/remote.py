"""What a deployment says of its log, read as what a stranger says: nothing is believed before it is proven."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from veche.commons.journal.ports import Deployment, Unreachable
from veche.commons.journal.rules.notes import Verifier
from veche.commons.journal.rules.tiles import LONGEST_ENTRY, WIDTH, Tile, unbundled, unpacked, width_at
from veche.commons.journal.rules.tree import HASH_SIZE, Hash

ABOUT, CHECKPOINT, TILE = "/journal/about.json", "/journal/checkpoint", "/journal/tile/"
_LARGEST_TEXT = 1 << 20
_LARGEST_JSON = 1 << 26
_LARGEST_BUNDLE = WIDTH * (LONGEST_ENTRY + 2)
_KEPT = 64


class Absent(Exception):  # noqa: N818 - a state of the log and no mistake of the program
    """A file of the log is not there, or not whole; `path` names it."""

    def __init__(self, path: str) -> None:
        """`path` is its address below the deployment's own."""
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class About:
    """What a log says of itself. Units: delay_s is seconds."""

    key: Verifier
    delay_s: int
    needed: int
    witnesses: tuple[tuple[str, Verifier], ...]

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self.key.name


def about(deployment: Deployment) -> About:
    """What a deployment says of its log.

    Refuses: never; raises ValueError when it says nothing one can read, `Unreachable` when it does not answer.
    """
    content = deployment.get(ABOUT, most=_LARGEST_TEXT)
    if content is None:
        raise ValueError("there is none")
    try:
        said = json.loads(content)
        witnesses = tuple((str(one["name"]), Verifier.parse(one["key"])) for one in said["witnesses"])
        return About(
            Verifier.parse(said["key"]), int(said["merge_delay_s"]), int(said["witnesses_needed"]), witnesses
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it lacks what a verifier must know") from error


def checkpoint_text(deployment: Deployment) -> str | None:
    """The checkpoint as it is served; None when there is none.

    Refuses: never; raises ValueError when it is no text.
    """
    content = deployment.get(CHECKPOINT, most=_LARGEST_TEXT)
    return None if content is None else content.decode()


def json_at(deployment: Deployment, path: str) -> Any:
    """What an address answers in JSON; None when there is nothing.

    Refuses: never; raises `Unreachable` when it is no JSON.
    """
    content = deployment.get(path, most=_LARGEST_JSON)
    if content is None:
        return None
    try:
        return json.loads(content)
    except ValueError as error:
        raise Unreachable(f"{path} does not answer as a Veche deployment does") from error


class RemoteTiles:
    """The files of a log of `size` lines, of which the last ones are remembered."""

    def __init__(self, deployment: Deployment, size: int) -> None:
        """Nothing is fetched before it is asked for."""
        self.size = size
        self._deployment = deployment
        self._kept: OrderedDict[Tile, Sequence[Hash]] = OrderedDict()

    def hashes(self, tile: Tile) -> Sequence[Hash]:
        """The hashes of a tile; raises `Absent` when it is not there, or not whole."""
        if tile in self._kept:
            self._kept.move_to_end(tile)
            return self._kept[tile]
        content = self._content(tile, WIDTH * HASH_SIZE)
        if len(content) < tile.width * HASH_SIZE:
            raise Absent(f"{TILE}{tile.path}")
        found = unpacked(content[: tile.width * HASH_SIZE])
        self._kept[tile] = found
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def entries(self, index: int) -> list[bytes]:
        """The entries of a bundle; raises `Absent` when it is not there, or not whole."""
        tile = Tile(None, index, width_at(self.size, 0, index))
        try:
            found = unbundled(self._content(tile, _LARGEST_BUNDLE), tile.width)
        except ValueError as error:
            raise Absent(f"{TILE}{tile.path}") from error
        if len(found) < tile.width:
            raise Absent(f"{TILE}{tile.path}")
        return found

    def entry(self, position: int) -> bytes:
        """One entry; raises `Absent` when its bundle is not there."""
        index, at = divmod(position, WIDTH)
        return self.entries(index)[at]

    def _content(self, tile: Tile, most: int) -> bytes:
        content = self._deployment.get(f"{TILE}{tile.path}", most=most)
        if content is None and tile.width < WIDTH:
            # A log may take the beginning of a file away once the whole file is there.
            content = self._deployment.get(f"{TILE}{tile.file}", most=most)
        if content is None:
            raise Absent(f"{TILE}{tile.path}")
        return content
