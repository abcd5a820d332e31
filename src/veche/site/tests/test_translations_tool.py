"""The texts of rooms are collected, checked and compiled."""

import gettext

import pytest

from veche.site.translations import Room, check_all, compile_all, extract_all

PLURALS = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : '
    'n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n'
)


@pytest.fixture
def room(tmp_path):
    (tmp_path / "jinja2" / "lamp").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "terms.py").write_text('A = N_("A lamp is %(state)s.")\nB = pgettext("of light", "on")\n')
    (tmp_path / "tests" / "terms.py").write_text('A = N_("never collected")\n')
    (tmp_path / "jinja2" / "lamp" / "page.html").write_text(
        '{{ _("Lamps") }}\n{% trans n=3 %}\n  {{ n }} lamp\n{% pluralize %}\n  {{ n }} lamps\n{% endtrans %}\n'
    )
    return Room("commons.lamp", tmp_path)


def write(room, body):
    room.po("ru").parent.mkdir(parents=True, exist_ok=True)
    room.po("ru").write_text(PLURALS + body, encoding="utf-8")


GOOD = """
msgid "A lamp is %(state)s."
msgstr "Фонарь %(state)s."

msgid "Lamps"
msgstr "Фонари"

msgid "%(n)s lamp"
msgid_plural "%(n)s lamps"
msgstr[0] "%(n)s фонарь"
msgstr[1] "%(n)s фонаря"
msgstr[2] "%(n)s фонарей"

msgctxt "of light"
msgid "on"
msgstr "горит"
"""


def test_texts_of_python_and_templates_are_collected_without_places_and_dates(room):
    assert extract_all([room]) == 1
    text = room.po("ru").read_text(encoding="utf-8")
    for expected in ("A lamp is %(state)s.", "Lamps", 'msgid_plural "%(n)s lamps"', 'msgctxt "of light"'):
        assert expected in text
    assert "never collected" not in text
    assert "#:" not in text
    assert "Date" not in text


def test_collecting_again_keeps_translations_and_changes_nothing(room):
    write(room, GOOD)
    extract_all([room])
    first = room.po("ru").read_text(encoding="utf-8")
    assert "Фонари" in first
    assert extract_all([room]) == 0
    assert room.po("ru").read_text(encoding="utf-8") == first


def test_a_complete_catalogue_has_no_flaw(room):
    write(room, GOOD)
    assert check_all([room]) == []


@pytest.mark.parametrize(
    ("was", "becomes", "flaw"),
    [
        ('msgstr "Фонари"', 'msgstr ""', "not translated: “Lamps”"),
        ('msgstr[2] "%(n)s фонарей"', 'msgstr[2] ""', "not translated in every plural form"),
        ('msgstr "Фонарь %(state)s."', 'msgstr "Фонарь %(status)s."', "its figures differ"),
        ('msgid "Lamps"', 'msgid "Lanterns"', "no longer used: “Lanterns”"),
        ('msgid "Lamps"', 'msgid "Lanterns"', "not in the .po file: “Lamps”"),
        ('msgid "Lamps"', '#, fuzzy\nmsgid "Lamps"', "marked fuzzy: “Lamps”"),
        ('msgid "Lamps"', '#~ msgid "Gas"\n#~ msgstr "Газ"\n\nmsgid "Lamps"', "obsolete"),
    ],
)
def test_each_kind_of_flaw_is_told(room, was, becomes, flaw):
    write(room, GOOD.replace(was, becomes))
    assert any(flaw in one for one in check_all([room])), check_all([room])


def test_the_same_text_translated_otherwise_elsewhere_is_told(room, tmp_path):
    write(room, GOOD)
    other = Room("commons.other", tmp_path / "other")
    other.folder.mkdir()
    (other.folder / "terms.py").write_text('A = N_("Lamps")\n')
    write(other, 'msgid "Lamps"\nmsgstr "Лампы"\n')
    assert any("translated otherwise" in one for one in check_all([room, other]))


def test_compiled_texts_are_what_the_program_reads(room):
    write(room, GOOD)
    assert compile_all([room]) == 1
    assert compile_all([room]) == 0
    with room.po("ru").with_suffix(".mo").open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext("Lamps") == "Фонари"
    assert texts.pgettext("of light", "on") == "горит"
    assert [texts.ngettext("%(n)s lamp", "%(n)s lamps", n) for n in (1, 2, 5, 21)] == [
        "%(n)s фонарь",
        "%(n)s фонаря",
        "%(n)s фонарей",
        "%(n)s фонарь",
    ]
