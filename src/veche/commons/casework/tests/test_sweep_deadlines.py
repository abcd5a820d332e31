from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from veche.commons.casework import queries, services
from veche.commons.casework.models import Case, Clock
from veche.commons.casework.services import sweeping
from veche.commons.casework.terms import ActorRole, DeadlineMissed
from veche.commons.casework.tests.bench import TEXT
from veche.commons.journal.models import FactRow
from veche.commons.offices.models import Office
from veche.commons.places.models import City
from veche.kernel.ids import new_id

DAY = timedelta(days=1)


def missed() -> int:
    return FactRow.objects.filter(kind=DeadlineMissed.kind).count()


def test_a_missed_clock_is_marked_at_its_deadline_and_told_once(
    open_case: Callable[..., Case], monday: datetime
) -> None:
    case = open_case()
    due = case.due_at
    assert due is not None
    assert services.sweep_deadlines(due - timedelta(seconds=1)) == 0
    assert services.sweep_deadlines(due + DAY) == 1
    assert services.sweep_deadlines(due + DAY) == 0
    case.refresh_from_db()
    assert (case.overdue_at, case.due_at, missed()) == (due, due, 1)


def test_a_clock_that_jumps_back_takes_nothing_back(open_case: Callable[..., Case], monday: datetime) -> None:
    case = open_case()
    services.sweep_deadlines(monday + 11 * DAY)
    assert services.sweep_deadlines(monday) == 0
    case.refresh_from_db()
    assert case.overdue_at is not None
    assert missed() == 1


def test_the_offices_answer_clears_the_flag_but_not_the_memory(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    services.sweep_deadlines(monday + 11 * DAY)
    step(case.id, "answer", ActorRole.OFFICER, monday + 12 * DAY, text=TEXT)
    case.refresh_from_db()
    assert case.overdue_at is None
    assert Clock.objects.get(case=case, stage="answer").missed_at is not None
    assert missed() == 1


def test_the_authors_clock_ends_by_itself_and_makes_nobody_late(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime
) -> None:
    case = open_case()
    step(case.id, "answer", ActorRole.OFFICER, monday, text=TEXT)
    assert services.sweep_deadlines(monday + 30 * DAY) == 1
    case.refresh_from_db()
    assert (case.overdue_at, case.clock, case.due_at) == (None, "", None)
    assert FactRow.objects.get(kind=DeadlineMissed.kind).body["stage"] == "confirm"


def test_both_clocks_of_an_office_are_missed_each_in_its_time(
    open_case: Callable[..., Case], monday: datetime
) -> None:
    case = open_case()
    services.sweep_deadlines(monday + 11 * DAY)
    services.sweep_deadlines(monday + 60 * DAY)
    assert missed() == 2
    case.refresh_from_db()
    assert case.overdue_at == min(Clock.objects.filter(case=case).values_list("due_at", flat=True))


def test_a_sweep_that_dies_between_batches_goes_on_where_it_stopped(
    open_case: Callable[..., Case], monday: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        open_case()
    real, calls = sweeping._sweep_batch, []

    def dying(now: datetime, limit: int) -> int:
        calls.append(now)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(now, limit)

    monkeypatch.setattr(sweeping, "_sweep_batch", dying)
    with pytest.raises(KeyboardInterrupt):
        services.sweep_deadlines(monday + 11 * DAY, limit=2)
    monkeypatch.undo()
    assert missed() == 2
    assert services.sweep_deadlines(monday + 11 * DAY, limit=2) == 3
    assert missed() == 5


def test_ten_thousand_overdue_cases_are_marked_in_batches(
    city: City, roads: Office, monday: datetime
) -> None:
    cases = [
        Case(
            city=city,
            subject_kind="toy.thing",
            subject_id=new_id(),
            workflow="toy",
            status="routed",
            office=roads,
            opened_at=monday,
            clock="answer",
            due_at=monday,
        )
        for _ in range(10_000)
    ]
    Case.objects.bulk_create(cases)
    Clock.objects.bulk_create(
        Clock(
            case=case,
            stage="answer",
            term="t",
            days=1,
            kind="calendar",
            source={},
            started_at=monday,
            due_at=monday,
        )
        for case in cases
    )
    assert services.sweep_deadlines(monday) == 10_000
    assert missed() == 10_000
    assert not Case.objects.filter(overdue_at=None).exists()


def test_the_pace_of_an_office_comes_from_its_answers(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime, roads: Office
) -> None:
    for days in (1, 2, 3, 4, 5):
        step(open_case().id, "answer", ActorRole.OFFICER, monday + days * DAY, text=TEXT)
    assert services.sweep_pace(monday) == 1
    assert services.sweep_pace(monday) == 1
    found = queries.pace_of([roads.id])[roads.id]
    assert (found.median_days, found.p80_days, found.answers) == (3.0, 4.0, 5)
