"""Opening a case and moving it through its workflow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework import rules
from veche.commons.casework.models import Case, Clock, Step
from veche.commons.casework.queries import private_of
from veche.commons.casework.services import clocks as ticking
from veche.commons.casework.terms import (
    OFFICE_STAGES,
    PERSONAL_ROLES,
    ActorRole,
    CaseMoved,
    CaseOpened,
    Move,
    Need,
    Stage,
    Transition,
    Workflow,
)
from veche.commons.journal import services as journal
from veche.kernel.calendar import WorkCalendar
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused
from veche.kernel.terms import Term


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move left: the case as it is now, its new step, and the line of the table it followed."""

    case: Case
    step: Step
    transition: Transition


@transaction.atomic(savepoint=False)
def open_case(
    ref: SubjectRef,
    *,
    city_id: UUID,
    workflow: Workflow,
    office_id: UUID | None,
    terms: Mapping[Stage, Term],
    calendar: WorkCalendar,
    now: datetime,
    status: str | None = None,
) -> Case:
    """Open the work that an office owes on a subject and start the office's clocks; without an office they run too.

    Units: `terms` are per clock; a stage without a term has no clock.
    Refuses: never.
    """
    case = Case(
        city_id=city_id,
        subject_kind=ref.kind,
        subject_id=ref.id,
        workflow=workflow.name,
        status=str(status or workflow.start),
        office_id=office_id,
        opened_at=now,
    )
    started = [
        ticking.start(case, stage, terms[stage], calendar=calendar, now=now)
        for stage in Stage
        if stage in OFFICE_STAGES and stage in terms
    ]
    ticking.repeat(case, started)
    journal.lay(case)
    for clock in started:
        journal.lay(clock)
    journal.record(
        CaseOpened(
            ref=ref, at=now, city_id=city_id, status=case.status, office_id=office_id, due_at=case.due_at
        )
    )
    return case


@transaction.atomic
def move(
    case_id: UUID,
    move: Move,
    *,
    workflow: Workflow,
    by: Actor,
    roles: frozenset[ActorRole],
    calendar: WorkCalendar,
    terms: Mapping[Stage, Term],
    now: datetime,
    reasons: Mapping[str, Collection[str]] | None = None,
) -> Moved:
    """Take one step: check it, append it, turn the clocks, record it. A case is locked while it moves.

    `roles` are those in which the actor stands to this case; `reasons` the pack's lists of reasons.
    Refuses: `casework.not-found` and what `rules.may_move` refuses.
    """
    case = locked(case_id)
    clocks = list(Clock.objects.filter(case=case).order_by("started_at", "id"))
    answer = rules.may_move(
        workflow,
        case.status,
        move,
        roles,
        today=calendar.local_date(now),
        reasons=reasons or {},
        office_id=case.office_id,
        too_late=ticking.is_too_late(clocks, now=now),
    )
    if isinstance(answer, tuple):
        raise Refused(*answer)
    _settle(case, clocks, now=now)
    step = append_step(
        case,
        verb=answer.verb,
        to_status=answer.target,
        role=rules.acting_role(answer, roles),
        by=by,
        office_id=move.office_id or case.office_id,
        text=move.text,
        reason=move.reason,
        details=details_of(move),
        now=now,
    )
    follow(case, answer, move, workflow=workflow, now=now)
    _turn(case, clocks, answer, workflow=workflow, terms=terms, calendar=calendar, now=now)
    case.save()
    journal.record(_moved(case, step, now=now), private=private_of(step), owner=owner_of(step))
    return Moved(case, step, answer)


def locked(case_id: UUID) -> Case:
    """The case, held until the transaction ends; in SQLite the whole transaction holds the file already.

    Refuses: `casework.not-found`.
    """
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise Refused(Refusal("casework.not-found"))
    return case


def append_step(
    case: Case,
    *,
    verb: str,
    to_status: str,
    role: ActorRole,
    by: Actor,
    office_id: UUID | None,
    text: str,
    reason: str,
    details: Mapping[str, object],
    now: datetime,
) -> Step:
    """Append a step to a locked case; steps are never changed."""
    case.steps_count += 1
    return Step.objects.create(
        case=case,
        position=case.steps_count,
        at=now,
        verb=verb,
        from_status=case.status,
        to_status=str(to_status),
        actor_role=role.value,
        actor_id=by.person_id,
        office_id=office_id,
        text=text.strip(),
        reason=reason,
        details=dict(details),
    )


def owner_of(step: Step) -> UUID | None:
    """Under whose key: a citizen's own; the word of an office belongs to the case and outlives who wrote it."""
    return step.actor_id if step.actor_role in PERSONAL_ROLES else None


def _settle(case: Case, clocks: list[Clock], *, now: datetime) -> None:
    """A deadline that passed before the sweep came by was missed all the same."""
    missed = ticking.miss(clocks, now=now)
    if missed:
        ticking.save_missed(missed)
        journal.record_many(ticking.missed_fact(clock, case, now=now) for clock in missed)


def follow(case: Case, transition: Transition, move: Move, *, workflow: Workflow, now: datetime) -> None:
    """Write into a case what a step makes of it, apart from its clocks."""
    case.status = str(transition.target)
    case.planned_on = move.planned_on if Need.DATE in transition.needs else None
    case.closed_at = now if transition.target in workflow.closed else None
    if transition.answers:
        case.answered_at = now
    elif transition.objects:
        case.answered_at = None
    if Need.OFFICE in transition.needs:
        case.officer_id = None
        case.office_id = move.office_id
    elif transition.target in workflow.waiting_for_dispatcher:
        # Nobody owes an answer while the dispatcher looks for who does; the step keeps who sent it back.
        case.not_ours_count += case.office_id is not None
        case.office_id = case.officer_id = None


def _turn(
    case: Case,
    clocks: list[Clock],
    transition: Transition,
    *,
    workflow: Workflow,
    terms: Mapping[Stage, Term],
    calendar: WorkCalendar,
    now: datetime,
) -> None:
    closes = transition.target in workflow.closed
    stages: Collection[str] = tuple(Stage) if closes else transition.stops
    ticking.stop(clocks, stages, now=now)
    resumed = ticking.resume(clocks, transition.resumes)
    if resumed:
        Clock.objects.filter(pk__in=[clock.pk for clock in resumed]).update(stopped_at=None)
    ticking.start_missing(clocks, case, transition.starts, terms, calendar=calendar, now=now)
    ticking.repeat(case, clocks)


def details_of(move: Move) -> dict[str, object]:
    """What a step keeps of its move in plain words."""
    own = {
        "planned_on": move.planned_on,
        "to_office_id": move.office_id,
        "duplicate_of": move.duplicate_of,
        "template_id": move.template_id,
    }
    return {**move.details, **{key: str(value) for key, value in own.items() if value is not None}}


def _moved(case: Case, step: Step, *, now: datetime) -> CaseMoved:
    return CaseMoved(
        ref=ticking.ref_of(case),
        at=now,
        city_id=case.city_id,
        verb=step.verb,
        from_status=step.from_status,
        to_status=step.to_status,
        role=step.actor_role,
        position=step.position,
        office_id=step.office_id,
        reason=step.reason,
        due_at=case.due_at,
    )
