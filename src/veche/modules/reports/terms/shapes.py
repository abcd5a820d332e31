"""What is filed, what is listed, what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from veche.kernel.geo import Point
from veche.kernel.refs import SubjectRef


class AnswerKind(StrEnum):
    """What a subcategory's question is answered with."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YESNO = "yesno"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Question:
    """A question a subcategory asks.

    `choices` maps codes to names in each language; `terms` maps a choice to the terms it brings (a road's class).
    """

    code: str
    kind: AnswerKind
    names: Mapping[str, str]
    required: bool = False
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category as pages and rules see it; a top category has no parent."""

    id: UUID
    code: str
    group: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    symbol: str
    questions: tuple[Question, ...]
    terms: Mapping[str, str]
    is_group: bool
    retired: bool = False


@dataclass(frozen=True, slots=True)
class CompetenceLine:
    """One line of the routing table: an empty category or place means every one."""

    office_id: UUID
    office_code: str
    category: str = ""
    place_id: UUID | None = None
    origin: str = "pack"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Which office owes the answer, and the line of the table that says so."""

    office_id: UUID
    line: CompetenceLine
    place_code: str
    runner_up: UUID | None = None

    def why(self) -> dict[str, str]:
        """The reason in plain values, kept with the report."""
        return {"category": self.line.category, "place": self.place_code, "origin": self.line.origin}


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a citizen files. `id` comes from the draft or the client: filing it twice files it once.

    `approximate` says that the point is only the middle of the place somebody named.
    """

    id: UUID
    city_id: UUID
    category: str
    text: str
    point: Point
    approximate: bool = False
    address: str = ""
    language: str = "ru"
    anonymous: bool = True
    channel: str = "web"
    answers: Mapping[str, str] = field(default_factory=dict)
    photos_from: SubjectRef | None = None


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What a list, a map or a feed shows. Empty means everything that is public."""

    group: str = ""
    category: str = ""
    status: str = ""
    place: str = ""
    office: str = ""
    overdue: bool = False
    text: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the map's counters, kept per status and group, answer it."""
        return not (self.category or self.place or self.office or self.overdue or self.text)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of a list."""

    id: UUID
    serial: int
    title: str
    status: str
    overdue: bool
    category_id: UUID
    office_id: UUID | None
    place_id: UUID
    address: str
    lat: float
    lon: float
    filed_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    supporters: int
    photo_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the report's own page shows, apart from steps, clocks and photographs.

    `author_id` decides what its reader may do and is never shown.
    """

    row: ReportRow
    city_id: UUID
    case_id: UUID
    submission_id: UUID
    author_id: UUID | None
    anonymous: bool
    text: str
    details: Mapping[str, str]
    language: str
    channel: str
    source: str
    why: Mapping[str, str]
    planned_on: date | None
    not_ours_count: int
    officer_id: UUID | None
    duplicate_of: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Hiding:
    """When a report was hidden, for which reason of `HIDE_REASONS`, by whom (a role), by which order of a court.

    `fact_id` is the line of the journal that says so.
    """

    at: datetime
    reason: str
    role: str
    order: str
    fact_id: UUID


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reports drawn as one mark: how many, where their middle is, and how many of each status."""

    lat: float
    lon: float
    count: int
    statuses: Mapping[str, int]
    row: "ReportRow | None" = None
