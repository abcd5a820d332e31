"""The words of lanterns."""

from dataclasses import dataclass
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.geo import Point
from veche.kernel.words import N_

LANTERN = "lanterns.lantern"


@dataclass(frozen=True, slots=True)
class NewLantern:
    """What a resident hangs."""

    id: UUID
    words: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class LanternHung(Fact):
    """A lantern was hung."""

    place: str


SENTENCES = {
    "toy_module.LanternHung": N_("A lantern was hung at %(place)s."),
    "toy_module.no-words": N_("A lantern needs a few words."),
    "toy_module.level-too-low": N_("Confirm your e-mail first."),
}
