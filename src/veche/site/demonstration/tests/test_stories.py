"""The demonstration's reports: inside the city, in order, the same for the same seed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shapely.geometry import Point, shape
from tests.shared import PACKS

import veche.cities
from veche.kernel.pack import Pack, read_pack, work_calendar
from veche.modules.reports.terms import WORKFLOW
from veche.site.demonstration import Story, stories
from veche.site.demonstration.loading import SEED

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def perm() -> Pack:
    return read_pack(Path(next(iter(veche.cities.__path__))) / "perm")


@pytest.fixture(scope="module")
def told(perm: Pack) -> list[Story]:
    return list(stories(perm, seed=1, count=600, now=NOW))


def test_the_same_seed_tells_the_same_stories(perm: Pack, told: list[Story]) -> None:
    assert list(stories(perm, seed=1, count=600, now=NOW)) == told
    assert list(stories(perm, seed=2, count=600, now=NOW)) != told


def test_stories_come_in_order_within_two_years(told: list[Story]) -> None:
    moments = [story.filed_at for story in told]
    assert len(told) == 600
    assert moments == sorted(moments)
    assert NOW - timedelta(days=732) < moments[0]
    assert moments[-1] < NOW


def test_every_story_lies_inside_the_city(perm: Pack, told: list[Story]) -> None:
    outline = shape(perm.outlines["perm-city"])
    assert all(outline.contains(Point(story.point.lon, story.point.lat)) for story in told)


def test_no_slot_is_left_unfilled(told: list[Story]) -> None:
    texts = [story.text for story in told] + [step.text for story in told for step in story.steps]
    assert not any("{" in text or "  " in text for text in texts)
    assert all(story.text for story in told)


def test_steps_come_in_order_and_never_from_the_future(told: list[Story]) -> None:
    for story in told:
        moments = [story.filed_at, *(step.at for step in story.steps)]
        assert moments == sorted(moments), story
        assert moments[-1] <= NOW


def test_every_life_follows_the_workflow(perm: Pack, told: list[Story]) -> None:
    left_to_dispatcher = {story.category for story in perm.demo.stories if story.office}
    moves = {(move.verb, source): move.target for move in WORKFLOW.transitions for source in move.sources}
    for story in told:
        status = "new" if story.category in left_to_dispatcher else "routed"
        for step in story.steps:
            assert (step.verb, status) in moves, (story, step, status)
            status = moves[step.verb, status]


def test_steps_that_need_words_have_them(told: list[Story]) -> None:
    steps = [step for story in told for step in story.steps]
    assert all(step.text for step in steps if step.verb in {"answer", "refuse", "send_back", "plan"})
    assert all(step.reason for step in steps if step.verb in {"refuse", "send_back", "not_ours"})
    assert all(step.planned_on for step in steps if step.verb == "plan")


def test_offices_work_on_working_days_only(perm: Pack, told: list[Story]) -> None:
    calendar = work_calendar(perm.calendar, range(2023, 2028))
    for story in told:
        for step in story.steps:
            if step.verb in {"take", "plan", "answer", "refuse", "not_ours"}:
                assert calendar.is_working(calendar.local_date(step.at)), step


def test_snow_is_reported_in_winter_and_hot_water_in_summer(told: list[Story]) -> None:
    def months(*codes: str) -> set[int]:
        return {story.filed_at.month for story in told if story.category in codes}

    assert not months("snow-road", "snow-sidewalk", "yard-snow", "roof-ice") & {6, 7, 8}
    assert {6, 7} <= months("hot-water")


def test_all_kinds_of_endings_occur(told: list[Story]) -> None:
    endings = {story.steps[-1].verb for story in told if story.steps}
    assert {"confirm", "confirm_by_silence", "refuse", "send_back", "answer"} <= endings
    assert any(not story.steps for story in told)


def test_a_pack_without_material_tells_nothing() -> None:
    assert list(stories(read_pack(PACKS / "boston"), seed=1, count=10, now=NOW)) == []


@pytest.mark.parametrize("days", [0, 30, 100, 400])
def test_whenever_it_is_shown_every_role_finds_work(perm: Pack, days: int) -> None:
    verbs = [(story.steps[-1].verb if story.steps else "") for story in recent(perm, days)]
    for_officers = {"", "take", "plan", "send_back"}
    assert for_officers <= set(verbs)
    assert verbs.count("not_ours") >= 3, "the dispatcher's queue"
    assert verbs.count("answer") >= 3, "the citizen's turn"


def recent(perm: Pack, days: int) -> list[Story]:
    return list(stories(perm, seed=SEED, count=2000, now=NOW + timedelta(days=days)))[-150:]


def test_no_code_of_an_answer_slips_into_the_words_of_a_report(told: list[Story]) -> None:
    strange = [one.text for one in told if re.search(r"[A-Za-z{}_]", one.text)]
    assert not strange, strange[:3]
