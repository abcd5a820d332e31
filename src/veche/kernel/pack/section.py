"""A table of a TOML file, read key by key: whatever is wrong is noted, and reading goes on."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal
from veche.kernel.words import N_

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_CODE = 60
SHORT_CODE = 40
# What a key must be; the page translates the words together with the sentence.
WANTED = {
    str: N_("text"),
    int: N_("a whole number"),
    float: N_("a number"),
    bool: N_("true or false"),
    date: N_("a date like 2026-03-14"),
    dict: N_("a table"),
    list: N_("a list"),
}


class Problems:
    """Every mistake found in a pack, in the order of finding."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []
        self.languages: tuple[str, ...] = ()

    def note(self, code: str, file: str, place: str = "", **params: object) -> None:
        """Note one mistake; the file is the field it stands beside."""
        self.found.append(Refusal(f"pack.{code}", file, {"file": file, "place": place, **params}))

    def toml(self, folder: Path, file: str, *, required: bool = True) -> "Section | None":
        """Open a TOML file of the pack; a broken or missing one is noted."""
        try:
            with (folder / file).open("rb") as stream:
                return Section(self, file, "", tomllib.load(stream))
        except FileNotFoundError:
            if required:
                self.note("missing-file", file)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            self.note("not-toml", file, why=str(broken))
        except OSError as broken:
            self.note("unreadable", file, why=broken.strerror or "")
        return None


class Section:
    """One table. `place` says where it is, as people count: `category 7 (pothole)`."""

    def __init__(self, problems: Problems, file: str, place: str, table: Mapping[str, Any]) -> None:
        self.problems, self.file, self.place, self.table = problems, file, place, table
        self._asked: set[str] = set()

    def note(self, code: str, **params: object) -> None:
        """Note a mistake in this table."""
        self.problems.note(code, self.file, self.place, **params)

    def has(self, key: str) -> bool:
        """Whether the key is there; asking does not count as reading."""
        return key in self.table

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """A text."""
        value: str = self._value(key, str, default, required=required)
        return value.strip()

    def one_of(self, key: str, allowed: Sequence[str], *, default: str = "") -> str:
        """A word out of a list; required unless there is a default."""
        value = self.text(key, required=not default, default=default)
        if value and value not in allowed:
            self.note("not-allowed", key=key, value=value, allowed=", ".join(allowed))
        return value

    def code(self, *, key: str = "code", most: int = LONGEST_CODE) -> str:
        """A code of its own, required; afterwards the place is told with it."""
        value = self.text(key, required=True)
        if value:
            self.place = f"{self.place} ({value})" if self.place else value
            if not _CODE.fullmatch(value) or len(value) > most:
                self.note("bad-code", value=value, most=most)
        return value

    def whole(self, key: str, *, required: bool = False, default: int = 0) -> int:
        """A whole number."""
        value: int = self._value(key, int, default, required=required)
        return value

    def number(self, key: str, *, required: bool = False, default: float = 0.0) -> float:
        """A number."""
        return float(self._value(key, float, default, required=required))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value: bool = self._value(key, bool, default)
        return value

    def day(self, key: str) -> date | None:
        """A date, or none."""
        value: date | None = self._value(key, date, None)
        return value

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates."""
        return tuple(day for day in self._list(key, date))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text.strip() for text in self._list(key, str))

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of numbers."""
        return tuple(float(number) for number in self._list(key, float))

    def names(self, key: str = "names", *, required: bool = True) -> dict[str, str]:
        """A text in every language of the city."""
        part = self.part(key, required=required)
        if part is None:
            return {}
        names = {language: part.text(language) for language in part.table}
        for language in self.problems.languages:
            if not names.get(language):
                self.note("missing-language", key=key, value=language)
        for language in names:
            if self.problems.languages and language not in self.problems.languages:
                self.note("unknown-language", key=key, value=language)
        return names

    def text_or_names(self, key: str) -> str | dict[str, str]:
        """A text that is the same in every language, or a table with one for each."""
        return self.names(key) if isinstance(self.table.get(key), Mapping) else self.text(key)

    def texts_by_language(self, key: str) -> dict[str, tuple[str, ...]]:
        """Lists of texts per language; a language may be missing."""
        part = self.part(key)
        return {language: part.texts(language) for language in part.table} if part else {}

    def words(self, key: str) -> dict[str, str]:
        """A table of texts with free keys."""
        part = self.part(key)
        return {word: part.text(word) for word in part.table} if part else {}

    def point(self, lat: str = "lat", lon: str = "lon") -> Point:
        """A point in degrees, required."""
        point = Point(self.number(lat, required=True), self.number(lon, required=True))
        if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
            self.note("bad-point")
        return point

    def part(self, key: str, *, required: bool = False) -> "Section | None":
        """A table inside this one."""
        value = self._value(key, dict, None, required=required)
        return None if value is None else Section(self.problems, self.file, self._inside(key), value)

    def parts(self, key: str, *, required: bool = False) -> Iterator["Section"]:
        """The tables of a list, each with its number in its place."""
        for number, value in enumerate(self._value(key, list, (), required=required), 1):
            place = self._inside(f"{key} {number}")
            if isinstance(value, dict):
                yield Section(self.problems, self.file, place, value)
            else:
                self.problems.note("wrong-kind", self.file, place, key=key, wanted=WANTED[dict])

    def validity(self) -> tuple[date | None, date | None]:
        """The dates between which something holds."""
        since, until = self.day("valid_from"), self.day("valid_until")
        if since and until and until <= since:
            self.note("dates-reversed")
        return since, until

    def done(self) -> None:
        """Say which keys nobody asked for."""
        for key in self.table:
            if key not in self._asked:
                self.note("unknown-key", key=key)

    def _inside(self, key: str) -> str:
        return f"{self.place}, {key}" if self.place else key

    def _value(self, key: str, kind: type, default: Any, *, required: bool = False) -> Any:
        self._asked.add(key)
        if key not in self.table:
            if required:
                self.note("missing-key", key=key)
            return default
        value = self.table[key]
        if not _is(value, kind):
            self.note("wrong-kind", key=key, wanted=WANTED[kind])
            return default
        if required and value == "":
            self.note("missing-key", key=key)
        return value

    def _list(self, key: str, kind: type) -> Iterable[Any]:
        for value in self._value(key, list, ()):
            if _is(value, kind):
                yield value
            else:
                self.note("wrong-kind", key=key, wanted=WANTED[kind])


def _is(value: object, kind: type) -> bool:
    """TOML's kinds are kept apart: true is no number, a moment is no date; a whole number is a number too."""
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, kind)
