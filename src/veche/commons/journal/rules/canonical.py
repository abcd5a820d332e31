"""Canonical JSON (RFC 8785): one value, one string of bytes, in every language that follows the standard."""

from collections.abc import Mapping
from decimal import Decimal
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined] # the stubs leave it out
from math import isfinite
from typing import Any

_MOST_EXACT = 2**53
# ECMAScript writes numbers of these powers of ten without an exponent.
_LEAST_PLAIN, _MOST_PLAIN = -7, 21
# Between these Python writes a number as ECMAScript does, but for the end of whole ones: both give the shortest digits.
_LEAST_ALIKE, _MOST_ALIKE = 1e-4, 1e16
# A text as RFC 8785 writes it.
quoted = encode_basestring
# What the library's encoder makes anew for every value, made once: sorted, nothing skipped, nothing that is no number.
_flat = c_make_encoder(None, None, quoted, None, ":", ",", True, False, False)


def canonical(value: Any) -> bytes:
    """Write a value of JSON as RFC 8785 does.

    Refuses: never; raises ValueError for what JSON of the internet cannot hold exactly.
    Source: RFC 8785, sections 3.2.2 and 3.2.3.
    """
    return written(value).encode()


def flat(value: Mapping[str, Any]) -> str:
    """The same, as text, for what is known to hold only texts, small whole numbers and truths, under names of ASCII.

    It is several times as fast, and filing waits for it.
    Refuses: never.
    Source: RFC 8785.
    """
    return "".join(_flat(value, 0))


def written(value: Any) -> str:
    """The same as `canonical`, as text.

    Refuses: never; raises ValueError as `canonical` does.
    """
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, Mapping):
        names = sorted(value, key=_by_code_units)
        return "{" + ",".join(f"{quoted(name)}:{written(value[name])}" for name in names) + "}"
    raise ValueError(f"no value of JSON: {type(value).__name__}")


def _by_code_units(name: str) -> bytes:
    return name.encode("utf-16-be")


def _number(value: float) -> str:
    if isinstance(value, int):
        if abs(value) >= _MOST_EXACT and not _is_spelt(value):
            raise ValueError("a whole number that JSON of the internet does not hold exactly")
        return str(value)
    if not isfinite(value):
        raise ValueError("no number of JSON")
    if _LEAST_ALIKE <= abs(value) < _MOST_ALIKE:
        return repr(value).removesuffix(".0")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    return ("-" if sign else "") + _placed("".join(map(str, digits)), int(exponent))


def _is_spelt(value: int) -> bool:
    """Whether a large whole number is what a double is written as: so it comes back out of JSON."""
    try:
        return _number(float(value)) == str(value)
    except OverflowError:
        return False


def _placed(digits: str, exponent: int) -> str:
    """Put the point where ECMAScript's Number::toString puts it."""
    point = len(digits) + exponent
    if len(digits) <= point <= _MOST_PLAIN:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MOST_PLAIN:
        return f"{digits[:point]}.{digits[point:]}"
    if _LEAST_PLAIN < point - 1 < 0 or point == 0:
        return "0." + "0" * -point + digits
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"
