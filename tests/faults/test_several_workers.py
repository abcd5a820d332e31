"""Three workers, real processes on one database: nothing is lost, and nothing is done twice at the same time."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.crew.diary import Diary
from tests.faults.crew.house import CrewHouse
from tests.faults.house import eventually
from tests.run import postgres

WORKERS = 3
Build = Callable[[int], CrewHouse]


@pytest.fixture(params=["sqlite", "postgres"])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Build]:
    """Build a house on either database; a job may take so many seconds in it."""
    if request.param == "sqlite":
        yield lambda hurry_s: CrewHouse(tmp_path, CREW_HURRY_S=str(hurry_s))
        return
    with postgres() as url:
        yield lambda hurry_s: CrewHouse(tmp_path, url, CREW_HURRY_S=str(hurry_s))


def done_by_three(house: CrewHouse, *, slow: int, quick: int, facts: int, seconds: float) -> Diary:
    house.act("fill", slow, quick, facts)
    with house.workers(WORKERS):
        assert eventually(lambda: _is_done(house, slow + quick, facts), seconds), house.act("state")
    return Diary(house.folder)


def _is_done(house: CrewHouse, jobs: int, facts: int) -> bool:
    diary = Diary(house.folder)
    return len(diary.named("job:")) == jobs and len(diary.named("fact:")) == facts


def _hold(house: CrewHouse, diary: Diary, jobs: int, facts: int) -> None:
    assert diary.overlaps() == []
    assert len(diary.named("job:")) == jobs
    # A delivery whose job took too long is broken off, undone, and done again: never twice at once, and once for good.
    assert len(diary.named("fact:")) == facts
    assert house.act("state")["delivered"] == facts
    assert len(diary.processes) > WORKERS, "not all of the workers worked"
    assert diary.unfinished == []


@pytest.mark.slow
def test_no_job_and_no_delivery_is_done_twice_at_the_same_time(build: Build) -> None:
    house = build(4)
    # Slow ones first: what a worker fetched ahead waits behind them for longer than its claim lasts.
    diary = done_by_three(house, slow=18, quick=60, facts=120, seconds=90)
    _hold(house, diary, 78, 120)
    left = house.act("state")
    assert (left["facts"], left["jobs"]) == (0, left["enqueued"]), "work was left"


@pytest.mark.slow
def test_workers_that_start_together_make_one_schedule_and_call_each_sweep_once(build: Build) -> None:
    house = build(4)
    house.act_together(6, "race", 5, int(time.time()) + 8)
    found = house.act("state")
    assert found["schedules"] == found["names"], "two workers wrote the same line into the schedule"
    assert found["enqueued"] == found["schedules"], "a sweep was called twice for one moment"


@pytest.mark.faults
def test_for_minutes_on_end_the_same_holds_and_sweeps_too_run_one_at_a_time(build: Build) -> None:
    house, began = build(12), time.monotonic()
    house.act("fill", 60, 660, 1500)
    with house.workers(WORKERS):
        assert eventually(lambda: _is_done(house, 720, 1500), 400), house.act("state")
        assert eventually(lambda: len(Diary(house.folder).named("sweep").get("sweep", ())) >= 3, 300)
    diary = Diary(house.folder)
    _hold(house, diary, 720, 1500)
    runs, minutes = diary.runs["sweep"], (time.monotonic() - began) / 60
    # Once a minute; those that waited behind other jobs come after each other.
    assert len(runs) <= minutes + 2, runs
    figures = f"{len(runs)} sweeps, {len(diary.runs)} things, {len(diary.processes)} processes"
    print(f"\n{figures}: none twice at the same time")  # noqa: T201
