"""The words of reports: statuses, the workflow table, what is filed, and the facts that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from veche.commons.casework.terms import ActorRole, Need, Stage, Transition, Workflow
from veche.kernel.facts import Fact
from veche.kernel.geo import Point
from veche.kernel.refs import SubjectRef
from veche.kernel.words import N_

REPORT = "reports.report"
APPROXIMATE = "~pin"  # beside the answers to questions, whose codes are slugs

HIDE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "personal-data": N_("it shows somebody's personal data"),
        "insult": N_("it insults people"),
        "advertising": N_("it is advertising"),
        "not-a-problem": N_("it describes no problem of the city"),
        "forbidden": N_("the law forbids to publish it"),
        "by-mistake": N_("it was hidden by mistake"),
    }
)


class Status(StrEnum):
    """Where a report stands."""

    NEW = "new"
    ROUTED = "routed"
    IN_WORK = "in_work"
    PLANNED = "planned"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"


STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Status.NEW: N_("new"),
        Status.ROUTED: N_("with the office"),
        Status.IN_WORK: N_("in work"),
        Status.PLANNED: N_("planned"),
        Status.ANSWERED: N_("answered"),
        Status.CONFIRMED: N_("confirmed"),
        Status.SENT_BACK: N_("sent back"),
        Status.REFUSED: N_("refused"),
        Status.DUPLICATE: N_("duplicate"),
        Status.NOT_OURS: N_("with the dispatcher"),
    }
)

OPEN = frozenset(
    {Status.NEW, Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK, Status.NOT_OURS}
)
_AT_OFFICE = (Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK)
_OFFICER = frozenset({ActorRole.OFFICER})
_AUTHOR = frozenset({ActorRole.CITIZEN})
_ROUTERS = frozenset({ActorRole.DISPATCHER, ActorRole.SYSTEM})

WORKFLOW = Workflow(
    name="reports",
    start=Status.NEW,
    transitions=(
        Transition(
            "route",
            (Status.NEW, Status.NOT_OURS, Status.ROUTED),
            Status.ROUTED,
            _ROUTERS,
            needs=frozenset({Need.OFFICE}),
            says=N_("We passed the report to %(office)s."),
        ),
        Transition(
            "take",
            (Status.ROUTED, Status.SENT_BACK),
            Status.IN_WORK,
            _OFFICER,
            says=N_("%(office)s took the report into work."),
        ),
        Transition(
            "plan",
            _AT_OFFICE,
            Status.PLANNED,
            _OFFICER,
            needs=frozenset({Need.DATE}),
            says=N_("%(office)s planned the work for %(date)s."),
        ),
        Transition(
            "answer",
            _AT_OFFICE,
            Status.ANSWERED,
            _OFFICER,
            needs=frozenset({Need.TEXT}),
            stops=(Stage.ANSWER, Stage.FIX),
            starts=(Stage.CONFIRM,),
            says=N_("%(office)s answered. Now it is for the author to confirm."),
        ),
        Transition(
            "refuse",
            _AT_OFFICE,
            Status.REFUSED,
            _OFFICER,
            needs=frozenset({Need.TEXT, Need.REASON}),
            reasons="refused",
            stops=(Stage.ANSWER, Stage.FIX),
            starts=(Stage.CONFIRM,),
            says=N_("%(office)s refused and gave the reason."),
        ),
        Transition(
            "not_ours",
            _AT_OFFICE,
            Status.NOT_OURS,
            _OFFICER,
            needs=frozenset({Need.REASON}),
            reasons="not_ours",
            says=N_(
                "%(office)s says that this is not theirs. The dispatcher decides who answers; the clock runs on."
            ),
        ),
        Transition(
            "confirm",
            (Status.ANSWERED,),
            Status.CONFIRMED,
            _AUTHOR,
            stops=(Stage.CONFIRM,),
            says=N_("The author confirmed that it is done."),
        ),
        Transition(
            "confirm_by_silence",
            (Status.ANSWERED,),
            Status.CONFIRMED,
            frozenset({ActorRole.SYSTEM}),
            stops=(Stage.CONFIRM,),
            says=N_("The author did not object within the term, so the answer counts as confirmed."),
        ),
        Transition(
            "send_back",
            (Status.ANSWERED, Status.REFUSED),
            Status.SENT_BACK,
            _AUTHOR,
            needs=frozenset({Need.TEXT, Need.REASON}),
            reasons="sent_back",
            stops=(Stage.CONFIRM,),
            starts=(Stage.ANSWER,),
            says=N_("The author sent the answer back. %(office)s has to answer again."),
        ),
        Transition(
            "duplicate",
            (Status.NEW, Status.NOT_OURS, *_AT_OFFICE),
            Status.DUPLICATE,
            frozenset({ActorRole.OFFICER, ActorRole.DISPATCHER}),
            needs=frozenset({Need.DUPLICATE_OF}),
            stops=(Stage.ANSWER, Stage.FIX),
            says=N_("The same problem was reported earlier; follow it under number %(number)s."),
        ),
    ),
    closed=frozenset({Status.CONFIRMED, Status.REFUSED, Status.DUPLICATE}),
    waiting_for_office=frozenset({Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK}),
    waiting_for_citizen=frozenset({Status.ANSWERED}),
)


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
    """When a report was hidden, and for which reason of `HIDE_REASONS`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reports drawn as one mark: how many, where their middle is, and how many of each status."""

    lat: float
    lon: float
    count: int
    statuses: Mapping[str, int]
    row: "ReportRow | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(Fact):
    """A report was filed."""

    number: str
    category: str
    group: str
    place: str
    office: str = ""
    status: str = Status.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJoined(Fact):
    """Another resident joined a report."""

    number: str
    supporters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLeft(Fact):
    """A resident who had joined a report took it back."""

    number: str
    supporters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHidden(Fact):
    """A moderator hid a report from the public. `reason` is a code of `HIDE_REASONS`."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown(Fact):
    """A moderator showed a hidden report again."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsImported(Fact):
    """A file of reports from another system was taken in. `ref` names the city."""

    source: str
    rows: int


SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "reports.ReportFiled": N_("Report %(number)s was filed."),
        "reports.ReportJoined": N_("Another resident joined report %(number)s; they are %(supporters)s now."),
        "reports.ReportLeft": N_("A resident left report %(number)s; %(supporters)s still follow it."),
        "reports.ReportHidden": N_("A moderator hid report %(number)s. Reason: %(reason)s."),
        "reports.ReportShown": N_("A moderator showed report %(number)s again. Reason: %(reason)s."),
        "reports.ReportsImported": N_("%(rows)s reports were taken over from “%(source)s”."),
        "reports.unknown-category": N_("Choose what the report is about."),
        "reports.answer-missing": N_(
            "Please answer this question: the office needs it to find the place or the cause."
        ),
        "reports.answer-not-a-number": N_("Write a number here, for example 3 or 2.5."),
        "reports.answer-not-a-date": N_("Write a date here, for example 2026-03-14."),
        "reports.answer-not-a-choice": N_("Choose one of the answers offered."),
        "reports.answer-too-long": N_("Keep this answer under %(most)s characters."),
        "reports.level-too-low": N_("Confirm your e-mail first: the office must be able to answer you."),
        "reports.not-found": N_(
            "There is no report with this number here. Check the digits; nothing was changed."
        ),
        "reports.not-yours": N_("Only the author of the report can do this."),
        "reports.not-your-office": N_("This report is with another office."),
        "reports.own-report": N_("It is your own report: you follow it already."),
        "reports.closed": N_(
            "This report is closed, so nobody can join it. If the problem is back, file a new one."
        ),
        "reports.duplicate-of-itself": N_("A report cannot be a duplicate of itself."),
        "reports.too-late": N_(
            "The term for this has passed. If the problem is still there, file a new report."
        ),
        "reports.office-unknown": N_("There is no such office in this city."),
        "reports.no-point": N_(
            "Show the place: put the pin on the map, choose the district from the list, or take the place from a photo."
        ),
        "reports.draft-gone": N_("This form was sent or put away already. Nothing was sent twice."),
        "reports.email-needed": N_("Write your e-mail: we send a link there that confirms the report."),
        "reports.email-wrong": N_("This does not look like an e-mail address. Check it, please."),
        "reports.hide-reason": N_("Choose the reason: everybody will see it in place of the report."),
        "reports.not-family": N_(
            "Hand it over only to your parent, sister or child office; otherwise say “not ours”."
        ),
        "reports.date-wrong": N_("Write the day as year-month-day, for example 2026-03-14."),
        "reports.nothing-ticked": N_("Tick at least one report first."),
        "reports.officer-missing": N_("Choose the officer who gets them."),
        "reports.act-missing": N_("Choose what to do with the ticked reports."),
        "reports.role-unknown": N_("Choose one of the roles."),
        "reports.post-missing": N_("Write the name of the post: the public sees it instead of a name."),
        "reports.too-many-photos": N_("Add at most %(most)s photographs."),
        "reports.mapping-unknown": N_("The mapping has a key nobody knows: %(key)s."),
        "reports.mapping-missing": N_("The mapping lacks %(key)s."),
        "reports.mapping-wrong": N_("The mapping cannot be read: %(key)s."),
        "reports.file-unreadable": N_("The file %(file)s cannot be read."),
        "reports.file-encoding": N_("The file is in none of these encodings: %(encodings)s."),
        "reports.file-empty": N_("The file is empty."),
        "reports.file-column": N_("The file has no column %(column)s."),
        "reports.row-fields": N_("The row has %(found)s fields, the header has %(wanted)s."),
        "reports.row-blank": N_("This field must not be blank."),
        "reports.row-date": N_("This is no date in the formats of the mapping: %(value)s."),
        "reports.row-future": N_("It was filed in the future."),
        "reports.row-closed-early": N_("It was closed before it was filed."),
        "reports.row-point": N_("The latitude and longitude name no point."),
        "reports.row-category": N_("The mapping has no category for “%(value)s”."),
        "reports.row-too-long": N_("This is longer than %(limit)s characters."),
        "reports.row-unreadable": N_("The row cannot be read: its quotes do not match."),
        "reports.row-no-office": N_("It was answered, and no office for it is known: name it in the mapping."),
        "reports.row-status": N_("The mapping has no status for “%(value)s”."),
        "reports.too-many": N_("Choose at most %(most)s reports at once."),
    }
)
