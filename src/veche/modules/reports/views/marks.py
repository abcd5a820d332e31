"""The marks of the map: a shape per category, a colour and an icon per status, clusters as counts in a ring."""

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from veche.modules.reports.views.words import shared

SMALL, LARGE = 30, 56
# Outlines on a square of 30 for the five groups that every pack has.
SHAPES: Mapping[str, str] = {
    "roads": "M15 2a13 13 0 1 1 0 26a13 13 0 0 1 0-26z",
    "security": "M15 1.500l12 4.500v9c0 7-5 11-12 13.500C8 26 3 22 3 15V6z",
    "social": "M7 3h16a4 4 0 0 1 4 4v16a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z",
    "infrastructure": "M8.500 3h13L28.500 15l-7 12h-13L1.500 15z",
    "crime": "M15 1.500 29 27H1z",
    "other": "M15 1 29 15 15 29 1 15z",
}
_TONES = ("slate", "spruce", "ochre", "moss", "clay")


def tone_of(status: str) -> str:
    """The colour of a status."""
    return str(shared("status_look")(status).tone)


@lru_cache(maxsize=512)
def single(group: str, status: str, overdue: bool) -> Markup:
    """The mark of one report."""
    look = shared("status_look")(status)
    tone = "clay" if overdue else look.tone
    drawing = shared("icon")("overdue" if overdue else look.icon)
    shape = SHAPES.get(group, SHAPES["other"])
    return Markup('<g class="mark-one {}"><path d="{}"/><g class="in">{}</g></g>').format(
        tone, shape, _inner(drawing)
    )


def cluster(count: int, statuses: Mapping[str, int]) -> Markup:
    """The mark of many reports: their count in a ring whose parts are their statuses."""
    parts: dict[str, int] = {}
    for status, number in statuses.items():
        tone = tone_of(status)
        parts[tone] = parts.get(tone, 0) + number
    return _cluster(count, tuple((tone, parts[tone]) for tone in _TONES if parts.get(tone)))


def size_of(count: int) -> int:
    """How wide a cluster is drawn, in pixels: slowly growing with its count."""
    return min(LARGE, SMALL + 4 * len(str(count)) + (4 if str(count)[0] > "4" else 0))


@lru_cache(maxsize=4096)
def _cluster(count: int, parts: tuple[tuple[str, int], ...]) -> Markup:
    total = sum(number for _, number in parts) or 1
    ring, begun = [], 0.0
    for tone, number in parts:
        share = number / total * 100
        ring.append(
            f'<circle class="share {tone}" r="13" cx="15" cy="15" pathLength="100"'
            f' stroke-dasharray="{share:.1f} {100 - share:.1f}" stroke-dashoffset="{-begun:.1f}"/>'
        )
        begun += share
    return Markup(
        '<g class="mark-many"><circle class="disc" r="14" cx="15" cy="15"/>{}<text x="15" y="15"{}>{}</text></g>'
    ).format(Markup("".join(ring)), Markup(' class="long"') if count > 999 else "", escape(short(count)))  # noqa: S704 - figures and words of ours


def short(count: int) -> str:
    """A count in at most four signs."""
    return str(count) if count < 10_000 else f"{count // 1000}k"


def _inner(icon: Markup) -> Markup:
    """An icon set into the middle of a mark of 30."""
    return Markup(str(icon).replace("<svg ", '<svg x="8" y="8" width="14" height="14" ', 1))  # noqa: S704 - our icon
