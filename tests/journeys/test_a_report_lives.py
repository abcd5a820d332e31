"""A report from pin to answer, through the rooms it touches: forms, offices, clocks, notices, the journal."""

import html
import re

import pytest

from veche.commons.casework.models import Step
from veche.modules.reports.models import Report

pytestmark = pytest.mark.django_db
ANSWER = "Засыпали яму горячим асфальтом."
AGAIN = "Уложили новый слой, края заделаны."
BACK = "Яма на месте, приезжала только машина."


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def report():
    return Report.objects.get()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_filed_answered_sent_back_answered_again_and_confirmed_by_silence(language, town, alice, boris):
    citizen, officer = town.browser(alice, language=language), town.browser(boris, language=language)
    number = town.files(citizen)

    assert number in town.page(officer, "work/")
    assert number in words(town.told(officer))

    town.later(days=1)
    town.does(officer, f"work/{number}/", verb="take")
    town.does(officer, f"work/{number}/", verb="answer", text=ANSWER)
    assert number not in town.page(officer, "work/")
    assert ANSWER in words(town.page(citizen, f"reports/{number}"))
    assert town.addresses(alice) == [f"/perm/reports/{number}"] * 2, "taken, answered"
    assert report().office.names[language] in words(town.told(citizen))
    assert ["alice@example.org"] in [mail.to for mail in town.post.sent if number in str(mail.body)]

    town.later(days=1)
    town.does(citizen, f"reports/{number}/send-back", reason="not-done", text=BACK)
    assert number in town.page(officer, "work/")
    assert report().due_at > town.now, "a new clock runs"

    town.later(days=1)
    town.does(officer, f"work/{number}/", verb="answer", text=AGAIN)
    assert report().status == "answered"
    town.later(days=7)
    assert report().status == "answered", "the last day is still in time"
    town.later(days=1)
    assert report().status == "confirmed"

    page = words(town.page(town.browser(language=language), f"reports/{number}"))
    for told in (ANSWER, BACK, AGAIN):
        assert told in page
    steps = list(Step.objects.order_by("position").values_list("verb", "actor_role"))
    assert steps == [
        ("take", "officer"),
        ("answer", "officer"),
        ("send_back", "citizen"),
        ("answer", "officer"),
        ("confirm_by_silence", "system"),
    ]
    refused = citizen.post(f"/perm/reports/{number}/send-back", {"reason": "not-done", "text": BACK})
    assert refused.status_code == 422, "the term to object is over"

    facts = town.browser().get("/api/v1/journal", {"subject": str(report().pk), "limit": 200}).json()["facts"]
    moves = [one["body"]["verb"] for one in reversed(facts) if one["kind"] == "casework.CaseMoved"]
    assert moves == [verb for verb, _ in steps]
    assert {"reports.ReportFiled", "casework.CaseOpened", "casework.DeadlineMissed"} <= {
        one["kind"] for one in facts
    }
    journal = words(
        town.browser(language=language).get("/journal", {"subject": str(report().pk)}).content.decode()
    )
    assert number in journal
    assert ("confirmed" in journal) is (language == "en")
    assert "alice" not in journal.lower()


def test_what_no_rule_routes_is_routed_once_and_for_always(town, alice, clara, dina, boris, office_id):
    citizen, dispatcher = town.browser(alice), town.browser(dina)
    first = town.files(citizen, category="dark-yard", text="Во дворе не горит ни один фонарь")
    assert report().office_id is None
    assert first in town.page(dispatcher, "work/dispatch/")
    assert first in words(town.told(dispatcher))

    town.does(
        dispatcher, "work/dispatch/", report=str(report().pk), office=str(office_id("roads")), always="1"
    )
    assert report().office_id == office_id("roads")
    assert first not in town.page(dispatcher, "work/dispatch/")
    assert first in town.page(town.browser(boris), "work/")
    assert first in words(town.told(town.browser(boris)))

    town.later(days=1)
    second = town.files(
        town.browser(clara, language="en"), category="dark-yard", text="It is dark in this yard too"
    )
    found = Report.objects.order_by("-serial")[0]
    assert second.startswith(str(found.serial))
    assert found.office_id == office_id("roads")
    assert found.why["origin"] == "dispatcher"


