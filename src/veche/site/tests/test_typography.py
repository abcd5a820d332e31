import pytest
from django.utils import translation
from markupsafe import Markup

from veche.site.jinja import counted
from veche.site.typography import number, plural, typo

NBSP = "\u00a0"


@pytest.fixture(params=["ru", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def test_a_short_russian_word_never_ends_a_line():
    with translation.override("ru"):
        assert typo("Яма на дороге и у дома") == f"Яма на{NBSP}дороге и{NBSP}у{NBSP}дома"


def test_quotes_and_dashes_are_real():
    with translation.override("ru"):
        assert typo('Газета "Звезда" - наша') == f"Газета «Звезда»{NBSP}— наша"
    with translation.override("en"):
        assert typo('The paper "Star" - ours') == f"The paper “Star”{NBSP}– ours"


def test_a_word_is_not_torn_at_its_hyphen():
    with translation.override("ru"):
        assert typo("Из-за снега, по-русски, закон 59-ФЗ") == (
            "Из\u2011за снега, по\u2011русски, закон 59\u2011ФЗ"
        )


def test_a_counted_number_stays_with_its_word():
    for language, words in (("ru", f"осталось 5{NBSP}рабочих дней"), ("en", f"5{NBSP}working days left")):
        with translation.override(language):
            assert counted("%(n)s working day left", "%(n)s working days left", 5) % {"n": 5} == words


def test_a_unit_stays_with_its_number(language):
    assert typo("12 km") == f"12{NBSP}km"


def test_plain_text_stays_plain_so_that_the_page_escapes_it():
    with translation.override("ru"):
        text = typo("<b>на дороге</b>")
    assert not isinstance(text, Markup)


def test_inside_of_a_tag_nothing_is_touched():
    with translation.override("ru"):
        assert typo(Markup('<a title="на дом">на дом</a>')) == f'<a title="на дом">на{NBSP}дом</a>'


def test_numbers_are_written_as_the_reader_is_used_to():
    with translation.override("ru"):
        assert (number(1234567), number(0.5)) == (f"1{NBSP}234{NBSP}567", "0,5")
    with translation.override("en"):
        assert (number(1234567), number(0.5)) == ("1,234,567", "0.5")


def test_russian_knows_three_forms():
    with translation.override("ru"):
        assert [plural(n, "день", "дня", "дней") for n in (1, 3, 5, 11, 21, 112)] == [
            "день",
            "дня",
            "дней",
            "дней",
            "день",
            "дней",
        ]
