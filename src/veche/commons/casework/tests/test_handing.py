from collections.abc import Callable
from datetime import datetime

import pytest

from veche.commons.accounts.terms import VISITOR, Actor
from veche.commons.casework import queries, services
from veche.commons.casework.models import Case, Clock
from veche.commons.casework.terms import ActorRole
from veche.commons.casework.tests.bench import TEXT, WORKFLOW
from veche.commons.casework.tests.conftest import an_officer
from veche.commons.journal.models import FactRow
from veche.commons.offices.models import Office
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refused


def test_a_case_handed_over_keeps_its_status_and_its_clocks(
    open_case: Callable[..., Case], officer: Actor, parks: Office, roads: Office, monday: datetime
) -> None:
    case = open_case()
    services.hand_over(case.id, parks.id, workflow=WORKFLOW, by=officer, now=monday, text="Это газон.")
    case.refresh_from_db()
    assert (case.office_id, case.officer_id, case.status) == (parks.id, None, "routed")
    assert not Clock.objects.filter(case=case).exclude(stopped_at=None).exists()
    (only,) = queries.steps_of(case.id)
    assert (only.verb, only.office_id, only.details) == (
        "hand_over",
        roads.id,
        {"to_office_id": str(parks.id)},
    )
    body = FactRow.objects.get(kind="casework.CaseHandedOver").body
    assert (body["from_office_id"], body["to_office_id"]) == (str(roads.id), str(parks.id))


def test_only_who_has_a_case_hands_it_over(
    open_case: Callable[..., Case],
    step: Callable[..., object],
    officer: Actor,
    parks: Office,
    monday: datetime,
) -> None:
    case = open_case()
    stranger = an_officer("stranger@example.org", parks)
    for who, office_id, code in (
        (stranger, parks.id, "wrong-role"),
        (VISITOR, parks.id, "wrong-role"),
        (officer, case.office_id, "same-office"),
        (officer, None, "office-missing"),
    ):
        with pytest.raises(Refused) as refused:
            services.hand_over(case.id, office_id, workflow=WORKFLOW, by=who, now=monday)
        assert refused.value.codes == (f"casework.{code}",)
    step(case.id, "answer", ActorRole.OFFICER, monday, text=TEXT)
    with pytest.raises(Refused) as refused:
        services.hand_over(case.id, parks.id, workflow=WORKFLOW, by=officer, now=monday)
    assert refused.value.codes == ("casework.wrong-state",)


def test_a_case_is_given_only_to_an_officer_of_its_office(
    open_case: Callable[..., Case], officer: Actor, author: Actor, monday: datetime
) -> None:
    case = open_case()
    with pytest.raises(Refused) as refused:
        services.assign(case.id, author.person_id, by=officer, now=monday)
    assert refused.value.codes == ("casework.officer-unknown",)
    for _ in range(2):
        services.assign(case.id, officer.person_id, by=officer, now=monday)
    assert FactRow.objects.filter(kind="casework.CaseAssigned").count() == 1
    assert str(officer.person_id) not in str(FactRow.objects.get(kind="casework.CaseAssigned").body)


def test_a_bulk_assignment_goes_on_past_what_it_may_not_touch(
    open_case: Callable[..., Case], officer: Actor, parks: Office, monday: datetime
) -> None:
    own, foreign = open_case(), open_case(office_id=parks.id)
    asked = [own.id, foreign.id, new_id(), own.id]
    results = services.assign_many(asked, officer.person_id, by=officer, now=monday)
    codes = [[refusal.code for refusal in result.refusals] for result in results]
    assert codes == [[], ["casework.wrong-role"], ["casework.not-found"]]
    assert Case.objects.get(pk=own.id).officer_id == officer.person_id


def test_too_many_at_once_are_refused_as_a_whole(officer: Actor, monday: datetime) -> None:
    with pytest.raises(Refused):
        services.assign_many([new_id() for _ in range(101)], officer.person_id, by=officer, now=monday)
