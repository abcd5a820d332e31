"""How a status looks: always the same trio of icon, word and colour."""

from typing import NamedTuple

from veche.kernel.words import N_


class Look(NamedTuple):
    """The trio; `word` is English, to be translated by the page."""

    icon: str
    tone: str
    word: str


LOOKS: dict[str, Look] = {
    "new": Look("new", "slate", N_("new")),
    "routed": Look("routed", "slate", N_("with the office")),
    "in_work": Look("in_work", "spruce", N_("in work")),
    "planned": Look("planned", "ochre", N_("planned")),
    "answered": Look("answered", "moss", N_("answered")),
    "confirmed": Look("confirmed", "moss", N_("confirmed")),
    "sent_back": Look("sent_back", "ochre", N_("sent back")),
    "refused": Look("refused", "clay", N_("refused")),
    "duplicate": Look("duplicate", "slate", N_("duplicate")),
    "not_ours": Look("not_ours", "slate", N_("with the dispatcher")),
    "overdue": Look("overdue", "clay", N_("overdue")),
    "hidden": Look("hidden", "slate", N_("hidden")),
}


def look(status: str) -> Look:
    """The trio of a status; one that nobody drew yet is shown by its own word in slate."""
    return LOOKS.get(status) or Look("other", "slate", status)
