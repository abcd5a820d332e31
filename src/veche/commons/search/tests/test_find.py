from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veche.commons.search import queries, services
from veche.commons.search.adapters.in_memory import IndexInMemory
from veche.commons.search.adapters.on_disk import IndexOnDisk
from veche.commons.search.ports import EQUIPMENT
from veche.commons.search.tests.conftest import CITY, KIND, NOON
from veche.kernel.ids import new_id, number_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["disk", "memory"], autouse=True)
def index(request, tmp_path, monkeypatch):
    """The port's two implementations keep the same promises."""
    index = IndexOnDisk(tmp_path / "search") if request.param == "disk" else IndexInMemory()
    monkeypatch.setattr(EQUIPMENT, "index", index)
    return index


def found(text: str, **options) -> list:
    return [hit.subject_id for hit in queries.find(CITY, text, **options)]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Яма на дороге", "ямы на дорогах"),
        ("Большие ямы у школы", "яма"),
        ("Не горят фонари", "фонарь не горит"),
        ("Течёт крыша подъезда", "крыша течет"),
        ("Течет крыша", "ТЕЧЁТ"),
        ("Свалка за гаражами", "гаражи"),
        ("Potholes on Main Street", "pothole"),
        ("Broken street light", "lights"),
        ("Улица Ленина, 50", "ленина 50"),
        ("Скамейка сломана", "сломанные скамейки"),
    ],
)
def test_search_understands_endings(put, said, asked):
    wanted = put("", said)
    put("", "Совсем о другом: кошка и окно")
    services.follow(NOON)
    assert found(asked) == [wanted.id]


def test_all_words_are_wanted_and_any_are_better_than_nothing(put):
    both, one = put("", "яма у школы"), put("", "яма у вокзала")
    services.follow(NOON)
    assert found("яма школа") == [both.id]
    assert set(found("яма больница")) == {both.id, one.id}
    assert found("больница") == []


def test_a_word_in_the_title_weighs_more(put):
    in_text = put("Двор", "длинный рассказ про двор, лавку, деревья и яму")
    in_title = put("Яма", "длинный рассказ про двор, лавку, деревья и кусты")
    services.follow(NOON)
    assert found("яма") == [in_title.id, in_text.id]


@pytest.mark.parametrize("typed", ["1042", "1042-{0}", "№1042-{0}", "# 1042 {0}"])
def test_a_number_finds_its_bearer_first(put, typed):
    number = number_of(1042)
    for _ in range(3):
        put("1042 1042 1042", "дом 1042")
    bearer = put("Яма", number=number)
    services.follow(NOON)
    assert found(typed.format(number[-1]))[0] == bearer.id


def test_cities_and_kinds_are_kept_apart(put):
    here = put("Яма")
    idea = put("Яма под дерево", kind="ideas.idea")
    put("Яма", city_id=new_id())
    services.follow(NOON)
    assert set(found("яма")) == {here.id, idea.id}
    assert found("яма", kinds=[KIND]) == [here.id]
    assert found("яма", kinds=["ideas.idea"]) == [idea.id]
    assert found("яма", kinds=["nobody.knows"]) == []
    assert {hit.kind for hit in queries.find(CITY, "яма")} == {KIND, "ideas.idea"}


def test_pages_follow_one_another_without_gaps_or_repeats(put):
    ids = {put("", f"яма номер {n}", number=number_of(n + 10)).id for n in range(45)}
    services.follow(NOON)
    pages = [found("яма", limit=20, offset=at) for at in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert set().union(*pages) == ids


def test_the_newest_come_first_when_that_is_asked(put):
    refs = [put("", "яма", happened_at=NOON + timedelta(days=day)) for day in (3, 1, 2)]
    services.follow(NOON)
    assert found("яма", newest=True) == [refs[0].id, refs[2].id, refs[1].id]


@pytest.mark.parametrize("text", ["", "   ", "!!!", "№", "—", "\x00", "()", "на"])
def test_nothing_asked_is_nothing_found(put, text):
    put("Яма")
    services.follow(NOON)
    assert found(text) == []


def test_before_there_is_an_index_nothing_is_found():
    assert found("яма") == []


@pytest.mark.parametrize(
    "page", [{"limit": 0}, {"limit": -5}, {"offset": 10**9}, {"limit": 10**9}, {"offset": -3}]
)
def test_senseless_pages_do_no_harm(put, page):
    put("Яма")
    services.follow(NOON)
    assert len(found("яма", **page)) <= 1


# fmt: off
HOSTILE = [
    "body:яма", "яма AND", "(яма", '"яма', "яма~2", "*", "яма*", "-яма", "+", "/.*/", "[a TO b]", "\\", "яма^9",
    "' OR 1=1 --", "IN [", "яма" * 400, "я " * 3000, "\ud800", "٣٤٥", "①②", "🙂", "a\u0301",
    "%00", "{{7*7}}", "1" * 500,
]
# fmt: on


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_questions_are_only_words(put, text):
    put("Яма", "яма", number=number_of(7))
    services.follow(NOON)
    assert isinstance(found(text), list)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80) | st.text("яма ()[]{}\"'~^*?:\\/+-!&|№#0123456789", max_size=40))
def test_no_question_ever_raises(index, put, text):
    if not index.size():
        put("Яма 1042", "большая яма", number=number_of(1042))
        services.follow(NOON)
    assert len(found(text)) <= 1
