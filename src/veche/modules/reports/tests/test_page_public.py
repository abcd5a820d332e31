"""The public page of a report: who owes an answer, until when, and what happened."""

import pytest
from django.conf import settings
from django.utils import timezone
from tests.cast import IN_THE_EAST

from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved, unrouted


@pytest.fixture
def pothole(perm, alice, now):
    return filed(perm, alice, now=now, text="Глубокая яма у перехода. Вторая строка <b>текста</b>.")


@pytest.fixture
def remembered(monkeypatch):
    """Directories are kept in the process, as they are outside of tests."""
    monkeypatch.setattr(settings.CONFIG, "directory_ttl_s", 60)


def read(client, report, language="en", **kwargs):
    client.cookies["lang"] = language
    return client.get(f"/perm/reports/{number_of(report.serial)}", **kwargs)


def words(client, report, language="en"):
    answer = read(client, report, language)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_owes_the_answer_and_why(client, pothole):
    page = words(client, pothole)
    assert "Roads department" in page
    assert "The city’s table of competences says" in page.replace("&#39;", "’").replace("'", "’")
    assert "Pothole" in page


def test_the_page_names_the_source_of_every_clock(client, perm, alice, now):
    page = words(client, filed(perm, alice, now=now))
    assert "The clock of the answer" in page
    assert "The clock of the repair" in page
    assert page.count("Agreement of the platform with the administration") >= 2


def test_what_the_author_wrote_is_shown_as_text(client, pothole):
    page = words(client, pothole)
    assert "<b>текста" not in page
    assert "&lt;b&gt;текста&lt;/b&gt;" in page


def test_the_author_is_a_resident_unless_they_chose_otherwise(client, perm, alice, now):
    assert "Alice" not in words(client, filed(perm, alice, now=now))
    assert "Alice" in words(client, filed(perm, alice, now=now, anonymous=False))


def test_the_timeline_names_posts_and_no_persons(client, perm, alice, boris, now, pothole):
    moved(pothole, "take", boris, now=now)
    moved(pothole, "answer", boris, now=now)
    page = words(client, pothole)
    assert "Roads department took the report into work." in page
    assert ANSWER in page
    assert "an officer of Roads department" in page
    assert "Boris" not in page
    assert "boris@" not in page


def test_a_refusal_names_its_reason(client, boris, now, pothole):
    moved(pothole, "refuse", boris, now=now)
    assert "Reason: No money this year." in words(client, pothole)


def test_an_unrouted_report_is_with_the_dispatcher(client, perm, alice, now):
    page = words(client, unrouted(perm, alice, now=now))
    assert "The dispatcher decides now which office answers" in page


def test_not_ours_is_counted(client, boris, now, pothole):
    moved(pothole, "not_ours", boris, now=now)
    page = words(client, pothole)
    assert "1\u00a0office said “not ours”" in page
    assert "Private land" in page


def test_a_planned_day_stands_in_the_timeline(client, boris, now, pothole):
    from datetime import date

    moved(pothole, "plan", boris, now=now, planned_on=date(2026, 5, 4))
    assert "planned the work for 4\N{NO-BREAK SPACE}May 2026" in words(client, pothole)


def test_duplicates_are_linked_both_ways(client, perm, alice, boris, now, pothole):
    other = filed(perm, alice, now=now)
    moved(other, "duplicate", boris, now=now, duplicate_of=pothole.pk)
    assert number_of(other.serial) in words(client, pothole)
    assert f"/perm/reports/{number_of(pothole.serial)}" in words(client, other)


def test_answers_to_questions_are_shown_in_words(client, perm, alice, now):
    page = words(client, filed(perm, alice, now=now, answers={"depth": "12"}))
    assert "Depth, cm" in page
    assert "<dd>12</dd>" in page


def test_a_number_without_its_dash_leads_to_the_page(client, pothole):
    number = number_of(pothole.serial)
    answer = client.get(f"/perm/reports/{number.replace('-', '')}")
    assert answer.status_code == 301
    assert answer.url == f"/perm/reports/{number}"


@pytest.mark.parametrize("number", ["hello", "1", "9" * 30, "12-3x", "%00"])
def test_what_is_no_number_gets_a_friendly_page(client, perm, number):
    answer = client.get(f"/perm/reports/{number}", headers={"cookie": "lang=en"})
    assert answer.status_code == 404
    assert "We did not find this report" in answer.content.decode()


def test_a_mistyped_digit_is_called_so(client, pothole):
    number = number_of(pothole.serial)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    page = client.get(f"/perm/reports/{wrong}", headers={"cookie": "lang=en"})
    assert page.status_code == 404
    assert "One digit of this number must be wrong" in page.content.decode()


def test_a_number_nobody_was_given_is_not_found(client, perm):
    page = client.get(f"/perm/reports/{number_of(424242)}", headers={"cookie": "lang=en"})
    assert page.status_code == 404
    assert "There is no report with this number here" in page.content.decode()


@pytest.mark.usefixtures("remembered")
def test_a_visitor_costs_few_questions_however_long_the_story(
    client, boris, now, pothole, django_assert_max_num_queries
):
    moved(pothole, "take", boris, now=now)
    moved(pothole, "plan", boris, now=now)
    moved(pothole, "answer", boris, now=now)
    read(client, pothole)
    with django_assert_max_num_queries(5):
        read(client, pothole)


def test_the_page_asks_visitors_to_sign_in_and_brings_them_back(client, pothole):
    page = words(client, pothole)
    address = f"/perm/reports/{number_of(pothole.serial)}"
    assert f'href="/accounts/login/?next={address}"' in page
    assert "csrfmiddlewaretoken" not in page
    assert "Set-Cookie" not in read(client, pothole).headers


def test_only_the_author_gets_the_receipt(client, signed_in, alice, clara, pothole):
    assert "Your receipt" in words(signed_in(alice), pothole)
    assert "Your receipt" not in words(signed_in(clara), pothole)
    assert "Your receipt" not in words(client, pothole)


def test_the_usual_pace_says_how_sure_it_is(client, perm, office_id, pothole):
    from veche.commons.casework.models import OfficePace

    OfficePace.objects.create(
        office_id=office_id("roads"), median_days=5.6, p80_days=12.2, answers=40, counted_at=timezone.now()
    )
    page = words(client, pothole)
    assert "usually within 6\u00a0days" in page
    assert "four of five answers within 12\u00a0days; 40\u00a0answers counted" in page


def test_an_eastern_pothole_goes_to_the_eastern_roads(client, perm, alice, now):
    page = words(client, filed(perm, alice, now=now, point=IN_THE_EAST))
    assert "Roads of the east district" in page
    assert "East district" in page


def test_a_term_that_was_kept_and_one_that_was_not(client, perm, alice, boris, now):
    from datetime import timedelta

    kept, missed = filed(perm, alice, now=now), filed(perm, alice, now=now)
    moved(kept, "answer", boris, now=now + timedelta(hours=1))
    moved(missed, "answer", boris, now=now + timedelta(days=60))
    assert "Answered on 14\N{NO-BREAK SPACE}March 2026, in time." in words(client, kept)
    assert "Answered on 13\N{NO-BREAK SPACE}May 2026, late." in words(client, missed)


def test_a_joined_report_says_how_many(client, perm, clara, now, pothole):
    services.join_report(pothole.pk, by=clara, now=now)
    assert "<b>1</b> resident joined" in words(client, pothole)
