"""What a witness does: it cosigns a checkpoint only when the log has grown from the last one it cosigned.

Pure: the state comes in, the answer goes out; who keeps the state must compare and store in one step.
Source: C2SP tlog-witness.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from veche.commons.journal.rules import notes, tree
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.tree import Hash

MOST_PROOF = 63
MOST_BYTES = 64 * 1024
SIZE_TYPE = "text/x.tlog.size"
_LARGEST = 2**63 - 1
_OLD = re.compile(r"old (0|[1-9]\d{0,18})")


class Kind(StrEnum):
    """Why a witness keeps a pair of notes: they prove a fork, or the log has not shown that it grew from the other."""

    FORK = "fork"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Submission:
    """What a log asks a witness: its checkpoint, and the proof that it grew from the one of `old` leaves."""

    old: int
    proof: tuple[Hash, ...]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness says: a status of HTTP, a size for 409, and whether the pair of notes is evidence."""

    status: HTTPStatus
    size: int | None = None
    evidence: Kind | None = None


def written(old: int, proof: Sequence[Hash], note: str) -> bytes:
    """The body of `add-checkpoint`.

    Units: old is leaves. Refuses: never.
    Source: C2SP tlog-witness, add-checkpoint.
    """
    lines = [f"old {old}", *map(notes.encoded, proof), "", note]
    return "\n".join(lines).encode()


def read(body: bytes) -> Submission:
    """Read the body of `add-checkpoint`.

    Refuses: never; raises ValueError when it is malformed.
    Source: C2SP tlog-witness, add-checkpoint.
    """
    if len(body) > MOST_BYTES:
        raise ValueError("the request is too large")
    head, separator, content = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if not separator or not old or len(lines) > MOST_PROOF:
        raise ValueError("the request has no old size, or too long a proof")
    note = Note.parse(content)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.size > _LARGEST:
        raise ValueError("no log is that large")
    if int(old[1]) > checkpoint.size:
        raise ValueError("the old size is larger than the checkpoint's")
    if int(old[1]) == 0 and lines:
        raise ValueError("nothing proves that a log grew from nothing")
    return Submission(int(old[1]), tuple(map(notes.hash_of, lines)), note, checkpoint)


def is_signed(note: Note, keys: Sequence[Verifier]) -> bool:
    """Whether one of the keys of a log has signed; signatures of others count for nothing.

    Refuses: never.
    Source: C2SP tlog-witness.
    """
    return bool(notes.cosigners(note, keys))


def decide(last: Checkpoint | None, keys: Sequence[Verifier], asked: Submission) -> Answer:
    """Say what to answer a log whose last cosigned checkpoint and keys are these; without keys it is unknown here.

    With the answer OK the checkpoint must be stored before the answer leaves.
    Refuses: never; a refusal is an answer too.
    Source: C2SP tlog-witness, add-checkpoint.
    """
    if not keys:
        return Answer(HTTPStatus.NOT_FOUND)
    if not is_signed(asked.note, keys):
        return Answer(HTTPStatus.FORBIDDEN)
    size, root = (last.size, last.root) if last else (0, tree.EMPTY_ROOT)
    new = asked.checkpoint
    forked = size == new.size and root != new.root
    if asked.old != size or forked:
        return Answer(HTTPStatus.CONFLICT, size, Kind.FORK if forked and last else None)
    if not tree.extends(size, root, new.size, new.root, asked.proof):
        return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, evidence=Kind.UNPROVEN)
    return Answer(HTTPStatus.OK)
