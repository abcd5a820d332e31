"""Taking over writes the same rows as living through it: the same steps by the real services, moment by moment."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.cast import IN_THE_EAST, IN_THE_WEST, a_pothole

from veche.commons.accounts.terms import SYSTEM
from veche.commons.casework.models import Case, Clock, Step
from veche.commons.casework.services import PastMove
from veche.commons.casework.tasks import sweep_deadlines
from veche.commons.casework.terms import ActorRole, Move
from veche.commons.places.models import CellCount
from veche.commons.search.models import Document
from veche.kernel.geo import Point, cell_at, cell_of
from veche.kernel.refusals import Refused
from veche.modules.reports.models import Report
from veche.modules.reports.services import PastReport, file_report, move_report, take_over
from veche.modules.reports.terms import REPORT, WORKFLOW
from veche.modules.reports.tests.work_cast import ANSWER, REASONS

pytestmark = pytest.mark.django_db
CASE = ("status", "office_id", "clock", "due_at", "overdue_at", "planned_on", "not_ours_count", "steps_count",
        "opened_at", "answered_at", "closed_at")  # fmt: skip
CLOCK = ("stage", "term", "days", "kind", "source", "started_at", "due_at", "stopped_at", "missed_at")
STEP = ("position", "at", "verb", "from_status", "to_status", "actor_role", "actor_id", "office_id", "text", "reason",
        "details")  # fmt: skip
ROW = ("status", "overdue", "office_id", "place_id", "category_id", "group", "lat", "lon", "cell", "title", "folded",
       "address", "filed_at", "due_at", "answered_at", "why")  # fmt: skip


def rows(report_id: Any) -> dict[str, Any]:
    """Everything that two lives must have in common."""
    case = Case.objects.filter(subject_id=report_id)
    of_case = {"case__subject_id": report_id}
    return {
        "report": list(Report.objects.filter(pk=report_id).values_list(*ROW)),
        "case": list(case.values_list(*CASE)),
        "clocks": list(Clock.objects.filter(**of_case).order_by("started_at", "stage").values_list(*CLOCK)),
        "steps": list(Step.objects.filter(**of_case).order_by("position").values_list(*STEP)),
    }


def a_life(rng: random.Random, start: Any, offices: dict[str, Any]) -> list[tuple[Any, Move, ActorRole]]:
    """Steps at random moments, legal or not: what the table forbids must be left out by both."""
    at, steps = start, []
    for _ in range(rng.randint(10, 60)):
        at += timedelta(minutes=rng.choice([1, 45, 700, 3000, 9000]), seconds=rng.randint(0, 59))
        line = rng.choice(WORKFLOW.transitions)
        move = Move(
            line.verb,
            text=ANSWER,
            reason=REASONS.get(line.verb, ""),
            planned_on=(at + timedelta(days=40)).date() if line.verb == "plan" else None,
            office_id=offices[rng.choice(["roads", "parks"])] if line.verb == "route" else None,
        )
        steps.append((at, move, rng.choice(sorted(line.roles))))
    return [step for step in steps if step[1].verb != "duplicate"]


@pytest.mark.parametrize("seed", range(12))
def test_a_life_taken_over_equals_the_life_lived(
    seed: int, perm: Any, alice: Any, boris: Any, olga: Any, dina: Any, office_id: Any, deliver: Any, now: Any
) -> None:
    rng = random.Random(seed)
    offices = {code: office_id(code) for code in ("roads", "parks")}
    category = rng.choice(["pothole", "dark-yard", "snow"])
    new = a_pothole(perm, category=category, point=rng.choice([IN_THE_WEST, IN_THE_EAST]))
    end = now + timedelta(days=600)

    lived = file_report(new, city=perm, by=alice, now=now)
    for at, move, role in a_life(rng, now, offices):
        sweep_deadlines(at)
        deliver(at)  # silence may confirm on the way
        who = _who(role, lived, alice=alice, boris=boris, olga=olga, dina=dina)
        if who is None:
            continue
        try:
            move_report(lived.pk, move, by=who, now=at)
        except Refused:
            continue
    sweep_deadlines(end)
    deliver(end)
    taken = [_past(step) for step in Step.objects.filter(case=lived.case).order_by("position")]
    noise = [
        PastMove(one.at, Move("confirm"), ActorRole.OFFICER) for one in taken
    ]  # never allowed in this role
    both = [one for pair in zip(taken, noise, strict=True) for one in pair]

    other = a_pothole(perm, category=category, point=new.point)
    past = PastReport(new=other, filed_at=now, moves=tuple(both), source="t", external_id="1")
    assert list(take_over([past], city=perm, now=end)) == [[True]]
    assert rows(other.id) == rows(new.id)


def _who(role: ActorRole, report: Report, **people: Any) -> Any:
    report.refresh_from_db()
    officers = {
        one.grants and next(iter(one.grants)).office_id: one for one in (people["boris"], people["olga"])
    }
    return {
        ActorRole.CITIZEN: people["alice"],
        ActorRole.DISPATCHER: people["dina"],
        ActorRole.OFFICER: officers.get(report.office_id),
        ActorRole.SYSTEM: SYSTEM,
    }.get(role)


def _past(step: Step) -> PastMove:
    planned = step.details.get("planned_on")
    routed = step.details.get("to_office_id")
    move = Move(
        step.verb,
        text=step.text,
        reason=step.reason,
        planned_on=date.fromisoformat(planned) if planned else None,
        office_id=UUID(routed) if routed else None,
    )
    return PastMove(step.at, move, ActorRole(step.actor_role), step.actor_id)


def test_the_counters_of_the_map_equal_the_rows(perm: Any, boris: Any, now: Any) -> None:
    rng = random.Random(7)
    pasts = [
        PastReport(
            new=a_pothole(
                perm,
                category=rng.choice(["pothole", "snow", "vandalism"]),
                point=Point(58 + rng.uniform(-0.05, 0.05), 56.25 + rng.uniform(-0.2, 0.2)),
            ),
            filed_at=now,
            moves=(PastMove(now, Move("answer", text=ANSWER), ActorRole.OFFICER),)
            if rng.random() < 0.5
            else (),
            source="t",
            external_id=str(n),
        )
        for n in range(60)
    ]
    assert [sum(batch) for batch in take_over(pasts, city=perm, now=now)] == [60]
    for zoom in (4, 9, 15):
        wanted: dict[tuple[int, str, str], int] = {}
        for lat, lon, status, group in Report.objects.values_list("lat", "lon", "status", "group"):
            key = (cell_at(cell_of(Point(lat, lon)), zoom), status, group)
            wanted[key] = wanted.get(key, 0) + 1
        kept = CellCount.objects.filter(layer=REPORT, zoom=zoom).exclude(status="").exclude(category="")
        found = {
            (cell, *key): count
            for cell, *key, count in kept.values_list("cell", "status", "category", "count")
        }
        assert found == wanted


def test_what_was_taken_over_can_be_found_by_its_words(perm: Any, now: Any) -> None:
    new = a_pothole(perm, text="Провалился асфальт у киоска")
    list(take_over([PastReport(new=new, filed_at=now, source="t", external_id="1")], city=perm, now=now))
    document = Document.objects.get(subject_id=new.id)
    assert "киоска" in document.body
    assert "улица Ленина, 10" in document.body
    assert not document.hidden
