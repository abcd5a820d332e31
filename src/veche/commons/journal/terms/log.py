"""The log: its files, its state, and what proves a fact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

# Files of the log beside its tiles: the newest checkpoint, the one the public sees, what stops the sequencer.
LATEST, PUBLISHED, TROUBLE = "latest", "checkpoint", "trouble"
# And how the witnesses stand.
WITNESSED = "witnessed"


@dataclass(frozen=True, slots=True)
class SequencerState:
    """How the log stands: facts that wait for a place, since when the oldest does, its size, what stops it.

    `refused_by` names witnesses that say they have seen another log of ours.
    """

    waiting: int
    oldest_at: datetime | None
    size: int
    trouble: str = ""
    refused_by: tuple[str, ...] = ()


class Standstill(Exception):  # noqa: N818 - a state of the log and no mistake of the program
    """The log must not grow: what is kept is not what was acknowledged or published. `code` says what."""

    def __init__(self, code: str, about: object = "") -> None:
        """`about` names a fact or a tile."""
        super().__init__(f"{code} {about}".strip())
        self.code = code


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves one fact. Without a `position` it is not in the log yet, and the promise counts.

    `entry` is its entry in the log; `promise` and `checkpoint` are signed notes; `key` is the log's verifier key.
    """

    code: str
    fact_id: UUID
    origin: str
    key: str
    entry: bytes
    leaf_hash: bytes
    promise: str
    position: int | None = None
    proof: tuple[bytes, ...] = ()
    checkpoint: str = ""


class PromiseView(NamedTuple):
    """What is handed out at once when an act is acknowledged; `note` is the signed promise."""

    code: str
    fact_id: UUID
    leaf_hash: bytes
    note: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one private field: its salt, and the value that was committed to."""

    salt: bytes
    value: Any
