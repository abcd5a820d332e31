"""What may be handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.submissions import rules
from veche.commons.submissions.terms import LONGEST_ADDRESS, LONGEST_TEXT
from veche.kernel.geo import Point


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "submissions.text-missing"),
        (" \n\t ", "submissions.text-missing"),
        ("\x00\x07", "submissions.text-missing"),
        ("?!.. —", "submissions.text-without-words"),
        ("ок", "submissions.text-too-short"),
        ("я" * (LONGEST_TEXT + 1), "submissions.text-too-long"),
    ],
)
def test_a_text_nobody_can_act_on_is_refused(text: str, code: str) -> None:
    refusal = rules.check_text(text)
    assert refusal is not None
    assert refusal.code == code
    assert refusal.field == "text"


@pytest.mark.parametrize("text", ["Яма", "no light", "я" * LONGEST_TEXT, "  " + "a" * LONGEST_TEXT + "\n"])
def test_a_text_of_three_to_four_thousand_characters_is_taken(text: str) -> None:
    assert rules.check_text(text) is None


def test_an_address_of_three_hundred_characters_is_the_longest() -> None:
    assert rules.check_address("я" * LONGEST_ADDRESS) is None
    assert rules.check_address("я" * (LONGEST_ADDRESS + 1)) is not None


@pytest.mark.parametrize(
    "point", [Point(91, 0), Point(0, 181), Point(float("nan"), 0), Point(0, float("inf")), Point(-90.1, 0)]
)
def test_a_point_off_the_earth_is_refused(point: Point) -> None:
    refusal = rules.check_point(point)
    assert refusal is not None
    assert refusal.code == "submissions.no-such-point"


def test_folding_makes_yo_and_capitals_and_spaces_equal() -> None:
    assert rules.fold("  Ёлка\n НА улице ") == rules.fold("елка на Улице")


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more_and_leaves_no_control_characters(text: str) -> None:
    once = rules.clean(text)
    assert rules.clean(once) == once
    assert "\x00" not in once
    assert "\r" not in once


@pytest.mark.parametrize("mark", ["\u202e", "\u202a", "\u2066", "\u2069", "\x9f", "\ud800"])
def test_nothing_unseen_turns_the_writing_around(mark: str) -> None:
    assert rules.clean(f"яма{mark} на дороге") == "яма на дороге"
    assert rules.clean(f"е{mark}\u0308лка") == "ёлка"


@pytest.mark.parametrize("text", ["👨‍👩‍👧 у подъезда", "строка\n\tс отступом", "שלום", "Ёлка"])
def test_letters_of_all_writings_and_pictures_stay(text: str) -> None:
    assert rules.clean(text) == text


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@pytest.mark.parametrize("email", ["a@b.ru", " Ирина@почта.рф ", "first.last+tag@mail.example.org"])
def test_an_address_of_mail_is_recognised(email: str) -> None:
    assert rules.check_email(email) is None


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a b@c.ru", "a@b.ru, c@d.ru", "a@b.ru\nBcc: c@d.ru", "<a@b.ru>"]
)
def test_what_is_no_address_of_mail_is_refused(email: str) -> None:
    assert rules.check_email(email) is not None
