"""How a log asks its witnesses: what to make of an answer, and when to ask again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import Checkpoint, Note, Signature, Verifier
from veche.commons.journal.rules.witnessing import SIZE_TYPE
from veche.commons.journal.terms import REFUSED, UNCLEAR, UNKNOWN_THERE, WitnessReply

LONGEST_PAUSE_S = 300
_FIRST_PAUSE_S = 2
_LONGEST_SIZE = 20


@dataclass(frozen=True, slots=True)
class Signed:
    """The witness has signed."""

    signature: Signature


@dataclass(frozen=True, slots=True)
class Resume:
    """The witness has cosigned the log of another size than we believed: ask again from there."""

    size: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """The witness does not sign; `code` says why."""

    code: str


def understood(
    reply: WitnessReply, checkpoint: Checkpoint, key: Verifier, *, old: int
) -> Signed | Resume | Trouble:
    """Say what an answer to a checkpoint means, when `old` was the size we began from.

    Units: old is leaves. Refuses: never; nothing a witness says is believed without its signature.
    Source: C2SP tlog-witness, add-checkpoint.
    """
    if reply.status == HTTPStatus.OK:
        found = _signature(reply.body, checkpoint.text, key)
        return Signed(found) if found else Trouble(UNCLEAR)
    if reply.status == HTTPStatus.CONFLICT:
        size = _size(reply)
        if size is None:
            return Trouble(UNCLEAR)
        return Trouble(REFUSED) if size == old else Resume(size)
    if reply.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Trouble(REFUSED)
    if reply.status in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}:
        return Trouble(UNKNOWN_THERE)
    return Trouble(UNCLEAR)


def pause_s(failures: int) -> float:
    """How long to leave a witness alone that failed so many times on end.

    Units: seconds. Refuses: never.
    Source: none; twice as long each time.
    """
    return float(min(LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(failures - 1, 10))) if failures else 0.0


def _signature(body: bytes, text: str, key: Verifier) -> Signature | None:
    try:
        lines: Sequence[str] = body.decode().removesuffix("\n").split("\n")
        note = Note(text, tuple(map(notes.signature_of, lines[: notes.MOST_SIGNATURES])))
        return note.signed_by(key)
    except ValueError:
        return None


def _size(reply: WitnessReply) -> int | None:
    text = reply.body[: _LONGEST_SIZE + 1].decode(errors="replace").removesuffix("\n")
    right = reply.kind.partition(";")[0].strip() == SIZE_TYPE and text.isascii() and text.isdigit()
    return int(text) if right and len(text) < _LONGEST_SIZE and str(int(text)) == text else None
