"""Boston is a folder of files: its pages speak English, keep New York's time and know nothing of Perm."""

import html
import re

import pytest
from tests.shared import needs_shared

from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.services import import_reports
from veche.modules.reports.tests.foreign_files import COMPLAINTS, mapping

CYRILLIC = re.compile("[а-яёА-ЯЁ]")
pytestmark = [needs_shared, pytest.mark.django_db]


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def imported(boston, now):
    import_reports(COMPLAINTS / "boston311-100.csv", mapping(), city=boston, now=now)
    return boston


@pytest.mark.parametrize(
    "path", ["", "reports", "reports?overdue=1", "map", "report", "reports.atom", "reports.geojson"]
)
def test_its_pages_render_in_english_without_being_asked(path, imported, client):
    answer = client.get(f"/boston/{path}")
    assert answer.status_code == 200
    body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    if answer["Content-Type"].startswith("text/html"):
        assert 'lang="en"' in body
        body = words(body).replace("Русский", "")
    assert not CYRILLIC.search(body), CYRILLIC.search(body)


def test_a_report_tells_its_dates_in_new_york(imported, client):
    report = Report.objects.get(submission__external_id="101004113313")  # 2022-01-01 01:56 there, 06:56 UTC
    page = words(client.get(f"/boston/reports/{number_of(report.serial)}").content.decode())
    assert "January 1, 2022" in page or "1 January 2022" in page
    assert "Loud Parties/Music/People" in page
    late = Report.objects.get(submission__external_id="101004141848")  # due 2022-05-20 13:03 there
    page = words(client.get(f"/boston/reports/{number_of(late.serial)}").content.decode())
    assert "20" in page
    assert "May" in page


def test_every_report_is_on_the_list_and_on_the_map(imported, client):
    seen, address = set(), "/boston/reports"
    while address:
        page = client.get(address).content.decode()
        seen |= set(re.findall(r"/boston/reports/(\d+-\d)", page))
        older = re.search(r'href="(/boston/reports\?[^"]*before=\d+[^"]*)"', page)
        address = html.unescape(older.group(1)) if older else ""
    assert len(seen) == 100
    for zoom in (8, 11, 14):
        marks = client.get(f"/boston/map/clusters.json?box=-71.4,42.1,-70.8,42.6&zoom={zoom}").json()["marks"]
        assert sum(one["n"] for one in marks) == 100, zoom


def test_its_form_files_a_report_for_a_citizen(imported, alice, signed_in):
    client = signed_in(alice, language="en")
    steps = (
        ("", {"category": "pothole"}),
        ("/where", {"lat": "42.3601", "lon": "-71.0589", "address": "1 City Hall Sq"}),
        ("/details", {"text": "A deep pothole before the city hall"}),
    )
    for step, typed in steps:
        assert client.post(f"/boston/report{step}", typed | {"act": "next"}).status_code == 302, step
    check = words(client.get("/boston/report/check").content.decode())
    assert "Public Works Department" in check
    assert "311" in check, "the source of the term"
    assert client.post("/boston/report/check", {"act": "next"}).status_code == 302
    assert Report.objects.order_by("-serial")[0].office.code == "pwd"
