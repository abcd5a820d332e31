"""Each kind of mistake in a pack gives its own sentence, with the file and the place."""

import shutil
from pathlib import Path

import pytest
from tests.shared import PACKS

from veche.kernel.pack import SENTENCES, read_pack
from veche.kernel.refusals import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKS / "boston", tmp_path / "boston"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusals_of(folder: Path) -> list[tuple[str, str, str]]:
    """Code, file and the whole sentence of each refusal."""
    with pytest.raises(Refused) as refused:
        read_pack(folder)
    return [
        (one.code, str(one.params["file"]), SENTENCES[one.code] % one.params)
        for one in refused.value.refusals
    ]


QUESTION = '\n[[category.question]]\ncode = "q"\nkind = "{kind}"\nnames = {{ en = "Q" }}\n'
CHOICE = 'choice = [{ code = "a", names = { en = "A" } }]\n'

MISTAKES = [
    ("pack.unknown-key", "city.toml", 'country = "US"', 'country = "US"\nmayor = "x"', "mayor"),
    ("pack.missing-key", "city.toml", 'country = "US"\n', "", "country"),
    ("pack.wrong-kind", "city.toml", "position = 2", 'position = "two"', "position"),
    ("pack.bad-time-zone", "city.toml", "America/New_York", "America/Boston", "America/Boston"),
    ("pack.bad-point", "city.toml", "lat = 42.3601", "lat = 142.3601", "centre"),
    ("pack.not-allowed", "city.toml", 'default_language = "en"', 'default_language = "ru"', "ru"),
    ("pack.unknown-language", "city.toml", '{ en = "Boston" }', '{ en = "Boston", ru = "Бостон" }', "ru"),
    ("pack.missing-language", "city.toml", '{ en = "Boston" }', '{ en = "" }', "en"),
    ("pack.tiles", "city.toml", "[centre]", "[map]\n[centre]", "url"),
    ("pack.not-toml", "city.toml", 'country = "US"', "country = US", "line"),
    ("pack.bad-code", "places.toml", 'code = "back-bay"', 'code = "Back Bay"', "Back Bay"),
    ("pack.duplicate-code", "places.toml", 'code = "back-bay"', 'code = "fenway"', "fenway"),
    ("pack.unknown-reference", "places.toml", 'parent = "boston"', 'parent = "cambridge"', "cambridge"),
    ("pack.circle", "places.toml", "lon = -71.0800\n", 'lon = -71.0800\nparent = "boston"\n', "boston"),
    ("pack.no-root", "places.toml", 'parent = "boston"\n', "", "2"),
    ("pack.bad-hours", "offices.toml", "08:30-17:00", "8.30 to 5", "8.30 to 5"),
    ("pack.bad-email", "offices.toml", "pwd@boston.example", "pwd at boston", "pwd at boston"),
    ("pack.unknown-reference", "competences.toml", '"pothole"', '"potholes"', "potholes"),
    ("pack.unknown-reference", "competences.toml", 'office = "pwd"', 'office = "kgb"', "kgb"),
    ("pack.duplicate-line", "competences.toml", '"pothole", ', '"pothole", "pothole", ', "competence 1"),
    (
        "pack.dates-reversed",
        "competences.toml",
        'office = "pwd"',
        'office = "pwd"\nvalid_from = 2026-02-01\nvalid_until = 2026-01-01',
        "competence 1",
    ),
    (
        "pack.wrong-kind",
        "competences.toml",
        'office = "pwd"',
        'office = "pwd"\nvalid_from = "soon"',
        "a date",
    ),
    ("pack.no-days", "law.toml", "days = 30", "days = 0", "service-30"),
    ("pack.duplicate-code", "law.toml", 'code = "service-2w"', 'code = "service-30"', "service-30"),
    ("pack.no-answer-term", "categories.toml", 'answer = "service-2w", ', "", "pothole"),
    ("pack.unknown-reference", "categories.toml", 'answer = "service-2w"', 'answer = "someday"', "someday"),
    ("pack.not-allowed", "categories.toml", 'code = "crime"', 'code = "misc"', "misc"),
    ("pack.no-group", "categories.toml", 'code = "crime"', 'code = "misc"', "crime"),
    ("pack.empty-group", "categories.toml", 'group = "crime"', 'group = "social"', "crime"),
    (
        "pack.no-choices",
        "categories.toml",
        '\n[[category]]\ncode = "sidewalk"',
        f'{QUESTION.format(kind="choice")}\n[[category]]\ncode = "sidewalk"',
        "question 1",
    ),
    (
        "pack.stray-choices",
        "categories.toml",
        '\n[[category]]\ncode = "sidewalk"',
        f'{QUESTION.format(kind="text")}{CHOICE}\n[[category]]\ncode = "sidewalk"',
        "question 1",
    ),
    ("pack.bad-country", "calendar.toml", '"MA"', '"ZZ"', "US ZZ"),
    (
        "pack.day-both",
        "calendar.toml",
        'country = "US"',
        'country = "US"\ndays_off = [2026-03-02]\nworked = [2026-03-02]',
        "2026-03-02",
    ),
    ("pack.not-geojson", "outline.geojson", '"Polygon"', '"Point"', "Point"),
    ("pack.unknown-reference", "outline.geojson", '"place": "boston"', '"place": "salem"', "salem"),
    ("pack.missing-key", "reasons.toml", "not_ours", "not_theirs", "not_ours"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[0]} {mistake[4]}")
def test_each_mistake_is_told_with_its_file_and_place(
    folder: Path, mistake: tuple[str, str, str, str, str]
) -> None:
    code, file, old, new, told = mistake
    change(folder, file, old, new)
    found = refusals_of(folder)
    assert any((code, file) == one[:2] and told in one[2] and file in one[2] for one in found), found


DEMO = """
general_answers = ["Done."]
[slots]
near = ["a school"]
[[account]]
role = "officer"
email = "o@boston.example"
name = "Olga Sample"
[[street]]
name = "Main Street"
place = "dorchester"
points = [42.30, -71.06]
[[story]]
category = "pothole"
texts = ["A pothole near {near}, {street}"]
answers = ["Mended on {date}."]
"""


@pytest.mark.parametrize(
    ("code", "old", "new", "told"),
    [
        ("pack.missing-key", "name = ", "nick = ", "name"),
        ("pack.missing-key", 'role = "officer"', 'role = "officer"', "office"),
        ("pack.unknown-slot", "{near}", "{nowhere}", "nowhere"),
        ("pack.twelve-months", 'category = "pothole"', 'category = "pothole"\nmonths = [1, 2]', "months"),
        ("pack.unknown-reference", '"dorchester"', '"salem"', "salem"),
        ("pack.not-allowed", '"officer"', '"king"', "king"),
    ],
)
def test_mistakes_in_the_demonstration_are_told_too(
    folder: Path, code: str, old: str, new: str, told: str
) -> None:
    (folder / "demo.toml").write_text(DEMO.replace(old, new, 1), encoding="utf-8")
    assert any(one[0] == code and told in one[2] for one in refusals_of(folder))


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    change(folder, "city.toml", "America/New_York", "Nowhere/City")
    change(folder, "offices.toml", "pwd@boston.example", "nobody")
    (folder / "reasons.toml").unlink()
    assert {code for code, _, _ in refusals_of(folder)} == {
        "pack.bad-time-zone",
        "pack.bad-email",
        "pack.missing-file",
    }


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert [one[0] for one in refusals_of(tmp_path / "atlantis")] == ["pack.no-folder"]


def test_an_empty_folder_tells_every_missing_file(tmp_path: Path) -> None:
    missing = {file for code, file, _ in refusals_of(tmp_path) if code == "pack.missing-file"}
    assert missing == {
        "city.toml",
        "places.toml",
        "offices.toml",
        "law.toml",
        "categories.toml",
        "calendar.toml",
        "reasons.toml",
        "competences.toml",
    }


def test_every_sentence_names_its_file() -> None:
    assert all("%(file)s" in sentence for sentence in SENTENCES.values())
