"""The words of casework: roles, moves, workflow tables, clocks, and the facts that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal
from veche.kernel.words import N_

NO_DETAILS: Mapping[str, str] = MappingProxyType({})


class ActorRole(StrEnum):
    """As what somebody moves a case; it is public, the person is not."""

    CITIZEN = "citizen"
    SUPPORTER = "supporter"
    OFFICER = "officer"
    DISPATCHER = "dispatcher"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


# What is written in these roles is a person's own; in all others it is the city's.
PERSONAL_ROLES: frozenset[ActorRole] = frozenset({ActorRole.CITIZEN, ActorRole.SUPPORTER})


class Need(StrEnum):
    """What a move cannot do without."""

    TEXT = "text"
    REASON = "reason"
    DATE = "date"
    OFFICE = "office"
    DUPLICATE_OF = "duplicate_of"


class Stage(StrEnum):
    """What a clock measures: the office's answer, the repair itself, or the author's confirmation."""

    ANSWER = "answer"
    FIX = "fix"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Transition:
    """One move of a workflow: from which statuses to which, by whom, with what.

    `reasons` names the pack's list of reasons; `starts` and `stops` are clocks; those of `resumes` run on to their old
    deadline as if they had never been stopped. `says` is the English sentence the citizen reads, with `%(office)s`,
    `%(date)s` and `%(number)s` where it needs them.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[ActorRole]
    needs: frozenset[Need] = frozenset()
    reasons: str = ""
    starts: tuple[Stage, ...] = ()
    stops: tuple[Stage, ...] = ()
    resumes: tuple[Stage, ...] = ()
    says: str = ""

    @property
    def answers(self) -> bool:
        """Whether by this move the office gives its answer, also one that refuses."""
        return Stage.ANSWER in self.stops and Stage.CONFIRM in self.starts

    @property
    def objects(self) -> bool:
        """Whether the citizen objects to an answer by this move: it must come within the confirmation's term."""
        return Stage.CONFIRM in self.stops and Stage.ANSWER in self.starts


@dataclass(frozen=True, slots=True)
class Workflow:
    """A module's table of moves. A verb stands in it once; what is not in it cannot be done."""

    name: str
    start: str
    transitions: tuple[Transition, ...]
    closed: frozenset[str]
    waiting_for_office: frozenset[str]
    waiting_for_citizen: frozenset[str]

    def transition(self, verb: str) -> Transition | None:
        """The line of the table for a verb."""
        return next((line for line in self.transitions if line.verb == verb), None)

    @property
    def waiting_for_dispatcher(self) -> frozenset[str]:
        """The statuses in which no office owes anything yet, or none does any more."""
        return self.statuses - self.closed - self.waiting_for_office - self.waiting_for_citizen

    @property
    def statuses(self) -> frozenset[str]:
        """Every status the table knows."""
        return frozenset({self.start}).union(*({*line.sources, line.target} for line in self.transitions))


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody wants to do with a case. `details` are public plain words kept with the step."""

    verb: str
    text: str = ""
    reason: str = ""
    planned_on: date | None = None
    office_id: UUID | None = None
    duplicate_of: UUID | None = None
    template_id: UUID | None = None
    details: Mapping[str, str] = field(default_factory=lambda: NO_DETAILS)


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a case as pages show it. `source` is plain: titles, article, since when, binding or not."""

    stage: str
    term: str
    days: int
    kind: str
    source: Mapping[str, object]
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    missed_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether nothing has stopped it yet; a missed clock still runs."""
        return self.stopped_at is None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the timeline. There is no person in it, only the role in which somebody acted."""

    id: UUID
    position: int
    at: datetime
    verb: str
    from_status: str
    to_status: str
    actor_role: str
    office_id: UUID | None
    text: str
    reason: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as lists and queues read it."""

    id: UUID
    city_id: UUID
    subject: SubjectRef
    workflow: str
    status: str
    office_id: UUID | None
    officer_id: UUID | None
    clock: str
    due_at: datetime | None
    overdue_at: datetime | None
    planned_on: date | None
    not_ours_count: int
    steps_count: int
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a workplace shows of its queue; empty means all open cases.

    `mine` is the officer's own person; `subject_kind` one module's cases.
    """

    status: str = ""
    overdue: bool = False
    mine: UUID | None = None
    unassigned: bool = False
    subject_kind: str = ""


