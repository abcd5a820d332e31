"""The clocks of a case: started, stopped and missed, and what the case repeats of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import F

from veche.commons.casework import rules
from veche.commons.casework.models import Case, Clock
from veche.commons.casework.terms import OFFICE_STAGES, ClockView, DeadlineMissed, Stage
from veche.kernel.calendar import WorkCalendar
from veche.kernel.refs import SubjectRef
from veche.kernel.terms import Source, Term


def start(case: Case, stage: Stage, term: Term, *, calendar: WorkCalendar, now: datetime) -> Clock:
    """A clock that begins now; the caller saves it."""
    return Clock(
        case=case,
        stage=stage.value,
        term=term.code,
        days=term.days,
        kind=term.kind.value,
        source=_plain(term.source),
        started_at=now,
        due_at=rules.due_at(now, term, calendar),
    )


def start_missing(
    clocks: list[Clock],
    case: Case,
    stages: Iterable[Stage],
    terms: Mapping[Stage, Term],
    *,
    calendar: WorkCalendar,
    now: datetime,
) -> None:
    """Start and save the clocks the stages ask for; a stage whose old clock still runs keeps it."""
    running = {clock.stage for clock in clocks if clock.stopped_at is None}
    fresh = [
        start(case, stage, terms[stage], calendar=calendar, now=now)
        for stage in stages
        if stage in terms and stage not in running
    ]
    Clock.objects.bulk_create(fresh)
    clocks += fresh


def stop(clocks: Iterable[Clock], stages: Collection[str], *, now: datetime) -> None:
    """Stop the running clocks of these stages; whether they were missed stays with them forever."""
    stopped = [clock for clock in clocks if clock.stopped_at is None and clock.stage in stages]
    for clock in stopped:
        clock.stopped_at = now
    if stopped:
        Clock.objects.filter(pk__in=[clock.pk for clock in stopped]).update(stopped_at=now)


def resume(clocks: Iterable[Clock], stages: Collection[str]) -> list[Clock]:
    """Let the last clock of each stage run on, without saving; answers those that had been stopped."""
    last = {clock.stage: clock for clock in sorted(clocks, key=lambda one: one.started_at)}
    resumed = [clock for stage, clock in last.items() if stage in stages and clock.stopped_at is not None]
    for clock in resumed:
        clock.stopped_at = None
    return resumed


def miss(clocks: Iterable[Clock], *, now: datetime) -> list[Clock]:
    """Mark, without saving, the running clocks whose time is over; answers those marked, each once in its life.

    A clock is missed at its deadline, however late somebody looks. The author's clock ends with it: nothing is owed.
    """
    missed = [
        clock
        for clock in clocks
        if clock.stopped_at is None and clock.missed_at is None and clock.due_at <= now
    ]
    for clock in missed:
        clock.missed_at = clock.due_at
        if clock.stage not in OFFICE_STAGES:
            clock.stopped_at = clock.due_at
    return missed


def save_missed(missed: Iterable[Clock]) -> None:
    """Save what `miss` marked."""
    ids = [clock.pk for clock in missed]
    if ids:
        Clock.objects.filter(pk__in=ids).update(missed_at=F("due_at"))
        Clock.objects.filter(pk__in=ids).exclude(stage__in=OFFICE_STAGES).update(stopped_at=F("due_at"))


def missed_fact(clock: Clock, case: Case, *, now: datetime) -> DeadlineMissed:
    """What the journal keeps of a missed clock."""
    return DeadlineMissed(
        ref=ref_of(case),
        at=now,
        city_id=case.city_id,
        stage=clock.stage,
        due_at=clock.due_at,
        office_id=case.office_id,
    )


def repeat(case: Case, clocks: Iterable[Clock]) -> None:
    """Write into the case what lists need of its clocks: the one that ends first, and whether the office is late."""
    views = [view_of(clock) for clock in clocks]
    first = rules.next_clock(views)
    case.clock, case.due_at = (first.stage, first.due_at) if first else ("", None)
    late = [
        view.due_at for view in views if view.is_running and view.missed_at and view.stage in OFFICE_STAGES
    ]
    case.overdue_at = min(late, default=None)


def is_too_late(clocks: Iterable[Clock], *, now: datetime) -> bool:
    """Whether the term to object to the last answer is over."""
    confirming = [clock for clock in clocks if clock.stage == Stage.CONFIRM]
    last = max(confirming, key=lambda clock: clock.started_at, default=None)
    return last is not None and last.due_at <= now


def view_of(clock: Clock) -> ClockView:
    """The clock as rules read it."""
    return ClockView(
        stage=clock.stage,
        term=clock.term,
        days=clock.days,
        kind=clock.kind,
        source=clock.source,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        missed_at=clock.missed_at,
    )


def ref_of(case: Case) -> SubjectRef:
    """The name of the thing a case is about: facts of casework are facts about it."""
    return SubjectRef(case.subject_kind, case.subject_id)


def _plain(source: Source) -> dict[str, object]:
    return {
        "titles": dict(source.titles),
        "article": source.article,
        "valid_from": source.valid_from.isoformat() if source.valid_from else None,
        "binding": source.binding,
    }
