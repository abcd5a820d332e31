"""How the columns of a foreign file become fields of a report: the `import.toml` of a city."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from veche.kernel.refusals import Refusal

FIELDS = (
    "external_id", "filed_at", "due_at", "closed_at", "status", "text", "answer", "address", "lat", "lon",
    "category", "office",
)  # fmt: skip
_PARTS = {
    "source", "language", "file", "dates", "columns", "statuses", "status_when", "categories", "offices",
    "clean", "mask",
}  # fmt: skip
_REQUIRED = ("external_id", "filed_at", "text", "lat", "lon", "category")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A pattern cut out of a field, or masked wherever people may have written it."""

    pattern: re.Pattern[str]
    replace: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class StatusWhen:
    """An exception: a phrase in a field gives another status."""

    field: str
    contains: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """An `import.toml`, checked. `categories` and `offices` have folded keys."""

    source: str
    language: str
    delimiter: str
    encodings: tuple[str, ...]
    tz: ZoneInfo
    formats: tuple[str, ...]
    missing_time: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    statuses: Mapping[str, str]
    status_when: tuple[StatusWhen, ...]
    categories: Mapping[str, str]
    offices: Mapping[str, str]
    clean: tuple[Rewrite, ...]
    mask: tuple[Rewrite, ...]


def mapping_from(raw: Mapping[str, Any]) -> ImportMapping | list[Refusal]:
    """Read an `import.toml`.

    Refuses: `reports.mapping-unknown`, `reports.mapping-missing`, `reports.mapping-wrong`, all at once.
    """
    refusals = [_wrong("unknown", key) for key in sorted(raw.keys() - _PARTS)]
    columns = {key: value for key, value in raw.get("columns", {}).items() if key != "required"}
    refusals += [_wrong("unknown", f"columns.{key}") for key in sorted(columns.keys() - set(FIELDS))]
    needed = ("source", "columns", "statuses", "categories")
    refusals += [_wrong("missing", key) for key in needed if not raw.get(key)]
    if refusals:
        return refusals
    try:
        return _built(raw, columns)
    except (KeyError, ValueError, TypeError, re.error) as error:
        return [_wrong("wrong", str(error))]


def folded(value: str) -> str:
    """A value as it is compared: small letters, single blanks."""
    return " ".join(value.split()).casefold()


def _built(raw: Mapping[str, Any], columns: Mapping[str, Any]) -> ImportMapping:
    file, dates = raw.get("file", {}), raw.get("dates", {})
    return ImportMapping(
        source=raw["source"],
        language=raw.get("language", "ru"),
        delimiter=file.get("delimiter", "auto"),
        encodings=tuple(file.get("encodings", ("utf-8-sig",))),
        tz=ZoneInfo(dates.get("tz", "UTC")),
        formats=(
            *dates.get("formats", ("%Y-%m-%d %H:%M:%S",)),
            *_slashed(day_first=dates.get("day_first", True)),
        ),
        missing_time=dates.get("missing_time", "12:00"),
        columns={key: (value,) if isinstance(value, str) else tuple(value) for key, value in columns.items()},
        required=tuple(raw["columns"].get("required", _REQUIRED)),
        statuses={folded(key): value for key, value in raw["statuses"].items()},
        status_when=tuple(StatusWhen(**one) for one in raw.get("status_when", ())),
        categories={folded(key): value for key, value in raw["categories"].items()},
        offices={folded(key): value for key, value in raw.get("offices", {}).items()},
        clean=tuple(_rewrite(one) for one in raw.get("clean", ())),
        mask=tuple(_rewrite(one) for one in raw.get("mask", ())),
    )


def _slashed(*, day_first: bool) -> list[str]:
    order = ("%d", "%m") if day_first else ("%m", "%d")
    days = [f"{order[0]}{sign}{order[1]}{sign}%Y" for sign in "/.-"]
    return [f"{day}{time}" for day in days for time in (" %H:%M:%S", " %H:%M", "")]


def _rewrite(raw: Mapping[str, str]) -> Rewrite:
    return Rewrite(re.compile(raw["pattern"]), raw.get("replace", ""), raw.get("field", ""))


def _wrong(what: str, key: str) -> Refusal:
    return Refusal(f"reports.mapping-{what}", key, {"key": key})
