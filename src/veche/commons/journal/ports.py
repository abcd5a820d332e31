"""What the log needs of the outside: somewhere to lie, and keys that can be destroyed."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Protocol
from uuid import UUID

from veche.commons.journal.terms import NO_WITNESSES, WitnessPolicy, WitnessReply


class TileStore(Hashable, Protocol):
    """Where tiles and checkpoints lie. What `write` has answered survives a crash of the machine."""

    def read(self, path: str) -> bytes | None:
        """The content of a file; None when it is not there."""
        ...

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, each whole or not at all; durable once this returns.

        Refuses: never; raises OSError when the disk does.
        """
        ...

    def alone(self, *, patience_s: float = 0) -> AbstractContextManager[bool]:
        """Hold the place against every other writer, here and in other processes; False when somebody else has it."""
        ...


class KeyRing(Protocol):
    """One key of 32 bytes per person. Where keys lie is never where their data lie."""

    def keys_of(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys of people; who has none gets one, unless it was destroyed before: then it is missing here."""
        ...

    def key_of(self, owner: UUID) -> bytes | None:
        """The same for one person, who may be asked for often; None where the key was destroyed."""
        ...

    def known_keys(self, owners: Iterable[UUID]) -> dict[UUID, bytes]:
        """The keys that are there, and no new ones."""
        ...

    def destroy(self, owner: UUID) -> bool:
        """Destroy a key for good and never make another for this person; answers whether there was one."""
        ...


class LogKey(Protocol):
    """The key a log signs with."""

    @property
    def name(self) -> str:
        """The name it signs with; the log's own is the first line of its checkpoints."""
        ...

    @property
    def public(self) -> bytes:
        """Its public half: 32 bytes."""
        ...

    def sign(self, data: bytes, /) -> bytes:
        """Sign bytes with Ed25519."""
        ...


class WitnessLine(Protocol):
    """The way to a witness."""

    def add_checkpoint(self, url: str, body: bytes) -> WitnessReply | None:
        """Ask a witness at its address to cosign; None when no whole answer came in time.

        Refuses: never; it ends within a few seconds whatever the other side does.
        """
        ...


class Unreachable(Exception):  # noqa: N818 - a state of the world and no mistake of the program
    """A deployment does not answer, or not as one does; the text is one sentence without its end."""


class Broken(Unreachable):
    """A deployment answers, but fails over this one address: what it should show there cannot be shown."""


class Deployment(Protocol):
    """A house as everybody sees it from outside, read by its addresses."""

    def get(self, path: str, *, most: int) -> bytes | None:
        """The content of an address below the house's own, like `/journal/checkpoint`; None when there is none.

        Units: most is bytes. Refuses: never; raises `Unreachable` when no answer comes, or a larger one, and its kind
        `Broken` when the deployment fails over this address.
        """
        ...


class Equipment:
    """What this process works with; each is made when it is first asked for, so looking around writes nothing.

    `delay_s` is how long a fact may wait for its place in the log, in seconds; `witnesses` whom the cities named.
    """

    make_store: Callable[[], TileStore]
    make_ring: Callable[[], KeyRing]
    make_key: Callable[[], LogKey]
    make_line: Callable[[], WitnessLine]
    delay_s: int
    witnesses: Callable[[], WitnessPolicy] = staticmethod(lambda: NO_WITNESSES)

    @cached_property
    def store(self) -> TileStore:
        """Where the log lies."""
        return self.make_store()

    @cached_property
    def ring(self) -> KeyRing:
        """The keys of people."""
        return self.make_ring()

    @cached_property
    def line(self) -> WitnessLine:
        """The way to the witnesses."""
        return self.make_line()

    @cached_property
    def key(self) -> LogKey:
        """The key the log signs with."""
        return self.make_key()


EQUIPMENT = Equipment()
