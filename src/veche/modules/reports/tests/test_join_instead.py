import pytest
from tests.cast import a_pothole

from veche.commons.submissions.models import Draft
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.filing_cast import CHECK, refused, told, up_to_check, visitor


@pytest.fixture
def known(perm, clara, now):
    """A pothole that somebody reported before, at the same place."""
    return services.file_report(a_pothole(perm), city=perm, by=clara, now=now)


def test_similar_reports_near_by_are_offered_before_sending(known, alice, signed_in):
    client = signed_in(alice, language="en")
    up_to_check(client)
    words = told(client.get(CHECK))
    assert "Somebody may have reported this already" in words
    assert known.title in words


def test_joining_from_the_check_page_files_nothing_and_puts_the_draft_away(known, alice, signed_in):
    client = signed_in(alice)
    up_to_check(client)
    answer = client.post(CHECK, {"join": str(known.id)})
    assert "/perm/reports/" in answer["Location"]
    assert Report.objects.get().supporters == 1
    assert not Draft.objects.exists()


def test_joining_ones_own_report_is_refused_and_the_draft_stays(known, clara, signed_in):
    client = signed_in(clara, language="en")
    up_to_check(client)
    answer = client.post(CHECK, {"join": str(known.id)})
    assert answer.status_code == 422
    assert "It is your own report" in told(answer)
    assert Draft.objects.exists()


def test_a_visitor_signs_in_before_joining_and_comes_back_to_the_check_page(known):
    client = visitor()
    up_to_check(client, email="a@b.org")
    answer = client.post(CHECK, {"join": str(known.id)})
    assert answer["Location"].endswith(f"?next={CHECK}")
    assert Report.objects.get().supporters == 0


def test_a_report_that_is_not_there_cannot_be_joined(perm, alice, signed_in):
    client = signed_in(alice, language="en")
    up_to_check(client)
    answer = client.post(CHECK, {"join": "0190a000-0000-7000-8000-000000000000"})
    assert [code for code, _ in refused(answer)] == ["reports.not-found"]


def test_reports_of_another_group_or_far_away_are_not_offered(known, alice, signed_in):
    client = signed_in(alice)
    up_to_check(client, category="dark-yard")
    assert "Возможно, об этом уже написали" not in told(client.get(CHECK))
