"""What may be done with a case, and until when: pure answers out of a workflow, terms and a calendar."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from uuid import UUID

from veche.commons.casework.terms import (
    ActorRole,
    ClockView,
    Move,
    Need,
    Pace,
    Transition,
    Workflow,
)
from veche.kernel.calendar import WorkCalendar
from veche.kernel.refusals import Refusal
from veche.kernel.terms import DayKind, Term

LEAST_TEXT = 10
MOST_TEXT = 10_000
MOST_TITLE = 120
FARTHEST_YEARS = 5
FEWEST_ANSWERS = 5
_MOMENT = timedelta(microseconds=1)


def due_at(received_at: datetime, term: Term, calendar: WorkCalendar) -> datetime:
    """Say when an office must have answered.

    Units: term.days are working or calendar days; the result is UTC, the end of the last day, exclusive.
    Refuses: never.
    Source: the article named in term.source.
    """
    day = calendar.local_date(received_at)
    if term.kind is DayKind.CALENDAR:
        last = day + timedelta(days=term.days)
    else:
        last = calendar.add_working_days(day, term.days)
    if term.ends_on_working_day:
        last = calendar.on_or_after(last)
    return calendar.end_of(last)


def last_day(due: datetime, calendar: WorkCalendar) -> date:
    """The city's calendar day on which something is still in time: what people read as "until".

    Units: `due` is a deadline as `due_at` answers it, exclusive.
    Refuses: never.
    """
    return calendar.local_date(due - _MOMENT)


def remaining(now: datetime, due: datetime, calendar: WorkCalendar) -> int:
    """How many working days are left: 0 on the last day, negative when the term has passed.

    Units: working days after today up to and with the last day; a day off at the end leaves 0 as well.
    Refuses: never.
    """
    return calendar.working_days_between(calendar.local_date(now), last_day(due, calendar))


def next_clock(clocks: Iterable[ClockView]) -> ClockView | None:
    """The running clock that ends first; None when none runs.

    Refuses: never.
    """
    running = (clock for clock in clocks if clock.is_running)
    return min(running, key=lambda clock: (clock.due_at, clock.stage), default=None)


def may_move(
    workflow: Workflow,
    status: str,
    move: Move,
    roles: Collection[ActorRole],
    *,
    today: date,
    reasons: Mapping[str, Collection[str]],
    office_id: UUID | None = None,
    too_late: bool = False,
) -> Transition | tuple[Refusal, ...]:
    """Say whether a case may take this step, and everything that is missing at once.

    `reasons` are the pack's lists; `office_id` is who has the case; `too_late` that the term to object is over.
    Units: `today` is the city's calendar day.
    Refuses: `casework.unknown-verb`, `casework.wrong-state`, `casework.wrong-role`, `casework.too-late`; beside their
    fields `casework.text-*`, `-reason-*`, `-date-*`, `-office-missing`, `-same-office`, `-duplicate-missing`.
    """
    transition = workflow.transition(move.verb)
    if transition is None:
        return (Refusal("casework.unknown-verb"),)
    if status not in transition.sources:
        return (Refusal("casework.wrong-state"),)
    if not transition.roles & frozenset(roles):
        return (Refusal("casework.wrong-role"),)
    if transition.objects and too_late:
        return (Refusal("casework.too-late"),)
    stays = status == transition.target
    refusals = (
        *check_text(move.text, needed=Need.TEXT in transition.needs),
        *_check_reason(transition, move.reason, reasons),
        *_check_date(transition, move.planned_on, today),
        *_check_office(transition, move.office_id, office_id if stays else None),
        *_check_duplicate(transition, move.duplicate_of),
    )
    return refusals or transition


def acting_role(transition: Transition, roles: Collection[ActorRole]) -> ActorRole:
    """The role in which a step counts when somebody holds several that may take it.

    Refuses: never; `may_move` has found one.
    """
    return next(role for role in ActorRole if role in roles and role in transition.roles)


def check_text(text: str, *, needed: bool, field: str = "text") -> tuple[Refusal, ...]:
    """Say what is wrong with a text that people will read.

    Units: characters without the blanks around them.
    Refuses: `casework.text-missing`, `casework.text-too-short`, `casework.text-too-long`.
    """
    length = len(text.strip())
    if length > MOST_TEXT:
        return (Refusal("casework.text-too-long", field, {"most": MOST_TEXT}),)
    if not needed or length >= LEAST_TEXT:
        return ()
    if length == 0:
        return (Refusal("casework.text-missing", field),)
    return (Refusal("casework.text-too-short", field, {"least": LEAST_TEXT}),)


def check_template(title: str, text: str) -> tuple[Refusal, ...]:
    """Say what is wrong with a template for answers.

    Refuses: `casework.title-missing`, `casework.title-too-long` and what `check_text` refuses.
    """
    length = len(title.strip())
    wrong: tuple[Refusal, ...] = ()
    if length == 0:
        wrong = (Refusal("casework.title-missing", "title"),)
    elif length > MOST_TITLE:
        wrong = (Refusal("casework.title-too-long", "title", {"most": MOST_TITLE}),)
    return (*wrong, *check_text(text, needed=True))


def pace(durations: Sequence[float]) -> Pace | None:
    """How long answers usually take; None while there are too few of them to say.

    Units: days from the opening of a case to its answer.
    Refuses: never.
    """
    if len(durations) < FEWEST_ANSWERS:
        return None
    ordered = sorted(durations)
    return Pace(median(ordered), ordered[ceil(0.8 * len(ordered)) - 1], len(ordered))


def _check_reason(
    transition: Transition, reason: str, reasons: Mapping[str, Collection[str]]
) -> tuple[Refusal, ...]:
    if not reason:
        return (Refusal("casework.reason-missing", "reason"),) if Need.REASON in transition.needs else ()
    if reason not in reasons.get(transition.reasons, ()):
        return (Refusal("casework.reason-unknown", "reason"),)
    return ()


def _check_date(transition: Transition, day: date | None, today: date) -> tuple[Refusal, ...]:
    if day is None:
        return (Refusal("casework.date-missing", "planned_on"),) if Need.DATE in transition.needs else ()
    if day < today:
        return (Refusal("casework.date-past", "planned_on"),)
    if day.year > today.year + FARTHEST_YEARS:
        return (Refusal("casework.date-too-far", "planned_on", {"years": FARTHEST_YEARS}),)
    return ()


def _check_office(
    transition: Transition, office_id: UUID | None, holder_id: UUID | None
) -> tuple[Refusal, ...]:
    if Need.OFFICE not in transition.needs:
        return ()
    if office_id is None:
        return (Refusal("casework.office-missing", "office"),)
    return (Refusal("casework.same-office", "office"),) if office_id == holder_id else ()


def _check_duplicate(transition: Transition, duplicate_of: UUID | None) -> tuple[Refusal, ...]:
    if Need.DUPLICATE_OF in transition.needs and duplicate_of is None:
        return (Refusal("casework.duplicate-missing", "duplicate_of"),)
    return ()
