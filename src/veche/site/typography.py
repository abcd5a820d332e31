"""Typography: numbers with spaces, real quotes and dashes, and no short word left alone at the end of a line."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import get_language
from markupsafe import Markup

NBSP = "\u00a0"
_TAG = re.compile(r"(<[^>]*>)")
_QUOTED = re.compile(r'(?<![\w"])"(?=\S)([^"<>]*?)(?<=\S)"(?!\w)')
_DASH = re.compile(r"(?<=\S)[ \u00a0](?:--?|–|—)(?=\s)")
_UNIT = (
    "км|см|мм|м|м²|м³|кг|т|л|руб|₽|коп|мин|ч|сек|дн|день|дня|дней|год|года|лет|%|€|\\$|km|cm|mm|m|kg|h|min"
)
_UNITS = re.compile(rf"(\d) (?=(?:{_UNIT})(?!\w))")
_SIGNS = re.compile(r"([№§]) ?(?=\d)")
_SHORT = re.compile(r"(?<![\w\u00a0\u2011-])([А-Яа-яЁё]{1,2}) (?=\S)")
_TAIL = re.compile(r"(?<=\w)-(?=(?:то|ка|де|ФЗ)(?!\w))|(?<=\b[ИиПп][зо])-(?=\w)")
_PARTICLE = re.compile(r" (?=(?:же|ли|бы|б|ж)(?!\w))")


def number(value: float) -> str:
    """Write a number with its thousands apart: `12 345` in Russian, `12,345` in English."""
    russian = (get_language() or "ru").startswith("ru")
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.translate({ord(","): NBSP, ord("."): ","}) if russian else text


def plural(n: int, one: str, few: str, many: str = "") -> str:
    """Choose the form of a word for a number; English knows two forms: `one` and the last given."""
    if not (get_language() or "ru").startswith("ru"):
        return one if n == 1 else many or few
    if n % 10 == 1 and n % 100 != 11:
        return one
    return few if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else many or few


def typo(text: str) -> str:
    """Set a text as a typesetter would. What is inside of tags of ready HTML stays untouched.

    Units: plain text stays plain and is escaped by the template as ever; `Markup` stays `Markup`.
    """
    fit = _fitter((get_language() or "ru").startswith("ru"))
    if isinstance(text, Markup):
        parts = _TAG.split(str(text))
        fitted = (part if part[:1] == "<" else fit(part.replace("&#34;", '"')) for part in parts)
        return Markup("".join(fitted))  # noqa: S704 - it was Markup, and only spaces, quotes and dashes changed
    return fit(str(text))


def _fitter(russian: bool) -> Callable[[str], str]:
    return _russian if russian else _english


@lru_cache(maxsize=2048)
def _russian(text: str) -> str:
    text = _QUOTED.sub(r"«\1»", text)
    text = _DASH.sub(NBSP + "—", text)
    text = _SHORT.sub(r"\1" + NBSP, text)
    return _spaced(_TAIL.sub("\u2011", _PARTICLE.sub(NBSP, text)))


@lru_cache(maxsize=2048)
def _english(text: str) -> str:
    return _spaced(_DASH.sub(NBSP + "–", _QUOTED.sub(r"“\1”", text)))


def _spaced(text: str) -> str:
    return _SIGNS.sub(r"\1" + NBSP, _UNITS.sub(r"\1" + NBSP, text))
