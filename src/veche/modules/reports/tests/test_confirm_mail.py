import pytest
from django.core.cache import cache

from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Level
from veche.modules.reports.models import Report
from veche.modules.reports.tests.filing_cast import (
    TEXT,
    link_in_mail,
    refused,
    send,
    told,
    up_to_check,
    visitor,
)

EMAIL = "newcomer@example.org"


@pytest.fixture(autouse=True)
def _no_links_yet():
    """Links are counted per address and hour, beyond the end of a test."""
    cache.clear()


@pytest.fixture
def mailed(perm):
    """A visitor's browser after the link was sent."""
    client = visitor("en")
    up_to_check(client, email=EMAIL)
    assert send(client)["Location"] == "/perm/report/mailed"
    return client


@pytest.mark.parametrize(
    ("language", "mailed_words", "sent_words"),
    [
        ("ru", "Загляните в почту", "Сообщение отправлено"),
        ("en", "Look into your mail", "The report is sent"),
    ],
)
def test_a_visitor_files_through_a_link_in_the_mail(perm, language, mailed_words, sent_words):
    client = visitor(language)
    up_to_check(client, email=EMAIL)
    assert mailed_words in told(client.get(send(client)["Location"]))
    assert not Report.objects.exists()
    link = link_in_mail()
    assert TEXT in told(client.get(link))
    answer = client.post(link)
    assert sent_words in told(client.get(answer["Location"]))
    author = Person.objects.get(email=EMAIL)
    assert author.level == Level.CONTACT
    assert Report.objects.get().submission.author_id == author.id


def test_opening_the_link_files_nothing(mailed):
    page = visitor().get(link_in_mail())
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert not Report.objects.exists()
    assert not Person.objects.filter(email=EMAIL).exists()


def test_the_link_works_in_another_browser_and_signs_its_author_in(mailed):
    phone = visitor("en")
    answer = phone.post(link_in_mail())
    assert "/perm/report/sent/" in answer["Location"]
    assert "The report is sent" in told(phone.get(answer["Location"]))


def test_pressing_twice_files_once(mailed):
    link, phone = link_in_mail(), visitor("en")
    first, second = phone.post(link), phone.post(link)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_used_link_leads_to_the_report(mailed):
    link = link_in_mail()
    visitor().post(link)
    number = link_to_page = visitor().get(link)["Location"]
    assert number.startswith("/perm/report/sent/")
    assert visitor().get(link_to_page)["Location"].startswith("/perm/reports/")


def test_only_the_newest_link_counts(mailed):
    old = link_in_mail()
    mailed.post("/perm/report/check")
    assert link_in_mail() != old
    answer = visitor("en").post(old)
    assert answer.status_code == 404
    assert "This link leads nowhere any more" in told(answer)
    assert not Report.objects.exists()


def test_a_guessed_link_leads_nowhere(mailed):
    draft = link_in_mail().split("/")[-2]
    assert visitor().get(f"/perm/report/confirm/{draft}/guess").status_code == 404
    assert visitor().get("/perm/report/confirm/not-a-draft/guess").status_code == 404


def test_who_is_signed_in_stays_so_when_opening_somebody_elses_link(mailed, alice, signed_in):
    client = signed_in(alice)
    client.post(link_in_mail())
    assert client.session["_auth_user_id"] == str(alice.person_id)
    assert Report.objects.get().submission.author.email == EMAIL


def test_links_to_one_address_are_counted(mailed):
    for _ in range(20):
        answer = mailed.post("/perm/report/check")
        if answer.status_code == 422:
            break
    assert [code for code, _ in refused(answer)] == ["notices.too-many-links"]


def test_nobody_sees_the_page_about_mail_without_having_sent_one(perm):
    client = visitor()
    assert client.get("/perm/report/mailed")["Location"] == "/perm/report"
    up_to_check(client, email=EMAIL)
    assert client.get("/perm/report/mailed")["Location"] == "/perm/report/check"
