"""Finding a subcategory by a word somebody typed."""

from collections.abc import Collection

_LEAST, _LONG = 3, 6
_ENDS = frozenset("аеиоуыэюяйьeis")


def is_meant(sought: str, words: Collection[str]) -> bool:
    """Say whether every word that was typed begins one of a subcategory's words, endings aside.

    Both sides come folded: small letters, single blanks. The page's own script does the same (what.js).
    Refuses: never.
    """
    return all(any(word.startswith(_stem(one)) for word in words) for one in sought.split())


def _stem(word: str) -> str:
    """A word without what Russian and English like to change at its end."""
    if len(word) >= _LONG:
        return word[:-2]
    return word[:-1] if len(word) >= _LEAST and word[-1] in _ENDS else word
