"""Which office has a case, and who of its people answers."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts.terms import Actor
from veche.commons.casework import access, rules
from veche.commons.casework.models import Case
from veche.commons.casework.queries import private_of
from veche.commons.casework.services import clocks as ticking
from veche.commons.casework.services.moving import append_step, locked, owner_of
from veche.commons.casework.terms import Assigned, CaseAssigned, CaseHandedOver, Workflow
from veche.commons.journal import services as journal
from veche.commons.offices.models import Officer
from veche.kernel.refusals import Refusal, Refused, refuse_if

HAND_OVER, ASSIGN = "hand_over", "assign"
MOST_AT_ONCE = 100


@transaction.atomic
def hand_over(
    case_id: UUID, office_id: UUID | None, *, workflow: Workflow, by: Actor, now: datetime, text: str = ""
) -> Case:
    """Give a case that waits for an office to another one. Its status stays and its clocks run on.

    Refuses: `casework.not-found`, `-wrong-role`, `-wrong-state`, `-office-missing`, `-same-office`, `-text-too-long`.
    """
    case = locked(case_id)
    refuse_if(_may_hand_over(case, office_id, workflow=workflow, by=by, text=text))
    assert office_id is not None
    giver = case.office_id
    step = append_step(
        case,
        verb=HAND_OVER,
        to_status=case.status,
        role=access.role_in(by, case),
        by=by,
        office_id=giver,
        text=text,
        reason="",
        details={"to_office_id": str(office_id)},
        now=now,
    )
    case.office_id, case.officer_id = office_id, None
    case.save(update_fields=["office", "officer", "steps_count"])
    journal.record(
        CaseHandedOver(
            ref=ticking.ref_of(case),
            at=now,
            city_id=case.city_id,
            from_office_id=giver,
            to_office_id=office_id,
            position=step.position,
            role=step.actor_role,
        ),
        private=private_of(step),
        owner=owner_of(step),
    )
    return case


@transaction.atomic
def assign(case_id: UUID, officer_id: UUID | None, *, by: Actor, now: datetime) -> Case:
    """Say who of the office's people answers; nobody takes it back to the whole office. Twice is once.

    `officer_id` is the person. Who it is stays inside the office: the journal keeps only that it happened.
    Refuses: `casework.not-found`, `casework.wrong-role`, `casework.closed`, `casework.officer-unknown`.
    """
    case = locked(case_id)
    refuse_if(_may_assign(case, officer_id, by=by))
    if case.officer_id == officer_id:
        return case
    case.officer_id = officer_id
    case.save(update_fields=["officer"])
    journal.record(
        CaseAssigned(
            ref=ticking.ref_of(case),
            at=now,
            city_id=case.city_id,
            assigned=officer_id is not None,
            office_id=case.office_id,
        ),
        private={"person": str(by.person_id), "officer": str(officer_id) if officer_id else ""},
        owner=by.person_id,
    )
    return case


def assign_many(
    case_ids: Iterable[UUID], officer_id: UUID | None, *, by: Actor, now: datetime
) -> list[Assigned]:
    """Give several cases to one officer, each on its own: one refusal stops no other.

    Refuses: `casework.too-many`.
    """
    chosen = list(dict.fromkeys(case_ids))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(Refusal("casework.too-many", params={"most": MOST_AT_ONCE}))
    return [_assigned(case_id, officer_id, by=by, now=now) for case_id in chosen]


def _assigned(case_id: UUID, officer_id: UUID | None, *, by: Actor, now: datetime) -> Assigned:
    try:
        assign(case_id, officer_id, by=by, now=now)
    except Refused as refused:
        return Assigned(case_id, refused.refusals)
    return Assigned(case_id)


def _may_hand_over(
    case: Case, office_id: UUID | None, *, workflow: Workflow, by: Actor, text: str
) -> tuple[Refusal, ...]:
    if not access.allows(access.may_hand_over, by, case):
        return (Refusal("casework.wrong-role"),)
    if case.status not in workflow.waiting_for_office:
        return (Refusal("casework.wrong-state"),)
    wrong = rules.check_text(text, needed=False)
    if office_id is None:
        return (Refusal("casework.office-missing", "office"), *wrong)
    return (Refusal("casework.same-office", "office"), *wrong) if office_id == case.office_id else wrong


def _may_assign(case: Case, officer_id: UUID | None, *, by: Actor) -> Refusal | None:
    if not access.allows(access.may_assign, by, case):
        return Refusal("casework.wrong-role")
    if case.closed_at is not None:
        return Refusal("casework.closed")
    if officer_id is None:
        return None
    serves = Officer.objects.filter(office=case.office_id, person=officer_id, until_at=None).exists()
    return None if serves else Refusal("casework.officer-unknown", "officer")
