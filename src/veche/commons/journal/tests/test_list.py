from collections.abc import Callable
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from veche.commons.journal import services
from veche.commons.journal.terms import FactLine, Told
from veche.commons.journal.tests.conftest import BellRang
from veche.kernel.calendar import WorkCalendar
from veche.kernel.ids import new_id

Ring = Callable[..., UUID]
TOWN = SimpleNamespace(
    id=new_id(),
    code="town",
    names={"ru": "Город", "en": "Town"},
    calendar=WorkCalendar(ZoneInfo("Asia/Yekaterinburg")),
)
VILLAGE = SimpleNamespace(
    id=new_id(), code="village", names={"ru": "Село", "en": "Village"}, calendar=WorkCalendar(ZoneInfo("UTC"))
)


@pytest.fixture(autouse=True)
def told() -> None:
    services.know(BellRang)
    services.register_cities(lambda: [TOWN, VILLAGE])
    services.register_sentences({BellRang.kind: "The bell rang %(times)s times."})
    services.register_words("kind", {BellRang.kind: "a bell rang"})


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/journal{query}", headers={"cookie": "lang=en"})
    assert response.status_code == 200
    return response.content.decode()


def test_the_newest_fact_stands_first_as_a_sentence_with_its_city(client: Client, ring: Ring) -> None:
    ring(1, city_id=TOWN.id)
    ring(2, city_id=VILLAGE.id)
    html = page(client)
    assert html.index("The bell rang 2 times.") < html.index("The bell rang 1 times.")
    assert "Town" in html


def test_the_filters_show_one_city_and_one_kind(client: Client, ring: Ring) -> None:
    ring(1, city_id=TOWN.id)
    ring(2, city_id=VILLAGE.id)
    html = page(client, "?city=town&kind=journal.BellRang")
    assert "The bell rang 1 times." in html
    assert "The bell rang 2 times." not in html


def test_a_wrong_filter_is_left_out(client: Client, ring: Ring) -> None:
    ring(1)
    assert "The bell rang 1 times." in page(client, "?city=nowhere&kind=x&before=soon&subject=1")


def test_an_empty_journal_says_why(client: Client, db: None) -> None:
    assert "nothing has happened here yet" in page(client)


def test_the_subject_is_linked_where_it_has_a_page(client: Client, ring: Ring) -> None:
    ring(1)
    services.register_addresses("toy.bell", lambda refs: dict.fromkeys(refs, "/town/bells/1"))
    assert '<a href="/town/bells/1">The bell rang 1 times.</a>' in page(client)


def test_the_owner_of_a_subject_may_tell_it_better(client: Client, ring: Ring) -> None:
    ring(1)

    def better(line: FactLine) -> Told | None:
        return (
            Told("%(bell)s: ding! %(missing)s", {"bell": {"ru": "Вечевой", "en": "Veche bell"}})
            if line.kind == BellRang.kind
            else None
        )

    services.register_teller("toy.bell", better)
    assert "Veche bell: ding! –" in page(client)


def test_older_lines_are_one_step_away(client: Client, ring: Ring) -> None:
    ids = [ring(n) for n in range(51)]
    html = page(client)
    assert f"before={ids[1]}" in html
    assert "The bell rang 0 times." in page(client, f"?before={ids[1]}")


def test_programmers_read_the_same_in_pages(client: Client, ring: Ring) -> None:
    ids = [ring(n, city_id=TOWN.id) for n in range(3)]
    first = client.get("/api/v1/journal?limit=2&city=town").json()
    assert [one["id"] for one in first["facts"]] == [str(ids[2]), str(ids[1])]
    assert first["facts"][0]["body"] == {"times": 2}
    second = client.get(f"/api/v1/journal?limit=2&before={first['next']}").json()
    assert ([one["id"] for one in second["facts"]], second["next"]) == ([str(ids[0])], None)


@pytest.mark.parametrize("query", ["city=nowhere", "limit=0", "limit=1000", "before=x"])
def test_a_wrong_question_gets_a_problem_never_a_crash(client: Client, db: None, query: str) -> None:
    response = client.get(f"/api/v1/journal?{query}")
    assert response.status_code in {404, 409, 422}
    assert response["Content-Type"] == "application/problem+json"
