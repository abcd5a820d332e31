from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet

from veche.commons.accounts.terms import Actor
from veche.commons.casework import queries, services
from veche.commons.casework.models import Case, Clock, Step
from veche.commons.casework.queries.queues import _owed, _unrouted
from veche.commons.casework.terms import ActorRole, QueueFilter
from veche.commons.casework.tests.bench import TEXT
from veche.commons.offices.models import Office
from veche.commons.places.models import City

DAY = timedelta(days=1)


def test_overdue_comes_first_then_what_is_due_soonest_then_what_has_no_deadline(
    open_case: Callable[..., Case], step: Callable[..., object], monday: datetime, roads: Office
) -> None:
    endless = open_case(terms={})
    later, late, soon = open_case(monday + 9 * DAY), open_case(monday - 20 * DAY), open_case(monday)
    answered = open_case(monday)
    step(answered.id, "answer", ActorRole.OFFICER, monday, text=TEXT)
    services.sweep_deadlines(monday)
    found = queries.office_queue([roads.id])
    assert [case.id for case in found] == [late.id, soon.id, later.id, endless.id]
    assert [case.id for case in queries.office_queue([roads.id], QueueFilter(overdue=True))] == [late.id]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_a_queue_neither_repeat_nor_lose(
    open_case: Callable[..., Case], monday: datetime, roads: Office, limit: int
) -> None:
    cases = {open_case(monday).id for _ in range(4)} | {open_case(terms={}).id for _ in range(3)}
    seen, after = [], None
    while page := queries.office_queue([roads.id], after=after, limit=limit):
        seen += [case.id for case in page]
        after = queries.key_of(page[-1])
    assert len(seen) == 7
    assert set(seen) == cases


def test_the_dispatcher_sees_what_no_office_has(
    open_case: Callable[..., Case], city: City, roads: Office
) -> None:
    open_case()
    new = open_case(status="new", office_id=None)
    assert [case.id for case in queries.dispatcher_queue(city.id)] == [new.id]
    assert queries.waiting_for_dispatcher(city.id) == 1


def test_counts_of_a_workplace(
    open_case: Callable[..., Case], officer: Actor, roads: Office, monday: datetime
) -> None:
    first, _ = open_case(), open_case(monday - 20 * DAY)
    services.assign(first.id, officer.person_id, by=officer, now=monday)
    services.sweep_deadlines(monday)
    counts = queries.office_counts([roads.id], mine=officer.person_id)
    assert counts == {"open": 2, "overdue": 1, "unassigned": 1, "mine": 1}
    mine = queries.office_queue([roads.id], QueueFilter(mine=officer.person_id))
    assert [case.id for case in mine] == [first.id]


def test_every_read_goes_by_an_index(
    open_case: Callable[..., Case], city: City, roads: Office, monday: datetime
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("an empty table is always scanned by PostgreSQL")
    case = open_case()
    reads: dict[str, QuerySet[object]] = {
        "queue": _owed([roads.id]).filter(due_at__isnull=False).order_by("due_at", "id"),
        "endless": _owed([roads.id]).filter(due_at=None).order_by("id"),
        "dispatch": _unrouted(city.id).filter(due_at__isnull=False).order_by("due_at", "id"),
        "subject": Case.objects.filter(subject_id=case.subject_id),
        "steps": Step.objects.filter(case_id=case.id).order_by("position"),
        "clocks": Clock.objects.filter(case_id=case.id).order_by("started_at"),
        "due": Clock.objects.filter(stopped_at=None, missed_at=None, due_at__lte=monday).order_by("due_at"),
        "pace": Case.objects.filter(office_id=roads.id, answered_at__isnull=False).order_by("-answered_at"),
    }
    for name, rows in reads.items():
        plan = rows.explain()
        assert "SEARCH" in plan, (name, plan)
        assert "SCAN" not in plan, (name, plan)
        assert name == "clocks" or "TEMP B-TREE" not in plan, (name, plan)
