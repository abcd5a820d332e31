"""Receipts: the code under which a fact is found again, and the promise to log it."""

from base64 import b64encode
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from veche.commons.journal.rules.leaves import moment
from veche.commons.journal.rules.notes import hash_of
from veche.commons.journal.rules.tree import Hash

PROMISE = "veche-promise/v1"
# Crockford's letters: none that people take for another.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LETTER_BITS, _LETTERS_OF_CODE, _GROUP = 5, 20, 4
_ID_BITS, _CODE_BITS = 128, _LETTER_BITS * _LETTERS_OF_CODE
# Where in an id each group of four letters begins; two letters are looked up at once.
_SHIFTS = (118, 98, 78, 58, 38)
_PAIRS = tuple(one + other for one in _LETTERS for other in _LETTERS)


def code_of(fact_id: UUID) -> str:
    """The code of a fact's receipt: five groups of four letters out of the beginning of its id.

    Refuses: never.
    """
    number = fact_id.int
    groups = [_PAIRS[number >> shift & 1023] + _PAIRS[number >> shift - 10 & 1023] for shift in _SHIFTS]
    return "-".join(groups)


def ids_of(code: str) -> tuple[UUID, UUID] | None:
    """The lowest and the highest id a code may mean, or None when it is no code. Small letters and no dashes will do.

    Refuses: never.
    """
    letters = "".join(ch for ch in code.upper().translate(_MEANT) if ch.isalnum())
    if len(letters) != _LETTERS_OF_CODE or any(letter not in _LETTERS for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << _LETTER_BITS | _LETTERS.index(letter)
    spare = _ID_BITS - _CODE_BITS
    return UUID(int=number << spare), UUID(int=(number + 1 << spare) - 1)


class Promise(NamedTuple):
    """What is signed when an act is acknowledged: the fact will stand in the log of `origin` within `delay_s`."""

    origin: str
    fact_id: UUID
    leaf: Hash
    at: str
    delay_s: int

    @property
    def text(self) -> str:
        """The text of the note; its first line is not the origin, so it can never be read as a checkpoint."""
        leaf = b64encode(self.leaf).decode()
        return f"{PROMISE}\n{self.origin}\n{self.fact_id}\n{leaf}\n{self.at}\n{self.delay_s}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a promise.

        Refuses: never; raises ValueError when the text is none.
        """
        lines = text.split("\n")
        if len(lines) != 7 or lines[0] != PROMISE or lines[-1]:
            raise ValueError("this is no promise of a journal")
        return cls(lines[1], UUID(lines[2]), hash_of(lines[3]), lines[4], int(lines[5]))


def promise(origin: str, fact_id: UUID, leaf: Hash, at: datetime, delay_s: int) -> Promise:
    """The promise for a fact that was recorded at a moment.

    Units: delay_s is seconds. Refuses: never.
    """
    return Promise(origin, fact_id, leaf, moment(at), delay_s)
