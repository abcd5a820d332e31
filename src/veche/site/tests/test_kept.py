"""A page for visitors is drawn once, and never shown when it would come out otherwise."""

from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError
from django.http import HttpResponse

from veche.commons.places.models import City
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import filed, moved
from veche.site import kept
from veche.site.kept import KeptPages

pytestmark = pytest.mark.django_db


def asked(path: str = "/perm/reports", **more: str) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "wsgi.errors": None, "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": "lang=en",
    } | more  # fmt: skip


class House:
    """The application behind the store, which counts how often it had to work."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.drawn = 0
        self.pages = KeptPages(self)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.drawn += 1
        return self._application(environ, start_response)

    def get(self, path: str = "/perm/reports", **more: str) -> tuple[str, dict[str, str], str]:
        told: list[Any] = []
        body = b"".join(self.pages(asked(path, **more), lambda *what: told.append(what)))
        status, headers = told[0][:2]
        return status, dict(headers), body.decode(errors="replace")


@pytest.fixture
def pothole(perm: Any, alice: Any, now: Any) -> Any:
    return filed(perm, alice, now=now)


@pytest.fixture
def house(pothole: Any) -> House:
    return House(WSGIHandler())


@pytest.fixture
def page_of(pothole: Any) -> str:
    return f"/perm/reports/{number_of(pothole.serial)}"


def test_the_same_page_is_drawn_once(house: House, page_of: str) -> None:
    for path in ("/perm/reports", page_of):
        before = house.drawn
        assert house.get(path) == house.get(path) == house.get(path)
        assert house.drawn == before + 1


@pytest.mark.parametrize("path", ["list", "page"])
def test_a_step_of_the_office_is_seen_at_once(
    path: str, house: House, page_of: str, pothole: Any, boris: Any, now: Any
) -> None:
    address = page_of if path == "page" else "/perm/reports"
    before = house.get(address)
    moved(pothole, "take", boris, now=now)
    after = house.get(address)
    assert after != before
    assert after == House(WSGIHandler()).get(address)


def test_a_new_report_is_seen_at_once(house: House, perm: Any, alice: Any, now: Any) -> None:
    house.get()
    later = filed(perm, alice, now=now)
    assert f"/perm/reports/{number_of(later.serial)}" in house.get()[2]


def test_what_a_moderator_hides_is_gone_at_once(
    house: House, page_of: str, pothole: Any, mila: Any, now: Any
) -> None:
    house.get(page_of)
    services.hide_report(pothole.pk, "insult", by=mila, now=now)
    assert house.get(page_of)[0].startswith("410")
    assert page_of not in house.get()[2]


def test_a_name_that_changed_is_not_shown_again(house: House, page_of: str, pothole: Any, alice: Any) -> None:
    from veche.commons.accounts.models import Person
    from veche.commons.submissions.models import Submission

    Submission.objects.update(anonymous=False)
    assert "Alice" in house.get(page_of)[2]
    Person.objects.filter(pk=alice.person_id).update(name="Alicia Brown")
    assert "Alicia Brown" in house.get(page_of)[2]
    Person.objects.filter(pk=alice.person_id).update(is_active=False)
    assert "Alicia" not in house.get(page_of)[2]


def test_a_city_that_changed_is_drawn_anew(house: House, perm: Any) -> None:
    house.get()
    City.objects.filter(pk=perm.id).update(version=perm.version + 1)
    house.get()
    assert house.drawn == 2


def test_words_of_time_are_not_kept_beyond_a_quarter_of_an_hour(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.get()
    monkeypatch.setattr(kept.time, "time", lambda: 0.0)
    house.get()
    assert house.drawn == 2


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "lang=ru"},
        {"HTTP_COOKIE": "lang=en; theme=dark"},
        {"HTTP_COOKIE": "lang=en; look=size-3"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_HOST": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"QUERY_STRING": "status=routed"},
    ],
)
def test_readers_who_see_another_page_get_another(house: House, more: dict[str, str]) -> None:
    house.get()
    house.get(**more)
    assert house.drawn == 2
    house.get(**more)
    assert house.drawn == 2


@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "lang=en; messages=abc"},
        {"HTTP_HX_REQUEST": "true"},
        {"REQUEST_METHOD": "HEAD"},
    ],
)
def test_who_has_a_page_of_their_own_is_never_given_another(house: House, more: dict[str, str]) -> None:
    house.get()
    house.get(**more)
    house.get(**more)
    assert house.drawn == 3


def test_a_page_the_browser_holds_is_not_sent_again(house: House) -> None:
    etag = house.get()[1]["ETag"]
    status, headers, body = house.get(HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    assert (status, body) == ("304 Not Modified", "")
    assert headers["ETag"] == etag
    assert house.get(HTTP_IF_NONE_MATCH='"other"')[0] == "200 OK"
    assert house.drawn == 1


def test_where_the_database_fails_the_house_itself_answers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.get()

    def fail(_: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr("veche.modules.reports.queries.asking.Remembered.same_again", fail)
    assert house.get()[0] == "200 OK"
    assert house.drawn == 2


def test_the_search_is_asked_every_time(house: House) -> None:
    house.get("/perm/reports?text=яма")
    house.get("/perm/reports?text=яма")
    assert house.drawn == 2


def a_page(size: int, **cookies: str) -> Any:
    def draw(environ: Any, start_response: Any) -> HttpResponse:
        response = HttpResponse(b"x" * size)
        response.kept_while = lambda: True  # type: ignore[attr-defined]
        for name, value in cookies.items():
            response.set_cookie(name, value)
        start_response("200 OK", list(response.items()))
        return response

    return draw


def test_a_page_that_sets_a_cookie_is_for_one_reader(db: None) -> None:
    house = House(a_page(10, token="secret"))
    house.get()
    house.get()
    assert house.drawn == 2


def test_the_store_never_outgrows_its_room(db: None) -> None:
    house = House(a_page(400))
    house.pages = KeptPages(house, most_bytes=1000)
    for path in ("/a", "/b", "/c", "/b", "/c"):
        house.get(path)
    assert house.drawn == 3
    house.get("/a")
    assert house.drawn == 4
