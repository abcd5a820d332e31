"""Words that are collected for translation where Django must not be known."""

import re
from collections.abc import Mapping

_HOLE = re.compile(r"(%\(\w+\)s) ")


def N_(sentence: str) -> str:  # noqa: N802 - the name the translators' tools look for
    """Mark a sentence for translation and leave it as it is; the page translates it."""
    return sentence


def in_language(names: Mapping[str, str] | str, language: str) -> str:
    """Choose a name from `{"ru": ..., "en": ...}`; any name is better than none, and one text is for all languages."""
    if isinstance(names, str):
        return names
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def bound(sentence: str) -> str:
    """Bind the figures of a counted sentence to the words after them, so that no line ends with a lonely number.

    `%(n)s working days left` keeps its hole and gets a non-breaking space behind it.
    """
    return _HOLE.sub("\\1\u00a0", sentence)
