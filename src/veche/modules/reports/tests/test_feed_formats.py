"""GeoJSON and Atom of a filtered list."""

import json
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from veche.modules.reports.tests.work_cast import filed, moved
from veche.modules.reports.views import feeds

ATOM = "{http://www.w3.org/2005/Atom}"


def body(answer):
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()


@pytest.fixture
def five(perm, alice, now):
    return [
        filed(perm, alice, now=now, text=f"Яма <номер> {at} & лужа\x0b", anonymous=False) for at in range(5)
    ]


def test_geojson_is_a_collection_of_points(client, five):
    answer = client.get("/perm/reports.geojson")
    assert answer["Content-Type"].startswith("application/geo+json")
    page = json.loads(body(answer))
    assert page["type"] == "FeatureCollection"
    assert len(page["features"]) == 5
    one = page["features"][0]
    assert one["geometry"]["coordinates"] == [five[-1].lon, five[-1].lat]
    assert one["properties"]["category"] == "pothole"
    assert one["properties"]["filed_at"] == "2026-03-14T07:00:00Z"
    assert UUID(one["id"])
    assert "next" not in page


@pytest.mark.parametrize("kind", ["geojson", "atom"])
def test_no_feed_tells_who_wrote(client, kind, five, alice):
    text = body(client.get(f"/perm/reports.{kind}"))
    assert "Alice" not in text
    assert str(alice.person_id) not in text
    assert "example.org" not in text


def test_geojson_is_paged_by_number(client, five, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_FEATURES", 2)
    numbers, address = [], "/perm/reports.geojson?group=roads"
    while address:
        answer = client.get(address)
        page = json.loads(body(answer))
        numbers += [one["properties"]["number"] for one in page["features"]]
        address = page.get("next", "")
        assert (f'<{address}>; rel="next"' == answer.headers.get("Link")) is bool(address)
    assert len(numbers) == len(set(numbers)) == 5


def test_atom_is_well_formed_and_names_everything_once(client, five):
    answer = client.get("/perm/reports.atom", headers={"cookie": "lang=en"})
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(body(answer))
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert feed.find(f"{ATOM}{needed}").text
    entries = feed.findall(f"{ATOM}entry")
    ids = [one.find(f"{ATOM}id").text for one in entries]
    assert len(ids) == len(set(ids)) == 5
    assert all(one.startswith("urn:uuid:") for one in ids)
    assert entries[0].find(f"{ATOM}title").text.endswith("Яма <номер> 4 & лужа")
    assert entries[0].find(f"{ATOM}updated").text == "2026-03-14T07:00:00Z"
    relations = {one.get("rel") for one in feed.findall(f"{ATOM}link")}
    assert relations == {"self", "alternate"}


def test_an_empty_feed_is_a_feed(client, perm):
    assert ET.fromstring(body(client.get("/perm/reports.atom"))).find(f"{ATOM}updated").text
    assert json.loads(body(client.get("/perm/reports.geojson")))["features"] == []


def test_an_entry_is_new_again_when_it_was_answered(client, boris, five, now):
    from datetime import timedelta

    moved(five[0], "answer", boris, now=now + timedelta(days=2))
    feed = ET.fromstring(body(client.get("/perm/reports.atom?status=answered")))
    assert feed.find(f"{ATOM}entry/{ATOM}updated").text == "2026-03-16T07:00:00Z"
    assert feed.find(f"{ATOM}updated").text == "2026-03-16T07:00:00Z"


def test_a_long_feed_leads_on(client, five, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 3)
    feed = ET.fromstring(body(client.get("/perm/reports.atom?overdue=0&category=pothole")))
    (following,) = [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "next"]
    rest = ET.fromstring(body(client.get(following)))
    assert len(rest.findall(f"{ATOM}entry")) == 2