@dataclass(frozen=True, slots=True)
class QueueKey:
    """Where a page of a queue ended: the next page begins after it."""

    due_at: datetime | None
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an office usually answers: days at the middle and at four of five, out of how many answers."""

    median_days: float
    p80_days: float
    answers: int


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A text that offices answer with often; no office means every office of the city."""

    id: UUID
    office_id: UUID | None
    title: str
    text: str
    language: str
    verb: str = "answer"
    category: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of one case of a bulk assignment."""

    case_id: UUID
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Fact):
    """A case was opened on a subject; without an office the dispatcher decides. `due_at` is the first deadline."""

    status: str
    office_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Fact):
    """A case took one step of its workflow. `due_at` is the deadline that runs from then on."""

    verb: str
    from_status: str
    to_status: str
    role: str
    position: int
    office_id: UUID | None = None
    reason: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHandedOver(Fact):
    """A case went from one office to another; its clocks run on."""

    to_office_id: UUID
    position: int
    from_office_id: UUID | None = None
    reason: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssigned(Fact):
    """An office gave a case to one of its officers, or took it back. Who that is stays inside the office."""

    assigned: bool
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(Fact):
    """A clock ran out. `stage` says whose: `answer` and `fix` are the office's, `confirm` is the author's."""

    stage: str
    due_at: datetime
    office_id: UUID | None = None


# The stages in which the office owes something; the remaining one is the author's.
OFFICE_STAGES: frozenset[str] = frozenset({Stage.ANSWER, Stage.FIX})
FACTS: tuple[type[Fact], ...] = (CaseOpened, CaseMoved, CaseHandedOver, CaseAssigned, DeadlineMissed)

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "casework.CaseOpened": N_("a case was opened"),
        "casework.CaseMoved": N_("a step was taken"),
        "casework.CaseHandedOver": N_("handed to another office"),
        "casework.CaseAssigned": N_("an officer was chosen"),
        "casework.DeadlineMissed": N_("a term was missed"),
    }
)
STAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Stage.ANSWER: N_("the answer"),
        Stage.FIX: N_("the repair"),
        Stage.CONFIRM: N_("the author's word"),
    }
)
ROLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        ActorRole.CITIZEN: N_("the author"),
        ActorRole.SUPPORTER: N_("a supporter"),
        ActorRole.OFFICER: N_("an officer"),
        ActorRole.DISPATCHER: N_("the dispatcher"),
        ActorRole.MODERATOR: N_("a moderator"),
        ActorRole.ADMINISTRATOR: N_("the city administrator"),
        ActorRole.SYSTEM: N_("the system"),
    }
)

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "casework.CaseOpened": N_("A case was opened: from now on an answer is owed."),
        "casework.CaseMoved": N_("A step was taken: %(from_status)s → %(to_status)s."),
        "casework.CaseHandedOver": N_("Another office answers now; the clock runs on."),
        "casework.CaseAssigned": N_("The office chose who of its people answers."),
        "casework.DeadlineMissed": N_("The term for %(stage)s has passed."),
        "casework.unknown-verb": N_("This step does not exist here. Nothing was changed."),
        "casework.wrong-state": N_(
            "This step is not possible now: somebody may have been quicker. Look at the newest state and choose again."
        ),
        "casework.wrong-role": N_("This step is for somebody else to take."),
        "casework.text-missing": N_("Write a few words here: people read them."),
        "casework.text-too-short": N_(
            "Say it in at least %(least)s characters, so that it can be understood."
        ),
        "casework.text-too-long": N_("Keep the text under %(most)s characters."),
        "casework.reason-missing": N_("Choose a reason."),
        "casework.reason-unknown": N_("Choose a reason from the list."),
        "casework.date-missing": N_("Name the day."),
        "casework.date-past": N_("This day is already over. Name today or a later day."),
        "casework.date-too-far": N_("This day is too far away. Name a day within %(years)s years."),
        "casework.office-missing": N_("Choose an office."),
        "casework.same-office": N_("The case is with this office already."),
        "casework.duplicate-missing": N_("Name the earlier report that says the same."),
        "casework.too-late": N_(
            "The term to object has passed. If the problem is still there, file a new report."
        ),
        "casework.not-found": N_("There is no such case. Nothing was changed."),
        "casework.closed": N_("The case is closed. Nothing was changed."),
        "casework.officer-unknown": N_(
            "This person does not answer for the office. Choose one of its officers."
        ),
        "casework.too-many": N_("Choose at most %(most)s cases at once."),
        "casework.title-missing": N_("Give the template a title."),
        "casework.title-too-long": N_("Keep the title under %(most)s characters."),
        "casework.not-your-template": N_(
            "Templates are kept by officers of the office and by administrators."
        ),
    }
)
