"""A page of many things asks the database no more often than a page of few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import an_officer

from veche.commons.places import queries as places
from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import filed, moved, unrouted

MANY = 12
PAGES = {
    "visitor": (
        "/",
        "/perm/",
        "/perm/reports",
        "/perm/map",
        "/perm/reports.atom",
        "/perm/reports.geojson",
        "/journal",
        "/api/v1/perm/reports?limit=50",
        "/api/v1/journal",
        "/api/v1/perm/offices",
        "/api/v1/perm/categories",
    ),
    "alice": ("/cabinet/", "/cabinet/notices/", "/perm/reports"),
    "clara": ("/cabinet/", "/cabinet/notices/"),
    "boris": ("/cabinet/", "/cabinet/notices/", "/perm/work/", "/perm/work/templates/"),
    "dina": ("/cabinet/", "/perm/work/dispatch/"),
    "adele": ("/perm/work/people/",),
}


@pytest.fixture
def grow(perm, alice, boris, clara, office_id, now, deliver):
    """Let so many more reports of every kind be filed, joined, answered and told."""

    def more(count, start=0):
        for at in range(start, start + count):
            report = filed(perm, alice, now=now)
            unrouted(perm, alice, now=now)
            moved(filed(perm, alice, now=now), "not_ours", boris, now=now)
            services.join_report(report.pk, by=clara, now=now)
            moved(filed(perm, alice, now=now), "answer", boris, now=now)
            an_officer(f"officer{at}", perm, office_id("roads"), now=now)
        deliver()

    return more


def asked(client, page):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(page)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200, page
    return [one["sql"] for one in seen.captured_queries]


def test_a_page_of_many_asks_as_often_as_a_page_of_few(grow, client, signed_in, request, settings):
    settings.CONFIG = settings.CONFIG.model_copy(update={"directory_ttl_s": 60.0})
    clients = {who: client if who == "visitor" else signed_in(request.getfixturevalue(who)) for who in PAGES}
    grow(2)
    for who, pages in PAGES.items():
        for page in pages:
            asked(clients[who], page)  # what is remembered is remembered now
    few = {(who, page): asked(clients[who], page) for who, pages in PAGES.items() for page in pages}
    grow(MANY, start=2)
    places.forget()
    for (who, page), before in few.items():
        asked(clients[who], page)
        after = asked(clients[who], page)
        assert len(after) <= len(before), (who, page, after)
