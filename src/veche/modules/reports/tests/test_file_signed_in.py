from datetime import timedelta

import pytest
from django.db.models import F
from tests.cast import person_of

from veche.commons.casework.models import Clock
from veche.commons.journal.models import FactRow
from veche.commons.places import queries as places
from veche.commons.places.models import City
from veche.commons.submissions.models import Draft, Submission
from veche.modules.reports.models import Category, Report
from veche.modules.reports.terms import ReportFiled
from veche.modules.reports.tests.filing_cast import CHECK, TEXT, hidden, send, told, up_to_check, visitor

_ROAD_CLASS = {
    "code": "road-class",
    "kind": "choice",
    "required": True,
    "names": {"ru": "Какая это дорога?", "en": "What kind of road is it?"},
    "choices": [
        {"code": "main", "names": {"ru": "Главная", "en": "Main"}, "terms": {"fix": "answer-3-working"}},
        {"code": "local", "names": {"ru": "Местная", "en": "Local"}, "terms": {}},
    ],
}


@pytest.fixture
def with_classes(perm):
    """The small city, in which potholes ask for the class of the road."""
    Category.objects.filter(city_id=perm.id, code="pothole").update(questions=[_ROAD_CLASS])
    City.objects.filter(pk=perm.id).update(version=F("version") + 1)
    return places.city_by_code("perm")


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Сообщение отправлено"), ("en", "The report is sent")]
)
def test_a_signed_in_resident_files_in_three_steps(perm, alice, signed_in, language, words):
    client = signed_in(alice, language=language)
    assert up_to_check(client)["Location"] == CHECK
    answer = send(client)
    report = Report.objects.get()
    assert report.status == "routed"
    assert answer["Location"].startswith("/perm/report/sent/")
    page = client.get(answer["Location"])
    assert words in told(page)
    assert page["Cache-Control"] == "no-store"
    assert not Draft.objects.exists()


def test_the_check_page_names_the_office_the_reason_and_the_term(perm, alice, signed_in):
    client = signed_in(alice, language="en")
    up_to_check(client)
    words = told(client.get(CHECK))
    assert "Roads department" in words
    assert "The city's table of competences gives “Pothole” to this office everywhere." in words
    assert "Agreement of the platform with the administration, clause 1" in words
    assert TEXT in words


def test_without_a_route_the_check_page_says_that_the_dispatcher_chooses(perm, alice, signed_in):
    client = signed_in(alice, language="en")
    up_to_check(client, category="dark-yard")
    assert "the city's dispatcher chooses one" in told(client.get(CHECK))
    send(client)
    assert Report.objects.get().status == "new"


def test_sending_twice_files_once_and_leads_to_the_same_number(perm, alice, signed_in):
    client = signed_in(alice)
    up_to_check(client)
    draft = hidden(client.get(CHECK), "draft")
    first, second = client.post(CHECK, {"draft": draft}), client.post(CHECK, {"draft": draft})
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == Submission.objects.count() == 1
    assert FactRow.objects.filter(kind=ReportFiled.kind).count() == 1


def test_going_back_after_sending_begins_a_new_form(perm, alice, signed_in):
    client = signed_in(alice)
    up_to_check(client)
    send(client)
    assert client.get("/perm/report/details")["Location"] == "/perm/report"


def test_the_report_has_the_id_of_its_draft(perm, alice, signed_in):
    client = signed_in(alice)
    up_to_check(client)
    draft = hidden(client.get(CHECK), "draft")
    send(client)
    assert str(Report.objects.get().id) == draft


