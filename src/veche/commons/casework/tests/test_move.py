from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from veche.commons.casework import queries
from veche.commons.casework.models import Case, Clock, Step
from veche.commons.casework.terms import ActorRole, CaseMoved
from veche.commons.casework.tests.bench import TEXT
from veche.commons.journal.models import FactRow
from veche.commons.offices.models import Office
from veche.kernel.refusals import Refused

OFFICER, CITIZEN, DISPATCHER = ActorRole.OFFICER, ActorRole.CITIZEN, ActorRole.DISPATCHER
DAY = timedelta(days=1)


def clocks(case: Case) -> dict[str, bool]:
    """Each stage and whether it runs."""
    return {clock.stage: clock.is_running for clock in queries.clocks_of(case.id)}


def test_a_new_case_has_the_offices_clocks_and_shows_the_first(
    open_case: Callable[..., Case], monday: datetime
) -> None:
    case = open_case()
    assert clocks(case) == {"answer": True, "fix": True}
    assert (case.clock, case.due_at) == ("answer", Clock.objects.get(case=case, stage="answer").due_at)
    first = queries.clocks_of(case.id)[0]
    assert first.source["article"] == "4"


def test_an_answer_stops_the_offices_clocks_and_starts_the_authors(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "answer", OFFICER, monday + DAY, text=f"  {TEXT} ")
    case.refresh_from_db()
    assert clocks(case) == {"answer": False, "fix": False, "confirm": True}
    assert (case.status, case.clock, case.answered_at) == ("answered", "confirm", monday + DAY)
    (only,) = queries.steps_of(case.id)
    assert (only.position, only.text, only.actor_role) == (1, TEXT, "officer")


def case_due_at(case: Case) -> str:
    case.refresh_from_db()
    assert case.due_at
    return case.due_at.isoformat()


def test_a_move_leaves_a_fact_about_the_subject_without_a_person_in_it(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime, roads: Office
) -> None:
    case = open_case()
    step(case.id, "answer", OFFICER, monday, text=TEXT)
    row = FactRow.objects.get(kind=CaseMoved.kind)
    assert row.subject_id == case.subject_id
    assert row.body == {
        "verb": "answer",
        "from_status": "routed",
        "to_status": "answered",
        "role": "officer",
        "position": 1,
        "office_id": str(roads.id),
        "reason": "",
        "due_at": case_due_at(case),
    }


def test_a_refused_step_changes_nothing(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    with pytest.raises(Refused):
        step(case.id, "answer", OFFICER, monday, text="")
    case.refresh_from_db()
    assert (case.status, case.steps_count, Step.objects.count()) == ("routed", 0, 0)


def test_sending_back_reopens_with_a_new_term(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "refuse", OFFICER, monday, text=TEXT, reason="no-money")
    case.refresh_from_db()
    assert case.closed_at == monday
    step(case.id, "send_back", CITIZEN, monday + DAY, text="Ничего не сделано.")
    case.refresh_from_db()
    assert (case.status, case.closed_at, case.answered_at, case.clock) == ("sent_back", None, None, "answer")
    running = [clock for clock in queries.clocks_of(case.id) if clock.is_running]
    assert {(clock.stage, clock.started_at) for clock in running} == {
        ("answer", monday + DAY),
        ("fix", monday),
    }


def test_an_answer_that_was_sent_back_wins_no_time_for_the_repair(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    promised = Clock.objects.get(case=case, stage="fix").due_at
    for days in (1, 3):
        step(case.id, "answer", OFFICER, monday + days * DAY, text=TEXT)
        step(case.id, "send_back", CITIZEN, monday + (days + 1) * DAY, text="Ничего не сделано.")
    repair = Clock.objects.get(case=case, stage="fix")
    assert (repair.due_at, repair.stopped_at) == (promised, None)
    step(case.id, "answer", OFFICER, promised + DAY, text=TEXT)
    repair.refresh_from_db()
    assert repair.missed_at == promised


def test_an_objection_after_the_term_comes_too_late(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "answer", OFFICER, monday, text=TEXT)
    with pytest.raises(Refused) as refused:
        step(case.id, "send_back", CITIZEN, monday + 8 * DAY, text="Ничего не сделано.")
    assert refused.value.codes == ("casework.too-late",)


def test_what_is_not_ours_goes_to_the_dispatcher_is_counted_and_its_clock_runs_on(
    open_case: Callable[..., Case],
    step: Callable[..., object],
    monday: datetime,
    roads: Office,
    parks: Office,
) -> None:
    case = open_case()
    step(case.id, "not_ours", OFFICER, monday, reason="private-land")
    case.refresh_from_db()
    assert (case.office_id, case.not_ours_count, clocks(case)) == (None, 1, {"answer": True, "fix": True})
    assert queries.steps_of(case.id)[0].office_id == roads.id
    step(case.id, "route", DISPATCHER, monday, office_id=parks.id)
    case.refresh_from_db()
    assert (case.office_id, case.status) == (parks.id, "routed")
    assert Clock.objects.filter(case=case).count() == 2


def test_a_plan_keeps_its_day_until_the_next_step(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "plan", OFFICER, monday, planned_on=date(2026, 3, 20))
    case.refresh_from_db()
    assert (case.planned_on, clocks(case)["answer"]) == (date(2026, 3, 20), True)
    step(case.id, "answer", OFFICER, monday, text=TEXT)
    case.refresh_from_db()
    assert case.planned_on is None
    assert queries.steps_of(case.id)[0].details == {"planned_on": "2026-03-20"}


def test_a_duplicate_closes_and_stops_every_clock(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case, first = open_case(), open_case()
    step(case.id, "duplicate", OFFICER, monday, duplicate_of=first.subject_id)
    case.refresh_from_db()
    assert (case.closed_at, case.due_at, case.answered_at) == (monday, None, None)
    assert not any(clocks(case).values())


def test_an_answer_that_comes_late_before_the_sweep_was_still_missed_once(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "answer", OFFICER, monday + 11 * DAY, text=TEXT)
    case.refresh_from_db()
    late = Clock.objects.get(case=case, stage="answer")
    assert late.missed_at == late.due_at
    assert case.overdue_at is None
    assert FactRow.objects.filter(kind="casework.DeadlineMissed").count() == 1


def test_a_case_without_terms_has_no_clock_and_still_moves(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case(terms={})
    assert (case.clock, case.due_at) == ("", None)
    step(case.id, "answer", OFFICER, monday, text=TEXT)
