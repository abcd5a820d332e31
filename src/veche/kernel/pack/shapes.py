"""What a city pack holds, as frozen dataclasses, and the plain form in which it is kept."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from veche.kernel.geo import Point
from veche.kernel.terms import DayKind, Source, Term

Names = Mapping[str, str]
Geometry = Mapping[str, Any]

GROUPS = ("roads", "security", "social", "infrastructure", "crime")
STAGES = ("answer", "fix", "confirm")
QUESTION_KINDS = ("text", "number", "choice", "yesno", "date")
PLACE_KINDS = ("region", "municipality", "district")
OFFICE_KINDS = ("authority", "agency", "contractor")
REASON_LISTS = ("refused", "sent_back", "not_ours")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNELS = ("email", "site", "form", "phone", "post", "portal")


@dataclass(frozen=True, slots=True)
class Contact:
    """A number to call when waiting for an answer would be dangerous."""

    number: str
    names: Names


@dataclass(frozen=True, slots=True)
class MapGround:
    """Tiles the city has of its own: an XYZ address or a PMTiles file of the pack, never both."""

    url: str = ""
    file: str = ""
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18


@dataclass(frozen=True, slots=True)
class PackCity:
    """The city itself. `reports` holds the settings of the module of that name.

    `boundary_property` is the property of a boundary file that holds a place's code or `boundary_key`.
    """

    code: str
    names: Names
    tz: str
    country: str
    centre: Point
    languages: tuple[str, ...]
    default_language: str
    position: int = 0
    emergency: tuple[Contact, ...] = ()
    map: MapGround | None = None
    boundary_property: str = "place"
    reports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackPlace:
    """A node of the tree of places; the root has no parent. `boundary_key` names it in `boundaries.geojson`."""

    code: str
    kind: str
    names: Names
    centre: Point
    parent: str = ""
    depth: int = 0
    boundary_key: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PackOffice:
    """An authority, an agency or a contractor. `hours` maps `mon`..`sun` to `09:00-18:00`."""

    code: str
    kind: str
    names: Names
    parent: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PackCompetence:
    """One line of the routing table; an empty category or place means every one."""

    office: str
    category: str = ""
    place: str = ""
    source: Source | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PackChoice:
    """One answer of a `choice` question. `terms` replace the subcategory's terms when it is chosen."""

    code: str
    names: Names
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackQuestion:
    """A question that a subcategory asks."""

    code: str
    kind: str
    names: Names
    required: bool = False
    choices: tuple[PackChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class PackCategory:
    """A top category (no parent, one of `GROUPS`) or a subcategory.

    `terms` names a term per clock (`answer`, `fix`, `confirm`); `keywords` and `examples` are per language, for
    suggestion; `standard` says where the requirement is written.
    """

    code: str
    names: Names
    parent: str = ""
    position: int = 0
    hints: Names = field(default_factory=dict)
    symbol: str = ""
    questions: tuple[PackQuestion, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standard: Source | None = None
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class PackTerm:
    """A term with its words: a short name, a text for the page, and whether a lawyer has confirmed it."""

    term: Term
    names: Names
    texts: Names = field(default_factory=dict)
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PackCalendar:
    """What the work calendar is made of; `weekend` counts Monday as 0."""

    tz: str
    country: str = ""
    subdivision: str = ""
    days_off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    weekend: tuple[int, ...] = (5, 6)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of one of `REASON_LISTS`."""

    group: str
    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Template:
    """A text that offices answer with often; an empty office or category means every one."""

    code: str
    titles: Names
    texts: Names
    office: str = ""
    category: str = ""
    verb: str = "answer"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An invented person of the demonstration, for one role."""

    role: str
    email: str
    name: str
    office: str = ""
    post: Names = field(default_factory=dict)
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class DemoStreet:
    """A street with points along it, in the order of its houses."""

    name: str
    place: str
    points: tuple[Point, ...]
    houses: int = 60


@dataclass(frozen=True, slots=True)
class DemoTexts:
    """What people write about a subcategory and what offices answer; `{slots}` are filled from the material.

    The first answer belongs to the first text and so on; a blank one stands for a general answer.
    `weight` is how often it is reported, `months` how that changes from January to December; `office` is where a
    dispatcher sends it when no line of the routing table does.
    """

    category: str
    weight: float
    months: tuple[float, ...]
    texts: tuple[str, ...]
    answers: tuple[str, ...]
    plans: tuple[str, ...] = ()
    details: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    office: str = ""


@dataclass(frozen=True, slots=True)
class DemoMaterial:
    """All a demonstration is told from; nothing of it is about a real person."""

    accounts: tuple[DemoAccount, ...] = ()
    streets: tuple[DemoStreet, ...] = ()
    stories: tuple[DemoTexts, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    send_backs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refusals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plans: tuple[str, ...] = ()
    general_answers: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class PackWitness:
    """Somebody outside who cosigns the journal: a name for people, an address, and a verifier key."""

    name: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class PackWitnesses:
    """The witnesses of the journal, and how many of them must have signed before a checkpoint is shown."""

    needed: int = 0
    witnesses: tuple[PackWitness, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole city pack, checked.

    `outlines` and `boundaries` map place codes to GeoJSON geometries; an outline is coarse and marks what lies outside,
    a boundary is exact. `raw` is JSON-able and holds all but the geometries and the demonstration.
    """

    city: PackCity
    places: tuple[PackPlace, ...]
    offices: tuple[PackOffice, ...]
    competences: tuple[PackCompetence, ...]
    categories: tuple[PackCategory, ...]
    law: tuple[PackTerm, ...]
    notes: Mapping[str, Names]
    calendar: PackCalendar
    reasons: tuple[Reason, ...]
    templates: tuple[Template, ...]
    demo: DemoMaterial
    outlines: Mapping[str, Geometry]
    boundaries: Mapping[str, Geometry]
    raw: Mapping[str, Any]
    witnesses: PackWitnesses = PackWitnesses()

    @property
    def terms(self) -> dict[str, Term]:
        """The terms by code."""
        return {one.term.code: one.term for one in self.law}


def terms_from(raw: Mapping[str, Any]) -> dict[str, Term]:
    """Build the terms out of a pack's plain form (`City.pack`)."""
    return {code: _term(code, one) for code, one in raw.get("terms", {}).items()}


def witnesses_from(raw: Mapping[str, Any]) -> PackWitnesses:
    """Build the witnesses out of a pack's plain form (`City.pack`)."""
    kept = raw.get("witnesses", {})
    return PackWitnesses(
        kept.get("needed", 0), tuple(PackWitness(**one) for one in kept.get("witnesses", ()))
    )


def source_from(raw: Mapping[str, Any]) -> Source:
    """Build a source out of its plain form."""
    since = raw.get("valid_from")
    return Source(
        titles=raw.get("titles", {}),
        article=raw.get("article", ""),
        valid_from=date.fromisoformat(since) if since else None,
        binding=raw.get("binding", True),
    )


def plain(value: Any) -> Any:
    """Turn dataclasses, tuples, dates and enums into what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def plain_term(one: PackTerm) -> dict[str, Any]:
    """The plain form of a term with its words, as `Pack.raw["terms"]` holds it."""
    term: dict[str, Any] = plain(one.term)
    del term["code"]
    return {**term, "names": plain(one.names), "texts": plain(one.texts), "confirmed": one.confirmed}


def _term(code: str, raw: Mapping[str, Any]) -> Term:
    return Term(
        code=code,
        days=raw["days"],
        kind=DayKind(raw["kind"]),
        source=source_from(raw["source"]),
        ends_on_working_day=raw.get("ends_on_working_day", False),
    )