def test_a_choice_brings_its_own_term_to_the_check_page_and_to_the_clocks(with_classes, alice, signed_in):
    dues = {}
    for choice in ("main", "local"):
        client = signed_in(alice, language="en")
        assert up_to_check(client, **{"answer-road-class": choice})["Location"] == CHECK
        page = client.get(CHECK)
        client.post(CHECK, {"draft": hidden(page, "draft")})
        case = Report.objects.order_by("serial").last().case_id
        clocks = {one.stage: one for one in Clock.objects.filter(case_id=case)}
        assert clocks["fix"].term == ("answer-3-working" if choice == "main" else "answer-10")
        dues[choice] = {stage: clock.due_at for stage, clock in clocks.items()}
        for stage, words in (("fix", "It must be repaired by"), ("answer", "The answer must come by")):
            assert f"{words} {_last_day(dues[choice][stage], with_classes)}." in told(page)
    assert dues["main"]["fix"] < dues["local"]["fix"]
    assert dues["main"]["answer"] == dues["local"]["answer"]


def test_what_a_visitor_typed_is_still_there_after_signing_in(perm, alice, signed_in):
    client = visitor()
    up_to_check(client, email="alice@example.org")
    key = client.cookies["draft"].value
    client = signed_in(alice)
    client.cookies["draft"] = key
    assert TEXT in told(client.get(CHECK))
    assert Draft.objects.get().person_id == alice.person_id


def test_a_draft_waits_on_every_device_of_its_owner_and_on_nobody_elses(perm, alice, clara, signed_in):
    up_to_check(signed_in(alice))
    assert signed_in(alice).get(CHECK).status_code == 200
    assert signed_in(clara).get(CHECK).status_code == 302


def test_looking_at_the_form_writes_nothing(perm, alice, signed_in):
    for client in (visitor(), signed_in(alice)):
        assert client.get("/perm/report").status_code == 200
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(perm, alice, signed_in):
    client = signed_in(alice, language="en")
    up_to_check(client)
    assert "what you typed is still here" in told(client.get("/perm/report"))
    client.post("/perm/report", {"act": "anew"})
    assert not Draft.objects.exists()


def test_somebody_else_sees_the_public_page_instead_of_the_receipt(perm, alice, clara, signed_in):
    client = signed_in(alice)
    up_to_check(client)
    receipt = send(client)["Location"]
    number = receipt.rsplit("/", 1)[1]
    assert signed_in(clara).get(receipt)["Location"] == f"/perm/reports/{number}"


def test_a_subcategory_is_found_without_scripts(perm):
    page = visitor("en").get("/perm/report", {"q": "benches"})
    assert "Broken bench" in told(page)
    assert "Pothole" not in told(page)
    assert "Nothing is called so" in told(visitor("en").get("/perm/report", {"q": "zebra"}))


def _last_day(due_at, city):
    """The day whose end a term is, as English pages write it."""
    day = (due_at - timedelta(microseconds=1)).astimezone(city.calendar.tz)
    return f"{day.day} {day:%B %Y}"


def test_who_wants_the_name_shown_reads_which_one_before_sending(perm, alice, signed_in, client):
    browser = signed_in(alice, language="en")
    up_to_check(browser, named="1")
    assert "Show my name beside the report: Alice" in told(browser.get("/perm/report/details"))
    assert "shown to everybody: Alice" in told(browser.get(CHECK))
    number = send(browser)["Location"].rpartition("/")[2]
    assert "Alice" in told(client.get(f"/perm/reports/{number}"))


def test_who_has_told_no_name_reads_that_nobody_will_see_one_and_where_to_write_it(
    perm, alice, signed_in, client
):
    person = person_of(alice)
    person.name = ""
    person.save()
    browser = signed_in(alice, language="en")
    up_to_check(browser, named="1")
    for page in ("/perm/report/details", CHECK):
        assert "We do not know your name yet." in told(browser.get(page))
    number = send(browser)["Location"].rpartition("/")[2]
    assert "a resident" in told(client.get(f"/perm/reports/{number}", headers={"cookie": "lang=en"}))


def test_who_says_nothing_is_a_resident_to_everybody(perm, alice, signed_in, client):
    browser = signed_in(alice, language="en")
    up_to_check(browser)
    assert "hidden from the public" in told(browser.get(CHECK))
    number = send(browser)["Location"].rpartition("/")[2]
    page = client.get(f"/perm/reports/{number}").content.decode()
    assert "Alice" not in page
    assert "alice" not in page
