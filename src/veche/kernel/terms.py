"""How long something may take: a number of days, how they are counted, and where that is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    """Which days a term counts."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written: a title and an article in each language, and since when it holds.

    An article that reads the same in every language is one text.
    """

    titles: Mapping[str, str]
    article: str | Mapping[str, str] = ""
    valid_from: date | None = None
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a city pack.

    `ends_on_working_day` moves an end that falls on a day off to the next working day: only where the source says so.
    """

    code: str
    days: int
    kind: DayKind
    source: Source
    ends_on_working_day: bool = False
