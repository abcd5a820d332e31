"""Pages of the list stay where they are when something new comes in."""

import pytest
from django.conf import settings

from veche.modules.reports.models import Report
from veche.modules.reports.queries.board import board
from veche.modules.reports.terms import ReportFilter
from veche.modules.reports.tests.work_cast import filed


@pytest.fixture
def seven(perm, alice, now):
    return [filed(perm, alice, now=now).serial for _ in range(7)][::-1]


@pytest.fixture
def remembered(monkeypatch):
    """Directories are kept in the process, as they are outside of tests."""
    monkeypatch.setattr(settings.CONFIG, "directory_ttl_s", 60)


def serials(page):
    return [line.serial for line in page.lines]


def test_older_pages_go_on_where_the_last_one_ended(perm, seven):
    first = board(perm, ReportFilter(), limit=3)
    assert serials(first) == seven[:3]
    assert (first.has_newer, first.has_older) == (False, True)
    second = board(perm, ReportFilter(), before=seven[2], limit=3)
    assert serials(second) == seven[3:6]
    assert (second.has_newer, second.has_older) == (True, True)
    last = board(perm, ReportFilter(), before=seven[5], limit=3)
    assert serials(last) == seven[6:]
    assert (last.has_newer, last.has_older) == (True, False)


def test_a_page_does_not_shift_when_a_report_comes_in(perm, alice, seven, now):
    before = board(perm, ReportFilter(), before=seven[2], limit=3)
    filed(perm, alice, now=now)
    assert serials(board(perm, ReportFilter(), before=seven[2], limit=3)) == serials(before)


def test_newer_pages_end_where_the_older_one_began(perm, seven):
    page = board(perm, ReportFilter(), after=seven[3], limit=3)
    assert serials(page) == seven[:3]
    assert (page.has_newer, page.has_older) == (False, True)


def test_the_first_page_is_never_shown_half(perm, seven):
    page = board(perm, ReportFilter(), after=seven[1], limit=3)
    assert serials(page) == seven[:3]


@pytest.mark.parametrize("query", ["before=x", "before=-1", "after=" + "9" * 40, "before=½", "before=0"])
def test_a_page_number_that_is_none_breaks_nothing(client, seven, query):
    assert client.get(f"/perm/reports?{query}").status_code == 200


@pytest.mark.usefixtures("remembered")
def test_a_visitor_costs_at_most_two_questions(client, perm, seven, django_assert_max_num_queries):
    client.get("/perm/reports")
    with django_assert_max_num_queries(2):
        page = client.get("/perm/reports")
    assert page.content.decode().count('<li class="card">') == len(seven)


@pytest.mark.usefixtures("remembered", "seven")
def test_the_number_of_questions_does_not_grow_with_the_list(
    client, perm, alice, now, django_assert_max_num_queries
):
    for _ in range(8):
        filed(perm, alice, now=now)
    client.get("/perm/reports?category=roads.")
    with django_assert_max_num_queries(2):
        client.get("/perm/reports?category=roads.")


def test_the_list_sets_no_cookie_for_a_visitor(client, seven):
    assert not client.get("/perm/reports").cookies


def test_times_are_those_of_the_city(client, perm, alice):
    from datetime import UTC, datetime

    late_evening = datetime(2026, 3, 14, 20, 30, tzinfo=UTC)  # already the 15th in Perm
    report = filed(perm, alice, now=late_evening)
    page = client.get("/perm/reports", headers={"cookie": "lang=en"}).content.decode()
    assert "15\N{NO-BREAK SPACE}March" in page
    assert Report.objects.get(pk=report.pk).filed_at == late_evening
