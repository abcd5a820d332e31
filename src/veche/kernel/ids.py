"""Identifiers: UUIDv7 for rows, short numbers with a check digit for people."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils

from veche.kernel.refusals import Refusal

# Damm's quasigroup of order 10: catches every single wrong digit and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_LONGEST = 18


def new_id() -> UUID:
    """Make a UUIDv7: made anywhere, offline too, and sorted by the time of its making."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def made_at(identifier: UUID) -> datetime:
    """The moment at which a UUIDv7 was made.

    Units: UTC, to the millisecond.
    """
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def check_digit(digits: str) -> str:
    """Compute the Damm check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def number_of(serial: int) -> str:
    """Write a serial as people read it: `1042` becomes `1042-` and its check digit."""
    return f"{serial}-{check_digit(str(serial))}"


def serial_of(number: str) -> int | Refusal:
    """Read a number that a person typed: dash, spaces and a leading number sign do not matter.

    Refuses: `ids.not-a-number`, `ids.mistyped-number`.
    """
    digits = "".join(ch for ch in number.strip().lstrip("№#") if ch not in " -–—\u00a0")
    if not digits.isascii() or not digits.isdigit() or not 1 < len(digits) <= _LONGEST:
        return Refusal("ids.not-a-number", "number")
    if check_digit(digits) != "0":
        return Refusal("ids.mistyped-number", "number")
    return int(digits[:-1])
