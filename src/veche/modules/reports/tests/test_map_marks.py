"""The map shows the same set as the list, with scripts and without."""

import json

import pytest
from tests.cast import IN_THE_EAST, IN_THE_WEST

from veche.commons.places.rules import box_of
from veche.kernel.ids import number_of
from veche.modules.reports.tests.work_cast import filed, moved

CITY_BOX = "55.9,57.8,56.6,58.2"


@pytest.fixture
def three(perm, alice, boris, now, deliver):
    reports = [
        filed(perm, alice, now=now, point=IN_THE_WEST),
        filed(perm, alice, now=now, point=IN_THE_WEST, category="snow"),
        filed(perm, alice, now=now, point=IN_THE_EAST),
    ]
    moved(reports[0], "answer", boris, now=now)
    deliver()
    return reports


def marks(client, query, box=CITY_BOX, zoom=10):
    answer = client.get(f"/perm/map/clusters.json?box={box}&zoom={zoom}&{query}")
    assert answer.status_code == 200
    return json.loads(answer.content)["marks"]


@pytest.mark.parametrize("zoom", [3, 8, 10, 13, 14, 16, 18, 30])
@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 3),
        ("status=answered", 1),
        ("category=snow", 1),
        ("category=roads.", 3),
        ("place=east", 1),
        ("group=crime", 0),
    ],
)
def test_every_zoom_counts_the_set_of_the_list(client, three, query, total, zoom):
    assert sum(one["n"] for one in marks(client, query, zoom=zoom)) == total


@pytest.mark.parametrize("zoom", [10, 13, 14, 15])
def test_where_reports_lie_dense_no_report_is_read_to_count_them(
    client, three, zoom, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("veche.modules.reports.queries.map.MOST_SINGLE", 3)
    monkeypatch.setattr("veche.modules.reports.queries.map.MOST_GROUPED", 3)
    with django_assert_max_num_queries(20) as asked:
        assert sum(one["n"] for one in marks(client, "", zoom=zoom)) == 3
    assert not [one for one in asked.captured_queries if "reports_report" in one["sql"]]


def test_a_box_elsewhere_is_empty(client, three):
    assert marks(client, "", box="10,10,11,11", zoom=12) == []


def test_near_by_each_report_is_a_mark_of_its_own_that_leads_to_its_page(client, three):
    near = marks(client, "", zoom=18)
    assert {one["url"] for one in near} == {f"/perm/reports/{number_of(one.serial)}" for one in three}
    assert all(one["open"] for one in near)
    spots = {(one["lat"], one["lon"]) for one in near}
    assert len(spots) == 3, "two reports of one spot lie side by side"


def test_marks_are_not_sent_twice(client, three):
    address = f"/perm/map/clusters.json?box={CITY_BOX}&zoom=9"
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "query", ["", "box=1,2,3", "box=a,b,c,d&zoom=3", f"box={CITY_BOX}", f"box={CITY_BOX}&zoom=x"]
)
def test_a_box_that_is_none_is_refused(client, perm, query):
    assert client.get(f"/perm/map/clusters.json?{query}").status_code == 400


def test_without_scripts_every_mark_is_a_link(client, three):
    page = client.get("/perm/map").content.decode()
    assert "<svg" in page
    assert "/perm/ground.svg?box=" in page
    assert "zoom=" in page
    assert page.count('class="mark-') >= 1


def test_without_scripts_a_close_look_leads_to_the_reports(client, three):
    page = client.get(f"/perm/map?at={IN_THE_EAST.lat},{IN_THE_EAST.lon}&zoom=17").content.decode()
    assert f'href="/perm/reports/{number_of(three[2].serial)}"' in page


def test_the_map_keeps_the_filter_in_every_link(client, three):
    page = (
        client.get("/perm/map?status=routed").content.decode().partition("<main")[2].partition("</main>")[0]
    )
    assert 'href="/perm/reports?status=routed"' in page
    assert 'data-clusters="/perm/map/clusters.json?status=routed"' in page


@pytest.mark.parametrize(
    "query", ["at=x,y", "at=1,2,3", "at=99,999&zoom=3", "zoom=-1", "box=1,1,1,1", "at=58,56&zoom=nan"]
)
def test_a_map_of_nonsense_is_the_whole_city(client, three, query):
    assert client.get(f"/perm/map?{query}").status_code == 200


def test_titles_are_shown_as_text_on_marks(client, perm, alice, now):
    filed(perm, alice, now=now, text='"><script>alert(1)</script> яма')
    page = client.get(f"/perm/map?at={IN_THE_WEST.lat},{IN_THE_WEST.lon}&zoom=18").content.decode()
    assert "<script>alert" not in page


def test_the_list_beside_the_map_is_what_the_map_shows(client, three):
    west = client.get(f"/perm/map?at={IN_THE_WEST.lat},{IN_THE_WEST.lon}&zoom=14").content.decode()
    beside = west.partition("data-map-seen")[2]
    assert all(f"/perm/reports/{number_of(one.serial)}" in beside for one in three[:2])
    assert f"/perm/reports/{number_of(three[2].serial)}" not in beside


@pytest.mark.parametrize("dense", [0, 5_000])
def test_a_map_that_moved_gets_the_list_of_its_new_view(client, three, dense, monkeypatch):
    monkeypatch.setattr("veche.modules.reports.views.map._DENSE", dense)
    box = (
        f"{IN_THE_EAST.lon - 0.01},{IN_THE_EAST.lat - 0.01},{IN_THE_EAST.lon + 0.01},{IN_THE_EAST.lat + 0.01}"
    )
    page = client.get(f"/perm/map/seen?box={box}&zoom=14").content.decode()
    assert [f"/perm/reports/{number_of(one.serial)}" in page for one in three] == [False, False, True]
    assert (
        "/perm/reports/"
        not in client.get(f"/perm/map/seen?box={box}&zoom=14&status=answered").content.decode()
    )


@pytest.mark.parametrize("query", ["", "box=1,2,3&zoom=4", f"box={CITY_BOX}", f"box={CITY_BOX}&zoom=x"])
def test_the_list_of_a_view_that_is_none_is_refused_in_a_sentence(client, three, query):
    answer = client.get(f"/perm/map/seen?{query}")
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


def test_a_map_nobody_pointed_anywhere_opens_where_the_reports_are(
    client, perm, alice, now, deliver, monkeypatch
):
    monkeypatch.setattr("veche.modules.reports.queries.map.MOST_SINGLE", 2)

    def shown():
        page = client.get("/perm/map").content.decode()
        return box_of(page.partition('data-box="')[2].partition('"')[0])

    whole = shown()
    for _ in range(3):
        filed(perm, alice, now=now, point=IN_THE_EAST)
    deliver()
    near = shown()
    assert near.holds(IN_THE_EAST)
    assert near.east - near.west < (whole.east - whole.west) / 2
