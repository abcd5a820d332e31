"""How words are understood: letters made alike, endings taken off, numbers recognised."""

import re
import unicodedata
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from veche.commons.search.terms import Question
from veche.kernel.ids import serial_of

MOST_WORDS_ASKED = 12
_LONGEST_WORD = 40
_LONGEST_QUESTION = 1_000
_LONGEST_TEXT = 200_000
_MOST_LEMMAS = 3
_LIKELY = 0.1
_WORD = re.compile(r"[^\W_]+")
_RUSSIAN = re.compile(r"[а-я]+")
_TYPED_NUMBER = re.compile(r"[№#N\s]*([0-9][0-9\s\-–—\u00a0]*)", re.IGNORECASE)
_FILLER_WORDS = """
а без бы в во вот для до же за и из или к как ко ли мы на над не но ну о об от по под при про с со то у уж что чтобы
это я a an and are as at be by for from in is it no not of on or that the this to was we with
"""
_FILLERS = frozenset(_FILLER_WORDS.split())


def words_of(text: str) -> list[str]:
    """The words of a text in their order: lower-case, `ё` as `е`, without marks and accents of stress.

    Refuses: never; an endless text is read only in its beginning.
    """
    plain = (
        unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).lower().replace("ё", "е").replace("\u0301", "")
    )
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)]


def understood(text: str) -> Question:
    """What a person asks for; whatever is typed is words and numbers, never commands.

    Refuses: never.
    """
    words = list(dict.fromkeys(words_of(text[:_LONGEST_QUESTION])))
    telling = [word for word in words if word not in _FILLERS] or words
    typed = _TYPED_NUMBER.fullmatch(text[:_LONGEST_QUESTION].strip())
    return Question(tuple(telling[:MOST_WORDS_ASKED]), _digits(typed[1]) if typed else "")


def numbers_of(number: str) -> list[str]:
    """All that people may type to mean a number: with its check digit and without; none for no number."""
    digits = _digits(number)
    if not digits:
        return []
    serial = serial_of(number)
    return [digits, str(serial)] if isinstance(serial, int) else [digits]


@lru_cache(maxsize=50_000)
def lemmas_of(word: str) -> tuple[str, ...]:
    """The dictionary forms a Russian word may have, likeliest first; any other word is its own.

    `words_of` gives words as they are expected here.
    """
    if not _RUSSIAN.fullmatch(word):
        return (word,)
    parses = _morphology().parse(word)
    likely = [parse.normal_form.replace("ё", "е") for parse in parses if parse.score >= _LIKELY]
    return tuple(dict.fromkeys(likely or [parses[0].normal_form.replace("ё", "е")]))[:_MOST_LEMMAS]


def is_russian(word: str) -> bool:
    """Whether the word is written in Russian letters only."""
    return _RUSSIAN.fullmatch(word) is not None


def first_revision_of(moment: datetime) -> UUID:
    """The lowest UUIDv7 that can be made at a moment."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62)


def next_revision(made: UUID, latest: UUID | None) -> UUID:
    """A revision above all others, also when the clock was set back since the latest one was made."""
    return made if latest is None or made > latest else UUID(int=latest.int + 1)


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isascii() and ch.isdigit())


@cache
def _morphology() -> Any:
    import pymorphy3  # late: 25 MB that a process which never searches does not need

    return pymorphy3.MorphAnalyzer()
