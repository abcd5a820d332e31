"""The address of a list, a map or a feed: from what stands in it to a filter, and back."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from veche.modules.reports.terms import ReportFilter, Status

LONGEST_WORD = 60
LONGEST_TEXT = 200
LARGEST_SERIAL = 2**62
_WORDS = ("group", "category", "status", "place", "office")


def filter_of(raw: Mapping[str, str]) -> ReportFilter:
    """What a list is narrowed to; an unknown status counts as none."""
    words = {name: raw.get(name, "").strip()[:LONGEST_WORD] for name in _WORDS}
    # One list offers both groups and their subcategories: a group stands in it as `roads.`.
    if words["category"].endswith("."):
        words["group"], words["category"] = words["category"][:-1], ""
    if words["status"] not in frozenset(Status):
        words["status"] = ""
    return ReportFilter(
        **words,
        overdue=raw.get("overdue") == "1",
        text=raw.get("text", "").strip().replace("\0", "")[:LONGEST_TEXT],
    )


def query_of(chosen: ReportFilter, **more: object) -> str:
    """The query of an address for a filter, `?` included; empty when nothing is chosen."""
    pairs = [(name, getattr(chosen, name)) for name in (*_WORDS, "text")]
    if chosen.overdue:
        pairs.append(("overdue", "1"))
    pairs += [(name, str(value)) for name, value in more.items() if value is not None]
    query = urlencode([(name, value) for name, value in pairs if value])
    return f"?{query}" if query else ""


def without(chosen: ReportFilter, name: str) -> ReportFilter:
    """The same filter with one word less."""
    if name == "overdue":
        return replace(chosen, overdue=False)
    return replace(chosen, **{name: ""})  # type: ignore[arg-type]


def serial_in(raw: Mapping[str, str], name: str) -> int | None:
    """A serial that stands in the address of a page; what is none counts as absent."""
    text = raw.get(name, "")
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:20]), LARGEST_SERIAL)
