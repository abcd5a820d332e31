"""Reading whole packs, and what is built out of their plain form."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from tests.shared import PACKS

import veche.cities
from veche.kernel.pack import GROUPS, Pack, calendar_from, read_pack, terms_from, work_calendar
from veche.kernel.words import in_language

PERM = Path(next(iter(veche.cities.__path__))) / "perm"


@pytest.fixture(scope="module")
def perm() -> Pack:
    return read_pack(PERM)


@pytest.fixture(scope="module")
def boston() -> Pack:
    return read_pack(PACKS / "boston")


def test_perm_has_its_municipalities_and_the_seven_districts_of_its_city(perm: Pack) -> None:
    kinds = [place.kind for place in perm.places]
    assert (kinds.count("region"), kinds.count("municipality"), kinds.count("district")) == (1, 46, 7)
    assert "kosinsky" in {place.code for place in perm.places}
    assert {place.parent for place in perm.places if place.kind == "district"} == {"perm-city"}


def test_parents_come_before_their_children(perm: Pack) -> None:
    seen = {""}
    for place in perm.places:
        assert place.parent in seen
        seen.add(place.code)


def test_every_subcategory_of_perm_has_a_term_to_answer_and_to_confirm(perm: Pack) -> None:
    for category in perm.categories:
        if category.parent:
            assert {"answer", "confirm"} <= set(category.terms), category.code
            assert set(category.terms.values()) <= set(perm.terms)


def test_everything_in_perm_is_named_in_both_languages(perm: Pack) -> None:
    named = [*perm.places, *perm.offices, *perm.categories, *perm.law, *perm.reasons]
    named += [question for category in perm.categories for question in category.questions]
    for thing in named:
        assert thing.names["ru"], thing
        assert thing.names["en"], thing


def test_an_english_reader_of_perm_meets_no_russian_article_of_a_law(perm: Pack) -> None:
    sources = [term.source for term in perm.terms.values()]
    sources += [line.source for line in perm.competences if line.source]
    assert sources
    for source in sources:
        for text in (in_language(source.titles, "en"), in_language(source.article, "en")):
            assert not re.search("[А-Яа-я]", text), text
    assert in_language(perm.terms["message-10"].source.article, "ru") == "п. 3.2"


def test_an_article_that_reads_alike_everywhere_is_one_text(perm: Pack) -> None:
    raw = {"terms": {"t": {"code": "t", "days": 3, "kind": "working", "source": {"article": "3.2"}}}}
    article = terms_from(raw)["t"].source.article
    assert (in_language(article, "ru"), in_language(article, "en")) == ("3.2", "3.2")


def test_the_five_top_categories_are_the_same_in_every_city(perm: Pack, boston: Pack) -> None:
    for pack in (perm, boston):
        assert tuple(one.code for one in pack.categories if not one.parent) == GROUPS


def test_terms_from_an_agreement_do_not_claim_to_bind(perm: Pack) -> None:
    for code, term in perm.terms.items():
        assert term.source.binding is not code.startswith(("message-", "confirm-"))
    assert not any(one.confirmed for one in perm.law)


def test_a_few_subcategories_of_perm_are_left_to_the_dispatcher(perm: Pack) -> None:
    routed = {line.category for line in perm.competences if line.place in {"", "perm-krai", "perm-city"}}
    routed |= {line.category for line in perm.competences if line.place == "perm-leninsky"}
    left = {one.code for one in perm.categories if one.parent and not {one.code, one.parent} & routed}
    assert left == {"social-other", "security-other"}


def test_the_plain_form_is_json_and_gives_the_terms_and_the_calendar_back(perm: Pack, boston: Pack) -> None:
    for pack in (perm, boston):
        raw = json.loads(json.dumps(pack.raw))
        assert terms_from(raw) == pack.terms
        assert calendar_from(raw) == pack.calendar
        assert set(raw["reasons"]) == {"refused", "sent_back", "not_ours"}


def test_the_plain_form_of_a_question_is_what_the_catalogue_reads(perm: Pack) -> None:
    pothole = next(one for one in perm.raw["categories"] if one["code"] == "pothole")
    question = pothole["questions"][0]
    assert (question["code"], question["kind"], question["required"]) == ("road-class", "choice", True)
    assert question["choices"][0]["terms"] == {"fix": "pothole-1"}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 4, 27), True),  # a Saturday worked for the Monday after it
        (date(2024, 4, 29), False),
        (date(2024, 12, 28), True),
        (date(2025, 5, 2), False),
        (date(2025, 11, 1), True),
        (date(2025, 11, 3), False),
        (date(2026, 1, 9), False),
        (date(2026, 3, 9), False),
        (date(2026, 11, 4), False),
        (date(2026, 12, 31), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
    ],
)
def test_perm_follows_the_production_calendar(perm: Pack, day: date, worked: bool) -> None:
    assert work_calendar(perm.calendar, range(2024, 2027)).is_working(day) is worked


def test_boston_rests_on_patriots_day(boston: Pack) -> None:
    calendar = work_calendar(boston.calendar, [2022])
    assert not calendar.is_working(date(2022, 4, 18))
    assert calendar.is_working(date(2022, 4, 19))


def test_the_packs_own_days_win_over_the_librarys(boston: Pack) -> None:
    from dataclasses import replace

    own = replace(
        boston.calendar, days_off=(date(2022, 4, 19),), worked=(date(2022, 4, 18), date(2022, 4, 23))
    )
    calendar = work_calendar(own, [2022])
    days = [date(2022, 4, day) for day in (18, 19, 23)]
    assert [calendar.is_working(day) for day in days] == [True, False, True]


def test_every_centre_lies_inside_the_outline_of_its_parent(perm: Pack, boston: Pack) -> None:
    from shapely.geometry import Point, shape

    for pack in (perm, boston):
        outlines = {code: shape(geometry) for code, geometry in pack.outlines.items()}
        for place in pack.places:
            if place.parent in outlines:
                assert outlines[place.parent].contains(Point(place.centre.lon, place.centre.lat)), place.code
        assert all(outline.is_valid for outline in outlines.values())


def test_the_demonstration_has_one_account_for_each_role(perm: Pack) -> None:
    roles = [account.role for account in perm.demo.accounts]
    assert sorted(roles) == ["administrator", "citizen", "dispatcher", "moderator", "officer"]
    assert all(account.email.endswith(".example") for account in perm.demo.accounts)


def test_every_subcategory_of_perm_has_a_story_that_answers_its_required_questions(perm: Pack) -> None:
    stories = {story.category: story for story in perm.demo.stories}
    for category in perm.categories:
        if category.parent:
            needed = {question.code for question in category.questions if question.required}
            assert needed <= set(stories[category.code].details), category.code
            assert len(stories[category.code].texts) >= 3


def test_the_stories_answer_choices_with_choices_that_exist(perm: Pack) -> None:
    stories = {story.category: story for story in perm.demo.stories}
    for category in perm.categories:
        for question in category.questions:
            values = set(stories[category.code].details.get(question.code, ()))
            allowed = {choice.code for choice in question.choices} or (
                {"yes", "no"} if question.kind == "yesno" else values
            )
            assert values <= allowed, (category.code, question.code)


def test_the_officer_of_the_demonstration_has_work(perm: Pack) -> None:
    officer = next(account for account in perm.demo.accounts if account.role == "officer")
    theirs = {line.category for line in perm.competences if line.office == officer.office}
    assert "pothole" in theirs
