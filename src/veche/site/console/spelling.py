"""What an operator may have meant: the closest of the words that are known."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

_LIKELY = 75  # of 100; below it a guess misleads more than it helps


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one, or nothing."""
    found = process.extractOne(
        word, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_LIKELY
    )
    return str(found[0]) if found else ""
