"""How versions grow."""

from secrets import randbits

_RANDOM_BITS = 16


def grown(version: int) -> int:
    """The next version: always greater, and never the same one twice, even when a change was rolled back."""
    return (version >> _RANDOM_BITS) + 1 << _RANDOM_BITS | randbits(_RANDOM_BITS)
