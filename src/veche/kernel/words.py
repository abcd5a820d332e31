"""Words that are collected for translation where Django must not be known."""

from collections.abc import Mapping


def N_(sentence: str) -> str:  # noqa: N802 - the name the translators' tools look for
    """Mark a sentence for translation and leave it as it is; the page translates it."""
    return sentence


def in_language(names: Mapping[str, str], language: str) -> str:
    """Choose a name from `{"ru": ..., "en": ...}`; any name is better than none."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")
