from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.casework.rules import MOST_TEXT, may_move, next_clock, pace
from veche.commons.casework.terms import ActorRole, ClockView, Move, Transition
from veche.commons.casework.tests.bench import REASONS, TEXT, WORKFLOW
from veche.kernel.ids import new_id

TODAY = date(2026, 3, 2)
OFFICE, OTHER = new_id(), new_id()
OFFICER = {ActorRole.OFFICER}


def asked(status: str, move: Move, roles: set[ActorRole], **more: Any) -> Any:
    return may_move(
        WORKFLOW, status, move, roles, **{"today": TODAY, "reasons": REASONS, "office_id": OFFICE, **more}
    )


def codes(answer: Any) -> list[str]:
    return [refusal.code.removeprefix("casework.") for refusal in answer]


@pytest.mark.parametrize(
    ("status", "move", "role", "code"),
    [
        ("routed", Move("burn"), ActorRole.OFFICER, "unknown-verb"),
        ("new", Move("answer", text=TEXT), ActorRole.OFFICER, "wrong-state"),
        ("routed", Move("answer", text=TEXT), ActorRole.CITIZEN, "wrong-role"),
        ("routed", Move("answer"), ActorRole.OFFICER, "text-missing"),
        ("routed", Move("answer", text="   \n "), ActorRole.OFFICER, "text-missing"),
        ("routed", Move("answer", text="ок"), ActorRole.OFFICER, "text-too-short"),
        ("routed", Move("answer", text="я" * (MOST_TEXT + 1)), ActorRole.OFFICER, "text-too-long"),
        ("routed", Move("not_ours"), ActorRole.OFFICER, "reason-missing"),
        ("routed", Move("not_ours", reason="no-money"), ActorRole.OFFICER, "reason-unknown"),
        ("routed", Move("answer", text=TEXT, reason="anything"), ActorRole.OFFICER, "reason-unknown"),
        ("routed", Move("plan"), ActorRole.OFFICER, "date-missing"),
        ("routed", Move("plan", planned_on=TODAY - timedelta(days=1)), ActorRole.OFFICER, "date-past"),
        ("routed", Move("plan", planned_on=date(2036, 1, 1)), ActorRole.OFFICER, "date-too-far"),
        ("new", Move("route"), ActorRole.DISPATCHER, "office-missing"),
        ("routed", Move("route", office_id=OFFICE), ActorRole.DISPATCHER, "same-office"),
        ("routed", Move("duplicate"), ActorRole.OFFICER, "duplicate-missing"),
    ],
)
def test_a_step_that_lacks_something_is_refused_with_the_reason(
    status: str, move: Move, role: ActorRole, code: str
) -> None:
    assert codes(asked(status, move, {role})) == [code]


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert codes(asked("routed", Move("refuse"), OFFICER)) == ["text-missing", "reason-missing"]


def test_a_plan_for_today_is_a_plan() -> None:
    assert isinstance(asked("routed", Move("plan", planned_on=TODAY), OFFICER), Transition)


def test_the_dispatcher_may_send_a_case_back_to_the_office_that_sent_it_away() -> None:
    move = Move("route", office_id=OFFICE)
    assert isinstance(asked("not_ours", move, {ActorRole.DISPATCHER}), Transition)


def test_who_objects_after_the_term_comes_too_late_but_may_still_confirm() -> None:
    citizen = {ActorRole.CITIZEN}
    assert codes(asked("answered", Move("send_back", text=TEXT), citizen, too_late=True)) == ["too-late"]
    assert isinstance(asked("answered", Move("confirm"), citizen, too_late=True), Transition)


@given(
    status=st.sampled_from(sorted(WORKFLOW.statuses)),
    verb=st.sampled_from([line.verb for line in WORKFLOW.transitions]),
    roles=st.sets(st.sampled_from(ActorRole)),
)
def test_nothing_moves_but_by_a_line_of_the_table(status: str, verb: str, roles: set[ActorRole]) -> None:
    move = Move(
        verb,
        text=TEXT,
        reason={"refuse": "no-money", "not_ours": "private-land"}.get(verb, ""),
        planned_on=TODAY,
        office_id=OTHER,
        duplicate_of=OTHER,
    )
    line = WORKFLOW.transition(verb)
    assert line is not None
    allowed = status in line.sources and bool(roles & line.roles)
    assert isinstance(asked(status, move, roles), Transition) is allowed


def test_the_clock_that_ends_first_is_shown_and_stopped_ones_are_not() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)

    def clock(stage: str, days: int, **more: Any) -> ClockView:
        return ClockView(stage, "t", days, "calendar", {}, start, start + timedelta(days=days), **more)

    clocks = [clock("fix", 20), clock("answer", 10), clock("confirm", 1, stopped_at=start)]
    shown = next_clock(clocks)
    assert shown is not None
    assert shown.stage == "answer"
    assert next_clock(clocks[2:]) is None


def test_a_pace_needs_five_answers_and_is_a_middle_and_four_of_five() -> None:
    assert pace([1.0, 2.0, 3.0, 4.0]) is None
    found = pace([5.0, 1.0, 2.0, 4.0, 30.0])
    assert found is not None
    assert (found.median_days, found.p80_days, found.answers) == (4.0, 5.0, 5)
