"""The list, the map and the feeds show one and the same set for one and the same address."""

import json
from uuid import uuid4

import pytest
from tests.cast import IN_THE_EAST

from veche.commons.search.terms import Hit
from veche.modules.reports import queries
from veche.modules.reports.forms.listing import filter_of, query_of, without
from veche.modules.reports.models import Report
from veche.modules.reports.queries.board import board
from veche.modules.reports.terms import ReportFilter
from veche.modules.reports.tests.work_cast import filed, moved


@pytest.fixture
def four(perm, alice, boris, now):
    """A pothole in the west, one in the east that is late, snow that was answered, and a dark yard nobody owns."""
    west = filed(perm, alice, now=now)
    east = filed(perm, alice, now=now, point=IN_THE_EAST, text="Яма во дворе на востоке, глубиной по колено.")
    snow = filed(perm, alice, now=now, category="snow", text="Снег лежит с ноября, не пройти.")
    yard = filed(perm, alice, now=now, category="dark-yard", text="Во дворе темно, фонарь не горит.")
    moved(snow, "answer", boris, now=now)
    Report.objects.filter(pk=east.pk).update(overdue=True)
    return {"west": west.serial, "east": east.serial, "snow": snow.serial, "yard": yard.serial}


CASES = [
    ("", {"west", "east", "snow", "yard"}),
    ("group=roads", {"west", "east", "snow"}),
    ("category=roads.", {"west", "east", "snow"}),
    ("category=snow", {"snow"}),
    ("status=answered", {"snow"}),
    ("status=new", {"yard"}),
    ("status=nonsense", {"west", "east", "snow", "yard"}),
    ("overdue=1", {"east"}),
    ("place=east", {"east"}),
    ("place=perm-city", {"west", "east", "snow", "yard"}),
    ("place=krai", {"west", "east", "snow", "yard"}),
    ("office=roads", {"west", "snow"}),
    ("office=roads-east&overdue=1", {"east"}),
    ("category=nothing-like-this", set()),
    ("place=moon", set()),
    ("office=nobody", set()),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_the_list_the_model_and_the_feeds_agree(query, expected, client, perm, four):
    from django.http import QueryDict

    chosen = filter_of(QueryDict(query))
    wanted = {four[name] for name in expected}
    assert {line.serial for line in board(perm, chosen).lines} == wanted
    assert {row.serial for row in queries.reports_page(perm, chosen)} == wanted
    page = json.loads(b"".join(client.get(f"/perm/reports.geojson?{query}").streaming_content))
    assert {int(one["properties"]["number"].split("-")[0]) for one in page["features"]} == wanted


def test_a_hidden_report_is_in_no_list(client, perm, four, mila, now):
    from veche.modules.reports import services

    report = Report.objects.get(serial=four["west"])
    services.hide_report(report.pk, "insult", by=mila, now=now)
    assert four["west"] not in {line.serial for line in board(perm, ReportFilter()).lines}
    assert report.title not in client.get("/perm/reports").content.decode()


def test_words_are_looked_up_in_the_search(client, perm, four, monkeypatch):
    found = Report.objects.get(serial=four["yard"])
    asked = []

    def find(city_id, text, **kwargs):
        asked.append(text)
        return [Hit(**{name: _any(name, found) for name in Hit.__dataclass_fields__})]

    monkeypatch.setattr("veche.modules.reports.queries.lists.search.find", find)
    page = client.get("/perm/reports", {"text": "фонарь"}).content.decode()
    assert asked[0] == "фонарь"
    assert found.title in page
    assert "Глубокая яма" not in page


def _any(name, report):
    return report.pk if name == "subject_id" else uuid4()


def test_an_address_says_its_filter_and_nothing_else():
    chosen = ReportFilter(group="roads", status="new", overdue=True, text="яма & лёд")
    assert (
        query_of(chosen) == "?group=roads&status=new&text=%D1%8F%D0%BC%D0%B0+%26+%D0%BB%D1%91%D0%B4&overdue=1"
    )
    assert query_of(without(chosen, "overdue"), before=12).endswith("&before=12")
    assert query_of(ReportFilter()) == ""


def test_each_active_filter_can_be_taken_away(client, perm, four):
    page = client.get("/perm/reports?status=new&place=west").content.decode()
    assert 'href="/perm/reports?place=west"' in page
    assert 'href="/perm/reports?status=new"' in page


def test_a_filter_nothing_fits_says_so_and_leads_out(client, perm, four):
    page = client.get("/perm/reports?status=confirmed", headers={"cookie": "lang=en"}).content.decode()
    assert "No report fits all of these filters" in page
    assert 'href="/perm/reports"' in page


def test_an_empty_city_offers_the_first_report(client, perm):
    page = client.get("/perm/reports", headers={"cookie": "lang=en"}).content.decode()
    assert "Nobody has reported anything here yet" in page
    assert 'href="/perm/report"' in page


def test_what_people_typed_is_shown_as_text(client, perm, alice, now):
    filed(perm, alice, now=now, text="<script>alert(1)</script> яма % %(url)s у дома", address="<b>дом</b>")
    page = client.get("/perm/reports").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; яма % %(url)s у дома" in page
    assert "<b>дом</b>" not in page
    assert "<img" not in client.get('/perm/reports?text="><img src=x>').content.decode().partition("<main")[2]
