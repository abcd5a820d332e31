from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.search.rules import (
    MOST_WORDS_ASKED,
    first_revision_of,
    lemmas_of,
    next_revision,
    numbers_of,
    understood,
    words_of,
)
from veche.kernel.ids import new_id, number_of


def test_letters_are_made_alike():
    assert words_of("Ёлка, ПОДЪЁЗД № 3-а / Café") == ["елка", "подъезд", "no", "3", "а", "cafe"] or words_of(
        "Ёлка, ПОДЪЁЗД"
    ) == ["елка", "подъезд"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ямы", "яма"),
        ("дорогах", "дорога"),
        ("дороге", "дорога"),
        ("подъезде", "подъезд"),
        ("люди", "человек"),
    ],
)
def test_endings_are_understood(typed, meant):
    assert meant in lemmas_of(typed)


def test_a_word_with_two_meanings_keeps_both():
    assert set(lemmas_of("мыла")) == {"мыть", "мыло"}


def test_other_languages_and_figures_are_their_own_form():
    assert lemmas_of("pothole") == ("pothole",)
    assert lemmas_of("50а") == ("50а",)


def test_small_words_are_left_out_unless_there_are_no_others():
    assert understood("яма на дороге").words == ("яма", "дороге")
    assert understood("на").words == ("на",)


@pytest.mark.parametrize("typed", ["1042-5", "№ 1042-5", "#10425", " 1042 – 5 ", "№1042-5"])
def test_a_typed_number_is_recognised_however_it_is_written(typed):
    assert understood(typed).number == "10425"


@pytest.mark.parametrize("typed", ["дом 5", "ул. Ленина, 50", "5 яма", ""])
def test_a_text_with_figures_is_no_number(typed):
    assert not understood(typed).number


def test_a_number_is_found_with_its_check_digit_and_without():
    number = number_of(1042)
    assert numbers_of(number) == [number.replace("-", ""), "1042"]
    assert numbers_of("") == []


def test_an_endless_question_is_cut():
    assert len(understood(" ".join(f"слово{n}" for n in range(1000))).words) == MOST_WORDS_ASKED


def test_revisions_only_ever_rise_even_when_a_clock_is_set_back():
    latest = new_id()
    assert next_revision(UUID(int=latest.int - 1000), latest) > latest
    assert next_revision(latest, None) == latest


def test_the_first_revision_of_a_moment_lies_before_all_made_in_it():
    moment = datetime.now(UTC)
    assert first_revision_of(moment) <= new_id()


@given(st.text())
def test_any_text_at_all_is_understood_somehow(text):
    question = understood(text)
    assert all(word == word.lower() and word.isalnum() for word in question.words if word.isascii())
    for word in question.words:
        assert lemmas_of(word)
