"""Public pages read whatever stands in their addresses: at worst they say what is wrong, they never fail."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LISTED = ("group", "category", "status", "place", "office", "overdue", "text", "before", "after")
FRAMED = ("at", "zoom", "box", "size", "pin", "theme", "lang", "v")
PAGES = {
    "/": ("next", "q"),
    "/perm/": LISTED,
    "/perm/reports": LISTED,
    "/perm/reports.geojson": LISTED,
    "/perm/reports.atom": LISTED,
    "/perm/map": (*LISTED, *FRAMED),
    "/perm/map/clusters.json": (*LISTED, *FRAMED),
    "/perm/ground.svg": FRAMED,
    "/perm/places.geojson": FRAMED,
    "/perm/report": ("q", "category", "act"),
    "/journal": ("city", "kind", "subject", "before"),
    "/look": ("next", "size", "contrast"),
    "/accounts/login/": ("next",),
    "/api/v1/perm/reports": (*LISTED, "q", "limit"),
    "/api/v1/journal": ("city", "kind", "subject", "before", "limit"),
}
NASTY = (
    "", "\x00", "a\x00b", "'", '"><script>', "%", "%%s", "%(x)s", "{0}", "\ud800", "\u202e", "🕳️", "ё" * 500, "0",
    "-1", "1e999", "nan", "inf", "-inf", "999999999999999999999999999999", "９９", "١٢", "1_0", "1042-7", "0x10",
    "true", "None", "roads.", "roads", "routed", "58,56.1", "56.1,58,56.4,58.1", "56.4,58.1,56.1,58", "0,0,0,0",
    "-180,-90,180,90", "nan,nan,nan,nan", "1e308,1e308,1e308,1e308", "inf,0", ",,,", "1,2,3", "760x520", "0x0",
    "99999x99999", "-1x-1", "2026-01-01", "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "../../etc/passwd", "//evil.example", "OR 1=1 --", "яма*", '"яма',
    "яма AND (", "яма~9 ^", "a:b", "[1 TO 2]", "\\", "\r\nSet-Cookie: a=b",
)  # fmt: skip
values = st.sampled_from(NASTY) | st.text(max_size=60) | st.floats().map(str) | st.integers().map(str)


@pytest.mark.parametrize("path", PAGES)
@BOUNDED
@given(data=st.data())
def test_no_address_breaks_a_page(path: str, data: Any, numbers: list[str]) -> None:
    query = data.draw(st.dictionaries(st.sampled_from(PAGES[path]), values, min_size=1, max_size=5))
    answer = Client().get(f"{path}?{urlencode(query, errors='surrogatepass')}")
    if answer.streaming:
        list(answer.streaming_content)
    assert answer.status_code < 500, query


@BOUNDED
@given(number=values, city=st.sampled_from(["perm", "atlantis"]))
def test_no_number_breaks_a_report(number: str, city: str, numbers: list[str]) -> None:
    from urllib.parse import quote

    name = quote(number, safe="", errors="surrogatepass")
    for path in (f"/{city}/reports/{name}", f"/api/v1/{city}/reports/{name}", f"/{city}/report/sent/{name}"):
        assert Client().get(path).status_code < 500, path


@BOUNDED
@given(data=st.data())
def test_no_cookie_breaks_a_page(data: Any, numbers: list[str]) -> None:
    client = Client()
    names = st.sampled_from(["lang", "theme", "look", "draft", "sessionid", "messages", "csrftoken"])
    for name, value in data.draw(
        st.dictionaries(names, st.sampled_from(NASTY) | st.text(max_size=40))
    ).items():
        client.cookies[name] = value.encode("latin-1", "replace").decode("latin-1")
    for path in ("/", "/perm/reports", "/perm/report", f"/perm/reports/{numbers[0]}"):
        assert client.get(path).status_code < 500, path


FIELDS = (
    "category", "lat", "lon", "address", "place", "text", "email", "named", "act", "pin.x", "pin.y", "join", "draft",
    "drop", "box",
)  # fmt: skip


@pytest.mark.parametrize("step", ["", "/where", "/details", "/check"])
@BOUNDED
@given(data=st.data())
def test_nothing_typed_breaks_the_form(step: str, data: Any, numbers: list[str]) -> None:
    client = Client()
    typed = {
        "category": "pothole",
        "lat": "58.0",
        "lon": "56.1",
        "text": "Глубокая яма",
        "email": "a@example.org",
    }
    for before in ("", "/where", "/details"):
        if step != before:
            client.post(f"/perm/report{before}", typed | {"act": "next"})
    bad = data.draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
    bad = {name: value.encode("utf-8", "replace").decode() for name, value in bad.items()}
    answer = client.post(f"/perm/report{step}", typed | {"act": "next"} | bad)
    assert answer.status_code < 500, bad
    assert client.get(f"/perm/report{step}").status_code < 500
