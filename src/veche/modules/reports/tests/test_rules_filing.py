from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.accounts.terms import Level
from veche.kernel.geo import Point
from veche.modules.reports.rules import check_answers, is_meant, may_file, title_of
from veche.modules.reports.rules.filing import LONGEST_ANSWER, LONGEST_TITLE
from veche.modules.reports.terms import AnswerKind, CategoryView, NewReport, Question

NAMES = {"ru": "Вопрос", "en": "Question"}
CHOICES = {"seat": NAMES, "back": NAMES}


def question(kind: AnswerKind, *, required: bool = False) -> Question:
    return Question("it", kind, NAMES, required, CHOICES if kind is AnswerKind.CHOICE else {})


def category(*questions: Question, is_group: bool = False, retired: bool = False) -> CategoryView:
    return CategoryView(UUID(int=1), "bench", "city", NAMES, {}, "", questions, {}, is_group, retired)


def new(**answers: str) -> NewReport:
    return NewReport(
        UUID(int=9), UUID(int=8), "bench", "The bench is broken.", Point(58, 56), answers=answers
    )


def codes(refusals):
    return [one.code for one in refusals]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (AnswerKind.NUMBER, "deep", "reports.answer-not-a-number"),
        (AnswerKind.NUMBER, "inf", "reports.answer-not-a-number"),
        (AnswerKind.NUMBER, "nan", "reports.answer-not-a-number"),
        (AnswerKind.DATE, "14.03.2026", "reports.answer-not-a-date"),
        (AnswerKind.CHOICE, "leg", "reports.answer-not-a-choice"),
        (AnswerKind.YESNO, "perhaps", "reports.answer-not-a-choice"),
        (AnswerKind.TEXT, "я" * (LONGEST_ANSWER + 1), "reports.answer-too-long"),
    ],
)
def test_a_wrong_answer_is_refused_beside_its_question(kind, text, code):
    answers, refusals = check_answers([question(kind)], {"it": text})
    assert answers == {}
    assert [(one.code, one.field) for one in refusals] == [(code, "answer-it")]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (AnswerKind.NUMBER, "2,5"),
        (AnswerKind.NUMBER, "-3"),
        (AnswerKind.DATE, date(2026, 3, 14).isoformat()),
        (AnswerKind.CHOICE, "seat"),
        (AnswerKind.YESNO, "no"),
        (AnswerKind.TEXT, "у остановки"),
    ],
)
def test_a_right_answer_is_taken(kind, text):
    assert check_answers([question(kind, required=True)], {"it": f" {text} "}) == ({"it": text}, [])


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_only_a_required_question_must_be_answered(kind):
    assert check_answers([question(kind)], {}) == ({}, [])
    assert codes(check_answers([question(kind, required=True)], {"it": "  "})[1]) == [
        "reports.answer-missing"
    ]


@given(
    st.sampled_from(list(AnswerKind)),
    st.booleans(),
    st.dictionaries(st.text(max_size=4), st.text(max_size=400)),
)
def test_whatever_is_typed_is_either_taken_or_refused(kind, required, raw):
    answers, refusals = check_answers([question(kind, required=required)], raw)
    assert set(answers) <= {"it"}
    assert not (answers and refusals)
    assert check_answers([question(kind, required=required)], answers)[0] == answers


def test_a_group_a_retired_and_an_unknown_subcategory_cannot_be_reported():
    for wrong in (None, category(is_group=True), category(retired=True)):
        assert codes(may_file(new(), wrong, Level.CONTACT, needed=Level.CONTACT)) == [
            "reports.unknown-category"
        ]


def test_a_person_below_the_level_of_the_city_may_not_file():
    assert codes(may_file(new(), category(), Level(0), needed=Level.CONTACT)) == ["reports.level-too-low"]
    assert may_file(new(), category(), Level.CONTACT, needed=Level.CONTACT) == []


def test_a_required_question_bites_when_filing():
    asked = category(question(AnswerKind.CHOICE, required=True))
    assert codes(may_file(new(), asked, Level.CONTACT, needed=Level.CONTACT)) == ["reports.answer-missing"]
    assert may_file(new(it="seat"), asked, Level.CONTACT, needed=Level.CONTACT) == []


@given(st.text(max_size=600))
def test_a_title_fits_on_a_line_and_begins_the_text(text):
    title = title_of(text)
    assert len(title) <= LONGEST_TITLE
    assert "\n" not in title
    assert " ".join(text.split()).startswith(title.removesuffix("…"))


def test_a_long_text_is_cut_at_a_word():
    assert title_of("яма " * 60).endswith("яма…")
    assert title_of("  одна \n яма ") == "одна яма"


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("ямы", True),
        ("яма", True),
        ("дорогах", True),
        ("яма дороги", True),
        ("снег", False),
        ("яма снег", False),
        ("", True),
    ],
)
def test_a_subcategory_is_found_by_a_word_whatever_its_ending(sought, found):
    assert is_meant(sought, ("яма", "на", "дороге", "выбоина")) is found