def test_a_missed_deadline_is_flagged_and_told_once(town, alice, clara, boris):
    citizen, officer = town.browser(alice), town.browser(boris)
    number = town.files(citizen)
    clock = report().due_at
    town.does(town.browser(clara), f"reports/{number}/join")
    letters = len(town.post.sent)

    town.now = clock
    town.work()
    assert report().overdue
    assert number in town.page(town.browser(), "reports?overdue=1")
    listed = town.browser().get("/api/v1/perm/reports?overdue=true").json()["reports"]
    assert [one["number"] for one in listed] == [number]
    for follower in (citizen, town.browser(clara, language="en"), officer):
        assert number in words(town.told(follower))
    sent = len(town.post.sent)
    assert sent > letters
    town.later(minutes=5)
    assert len(town.post.sent) == sent, "nobody is told twice"

    town.does(officer, f"work/{number}/", verb="answer", text=ANSWER)
    assert not report().overdue
    assert number not in town.page(town.browser(), "reports?overdue=1")
    assert "missed_at" in str(town.browser().get(f"/api/v1/perm/reports/{number}").json()["clocks"])
    clocks = town.browser().get(f"/api/v1/perm/reports/{number}").json()["clocks"]
    assert [one["missed_at"] is not None for one in clocks if one["stage"] == "answer"] == [True]


def test_a_clock_set_back_takes_nothing_back_and_a_long_sleep_loses_nothing(town, alice):
    citizen = town.browser(alice)
    number = town.files(citizen)
    town.later(days=60)
    assert report().overdue
    town.later(days=-59)
    assert report().overdue
    assert number in town.page(town.browser(), "reports?overdue=1")


def test_a_hidden_report_leaves_a_tombstone_and_nothing_else(town, alice, mila, clara):
    secret = "непотребное слово Крокодилович"
    number = town.files(town.browser(alice), text=f"Яма, и ещё {secret}")
    everywhere = {
        "reports": number,
        "reports?text=Крокодилович": number,
        "map/clusters.json?box=55.5,57.5,57.0,58.5&zoom=17": number,
        "reports.geojson": number,
        "reports.atom": number,
    }
    visitor = town.browser()
    for path, sign in everywhere.items():
        assert sign in town.page(visitor, path), path

    town.does(town.browser(mila), f"reports/{number}/hide", hide_reason="insult")
    for path in everywhere:
        page = town.page(visitor, path)
        assert number not in page, path
        assert secret not in page, path
    assert visitor.get("/api/v1/perm/reports").json()["reports"] == []
    assert visitor.get(f"/api/v1/perm/reports/{number}").status_code == 404
    tombstone = visitor.get(f"/perm/reports/{number}")
    assert tombstone.status_code == 410
    assert number in words(tombstone.content.decode())
    assert secret not in tombstone.content.decode()
    for path in ("/journal", "/perm/", "/"):
        assert secret not in visitor.get(path).content.decode(), path
    assert number in words(visitor.get("/journal").content.decode())
    assert secret in words(town.page(town.browser(alice), f"reports/{number}")), "the author still sees it"

    town.does(town.browser(mila), f"reports/{number}/show", hide_reason="by-mistake")
    for path, sign in everywhere.items():
        assert sign in town.page(visitor, path), path


def test_a_visitor_without_an_account_files_by_a_link_in_the_mail(town):
    visitor = town.browser()
    point = {"lat": "58.0", "lon": "56.1"}
    steps = (
        ("", {"category": "pothole"}),
        ("/where", {"address": "улица Ленина, 10", **point}),
        ("/details", {"text": "Глубокая яма у перехода", "email": "vera@example.org"}),
        ("/check", {}),
    )
    for step, typed in steps:
        answer = visitor.post(f"/perm/report{step}", typed | {"act": "next"})
        assert answer.status_code == 302, (step, answer.content.decode()[-3000:])
    assert not Report.objects.exists()
    town.work()
    (mail,) = town.post.sent
    assert mail.to == ["vera@example.org"]
    link = re.search(r"https?://[^/\s]+(/perm/report/confirm/\S+)", str(mail.body)).group(1)
    other = town.browser()
    page = other.get(link, follow=True)
    assert page.status_code == 200
    assert not Report.objects.exists(), "looking at the link sends nothing"
    other.post(page.redirect_chain[-1][0] if page.redirect_chain else link, {"act": "send"}, follow=True)
    town.work()
    assert report().submission.author.email == "vera@example.org"
