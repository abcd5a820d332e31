"""Cases that lived elsewhere: an import or a demonstration replays what happened, in bulk, by the same table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.casework.models import Case, Clock, Step
from veche.commons.casework.queries import private_of
from veche.commons.casework.services import clocks as ticking
from veche.commons.casework.services.moving import details_of, follow, owner_of
from veche.commons.casework.terms import OFFICE_STAGES, ActorRole, CaseMoved, Move, Stage, Workflow
from veche.commons.journal import services as journal
from veche.commons.journal.terms import PrivateFact
from veche.kernel.calendar import WorkCalendar
from veche.kernel.refs import SubjectRef
from veche.kernel.terms import DayKind, Term

_BATCH = 500
EARLIER_SYSTEM = {"ru": "Срок прежней системы", "en": "The term of the earlier system"}


@dataclass(frozen=True, slots=True)
class PastMove:
    """A step that was taken: when, in which role, and by whom where that is known."""

    at: datetime
    move: Move
    role: ActorRole
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One case as it went: opened with a status and an office, then its steps in order.

    A `due_at` is the deadline another system gave for the answer; it takes the place of the pack's term.
    """

    ref: SubjectRef
    city_id: UUID
    status: str
    office_id: UUID | None
    terms: Mapping[Stage, Term]
    opened_at: datetime
    due_at: datetime | None = None
    moves: tuple[PastMove, ...] = ()


@dataclass(slots=True)
class _Replay:
    case: Case
    clocks: list[Clock]
    steps: list[Step]
    # The deadline that ran after each step.
    dues: list[datetime | None] = field(default_factory=list)


@transaction.atomic
def write_histories(
    histories: Iterable[History],
    *,
    workflow: Workflow,
    calendar: WorkCalendar,
    now: datetime,
    recorded: bool = False,
) -> list[Case]:
    """Write cases with the lives they had; a step the table does not allow is left out.

    `recorded` also writes each step into the journal, as told and not to be delivered: nobody is notified of the past.
    Units: moments are UTC; clocks that ran out before `now` count as missed.
    Refuses: never.
    """
    replays = [_replay(one, workflow=workflow, calendar=calendar, now=now) for one in histories]
    Case.objects.bulk_create([one.case for one in replays], batch_size=_BATCH)
    Clock.objects.bulk_create([clock for one in replays for clock in one.clocks], batch_size=_BATCH)
    steps = [step for one in replays for step in one.steps]
    Step.objects.bulk_create(steps, batch_size=_BATCH)
    if recorded:
        journal.record_many(
            (
                PrivateFact(_fact(one.case, step, due_at), private_of(step), owner_of(step))
                for one in replays
                for step, due_at in zip(one.steps, one.dues, strict=True)
            ),
            delivered=True,
        )
    return [one.case for one in replays]


def _replay(history: History, *, workflow: Workflow, calendar: WorkCalendar, now: datetime) -> _Replay:
    case = Case(
        city_id=history.city_id,
        subject_kind=history.ref.kind,
        subject_id=history.ref.id,
        workflow=workflow.name,
        status=str(history.status),
        office_id=history.office_id,
        opened_at=history.opened_at,
    )
    replay = _Replay(case, [], [])
    _start(replay, OFFICE_STAGES, history, calendar=calendar, at=history.opened_at)
    if history.due_at is not None and history.due_at > history.opened_at:
        _promised(replay, history.due_at)
    for past in history.moves:
        _step(replay, past, history, workflow=workflow, calendar=calendar)
    ticking.miss(replay.clocks, now=now)
    ticking.repeat(case, replay.clocks)
    return replay


def _step(
    replay: _Replay, past: PastMove, history: History, *, workflow: Workflow, calendar: WorkCalendar
) -> None:
    case, transition = replay.case, workflow.transition(past.move.verb)
    if transition is None or case.status not in transition.sources or past.role not in transition.roles:
        return
    ticking.miss(replay.clocks, now=past.at)
    case.steps_count += 1
    replay.steps.append(
        Step(
            case=case,
            position=case.steps_count,
            at=past.at,
            verb=past.move.verb,
            from_status=case.status,
            to_status=str(transition.target),
            actor_role=past.role.value,
            actor_id=past.actor_id,
            office_id=past.move.office_id or case.office_id,
            text=past.move.text.strip(),
            reason=past.move.reason,
            details=details_of(past.move),
        )
    )
    follow(case, transition, past.move, workflow=workflow, now=past.at)
    stopped = tuple(Stage) if transition.target in workflow.closed else transition.stops
    for clock in replay.clocks:
        if clock.stopped_at is None and clock.stage in stopped:
            clock.stopped_at = past.at
    ticking.resume(replay.clocks, transition.resumes)
    _start(replay, transition.starts, history, calendar=calendar, at=past.at)
    ticking.repeat(case, replay.clocks)
    replay.dues.append(case.due_at)


def _start(
    replay: _Replay, stages: Collection[str], history: History, *, calendar: WorkCalendar, at: datetime
) -> None:
    running = {clock.stage for clock in replay.clocks if clock.stopped_at is None}
    replay.clocks += [
        ticking.start(replay.case, stage, history.terms[stage], calendar=calendar, now=at)
        for stage in Stage
        if stage in stages and stage in history.terms and stage not in running
    ]


def _promised(replay: _Replay, due_at: datetime) -> None:
    for clock in replay.clocks:
        if clock.stage == Stage.ANSWER:
            clock.term, clock.kind = "imported", DayKind.CALENDAR.value
            clock.due_at, clock.days = due_at, max(1, (due_at - clock.started_at).days)
            clock.source = {
                "titles": dict(EARLIER_SYSTEM),
                "article": "",
                "valid_from": None,
                "binding": False,
            }


def _fact(case: Case, step: Step, due_at: datetime | None) -> CaseMoved:
    return CaseMoved(
        ref=ticking.ref_of(case),
        at=step.at,
        city_id=case.city_id,
        verb=step.verb,
        from_status=step.from_status,
        to_status=step.to_status,
        role=step.actor_role,
        position=step.position,
        office_id=step.office_id,
        reason=step.reason,
        due_at=due_at,
    )
