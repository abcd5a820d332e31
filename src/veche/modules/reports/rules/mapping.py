"""How the columns of a foreign file become fields of a report: the `import.toml` of a city."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from veche.kernel.refusals import Refusal
from veche.modules.reports.terms import Status

FIELDS = (
    "external_id", "filed_at", "due_at", "closed_at", "status", "text", "answer", "address", "lat", "lon",
    "category", "office",
)  # fmt: skip
_PARTS = {
    "source", "language", "file", "dates", "columns", "statuses", "status_when", "categories", "offices",
    "clean", "mask",
}  # fmt: skip
# Without these no row can be taken over, whatever the mapping says.
_REQUIRED = ("external_id", "filed_at", "text", "lat", "lon", "category")
_TABLES = ("file", "dates", "columns", "statuses", "categories", "offices")
_LONGEST_SOURCE = 40
# What a report of another system can have become; the rest needs a dispatcher or an author of ours.
TAKEN_OVER = frozenset(
    {Status.NEW, Status.ROUTED, Status.IN_WORK, Status.ANSWERED, Status.CONFIRMED, Status.REFUSED}
)


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
    extra_fields: bool
    tz: ZoneInfo
    formats: tuple[str, ...]
    missing_time: time
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    statuses: Mapping[str, str]
    status_when: tuple[StatusWhen, ...]
    categories: Mapping[str, str]
    offices: Mapping[str, str]
    clean: tuple[Rewrite, ...]
    mask: tuple[Rewrite, ...]


def mapping_from(raw: Mapping[str, Any], *, tz: str = "UTC") -> ImportMapping | list[Refusal]:
    """Read an `import.toml`; dates of a file whose zone it does not name are in `tz`.

    Refuses: `reports.mapping-unknown`, `reports.mapping-missing`, `reports.mapping-wrong`, all at once.
    """
    refusals = [_wrong("unknown", key) for key in sorted(raw.keys() - _PARTS)]
    refusals += [_wrong("wrong", key) for key in _TABLES if not isinstance(raw.get(key, {}), Mapping)]
    refusals += [
        _wrong("missing", key) for key in ("source", "columns", "statuses", "categories") if not raw.get(key)
    ]
    if refusals:
        return refusals
    columns = {key: value for key, value in raw["columns"].items() if key != "required"}
    refusals += [_wrong("unknown", f"columns.{key}") for key in sorted(columns.keys() - set(FIELDS))]
    needed = (*_REQUIRED, *raw["columns"].get("required", ()))
    refusals += [_wrong("missing", f"columns.{key}") for key in dict.fromkeys(needed) if not columns.get(key)]
    if refusals:
        return refusals
    try:
        mapping = _built(raw, columns, tuple(dict.fromkeys(needed)), tz)
    except (KeyError, ValueError, TypeError, AttributeError, re.error) as error:
        return [_wrong("wrong", str(error))]
    return list(_strange(mapping)) or mapping


def folded(value: str) -> str:
    """A value as it is compared: small letters, single blanks."""
    return " ".join(value.split()).casefold()


def _built(
    raw: Mapping[str, Any], columns: Mapping[str, Any], required: tuple[str, ...], tz: str
) -> ImportMapping:
    file, dates = raw.get("file", {}), raw.get("dates", {})
    delimiter = file.get("delimiter", "auto")
    return ImportMapping(
        source=raw["source"],
        language=raw.get("language", "ru"),
        delimiter="\t" if delimiter == "tab" else delimiter,
        encodings=tuple(file.get("encodings", ("utf-8-sig",))),
        extra_fields=file.get("extra_fields", "reject") == "ignore",
        tz=ZoneInfo(dates.get("tz", tz)),
        formats=(
            *dates.get("formats", ("%Y-%m-%d %H:%M:%S",)),
            *_slashed(day_first=dates.get("day_first", True)),
        ),
        missing_time=time.fromisoformat(dates.get("missing_time", "12:00")),
        columns={key: (value,) if isinstance(value, str) else tuple(value) for key, value in columns.items()},
        required=required,
        statuses={folded(key): value for key, value in raw["statuses"].items()},
        status_when=tuple(StatusWhen(**one) for one in raw.get("status_when", ())),
        categories={folded(key): value for key, value in raw["categories"].items()},
        offices={folded(key): value for key, value in raw.get("offices", {}).items()},
        clean=tuple(_rewrite(one) for one in raw.get("clean", ())),
        mask=tuple(_rewrite(one) for one in raw.get("mask", ())),
    )


def _strange(mapping: ImportMapping) -> Iterator[Refusal]:
    """What is well written and still cannot be meant."""
    if not isinstance(mapping.source, str) or len(mapping.source) > _LONGEST_SOURCE:
        yield _wrong("wrong", "source")
    if mapping.delimiter != "auto" and len(mapping.delimiter) != 1:
        yield _wrong("wrong", "file.delimiter")
    named = (*mapping.statuses.values(), *(one.status for one in mapping.status_when))
    for status in dict.fromkeys(one for one in named if one not in TAKEN_OVER):
        yield _wrong("wrong", f"statuses: {status}")
    fields = {one.field for one in mapping.status_when} | {one.field for one in mapping.clean}
    for name in sorted(fields - set(FIELDS)):
        yield _wrong("unknown", name)


def _slashed(*, day_first: bool) -> list[str]:
    order = ("%d", "%m") if day_first else ("%m", "%d")
    days = [f"{order[0]}{sign}{order[1]}{sign}%Y" for sign in "/.-"]
    return [f"{day}{time}" for day in days for time in (" %H:%M:%S", " %H:%M", "")]


def _rewrite(raw: Mapping[str, str]) -> Rewrite:
    pattern, replace = re.compile(raw["pattern"]), raw.get("replace", "")
    pattern.sub(replace, "")  # a wrong group in `replace` is found now, not in the middle of a file
    return Rewrite(pattern, replace, raw.get("field", ""))


def _wrong(what: str, key: str) -> Refusal:
    return Refusal(f"reports.mapping-{what}", key, {"key": key})
