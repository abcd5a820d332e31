"""What an act leaves behind when it is refused, breaks off, comes back changed or comes from somebody else."""

import json
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from veche.commons.casework import services as casework
from veche.commons.casework.models import AnswerTemplate
from veche.commons.offices.models import Office
from veche.commons.once.models import Given
from veche.commons.submissions.models import Draft
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.filing_cast import TEXT, told
from veche.modules.reports.tests.work_cast import filed

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/perm/reports"
POTHOLE = {"category": "pothole", "text": TEXT, "lat": 58.0, "lon": 56.1}
WORDS = "Мы засыпали яму и уложили новый асфальт."
TEMPLATES = "/perm/work/templates/"


def post(client: Client, body: Any, key: str | None = "k1", path: str = REPORTS) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def a_template(**changes: str) -> dict[str, str]:
    office = Office.objects.get(code="roads")
    return {"office": str(office.id), "title": "Ответ", "text": WORDS, "once": "t1"} | changes


def test_a_repeat_gets_the_first_answer_to_the_letter_and_says_so(perm, alice, signed_in):
    client = signed_in(alice)
    first, second = post(client, POTHOLE), post(client, POTHOLE)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first["Content-Type"] == second["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert second["Cache-Control"] == "no-store"
    assert Report.objects.count() == 1


def test_without_a_key_or_with_a_bad_one_nothing_is_written(perm, alice, signed_in):
    for key, code in ((None, "once.key-missing"), ("x" * 201, "once.bad-key"), ("а б", "once.bad-key")):
        answer = post(signed_in(alice, language="en"), POTHOLE, key and key.encode().decode("latin-1"))
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert "Idempotency-Key" in answer.json()["detail"]
    assert not Report.objects.exists()


def test_two_people_with_the_same_key_do_two_things(perm, alice, clara, signed_in):
    numbers = {post(signed_in(who), POTHOLE).json()["number"] for who in (alice, clara)}
    assert len(numbers) == 2


def test_the_same_person_is_known_in_another_browser(perm, alice, signed_in):
    assert post(signed_in(alice), POTHOLE).content == post(signed_in(alice), POTHOLE).content
    assert Report.objects.count() == 1


def test_a_visitor_cannot_fetch_what_somebody_was_answered(perm, alice, signed_in, client):
    post(signed_in(alice), POTHOLE)
    assert post(client, POTHOLE).status_code == 401
    client.cookies["csrftoken"] = str(alice.person_id)
    assert post(client, POTHOLE).status_code == 401


def test_the_same_key_with_another_body_or_address_is_refused(perm, alice, signed_in):
    client = signed_in(alice)
    number = post(client, POTHOLE).json()["number"]
    for body, path in ((POTHOLE | {"text": TEXT + "!"}, REPORTS), (POTHOLE, f"{REPORTS}/{number}/join")):
        answer = post(client, body, path=path)
        assert (answer.status_code, answer.json()["code"]) == (422, "once.other-body")
    assert Report.objects.count() == 1


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(perm, alice, signed_in):
    client = signed_in(alice)
    assert post(client, POTHOLE | {"text": ""}).status_code == 422
    assert not Given.objects.exists()
    assert post(client, POTHOLE).status_code == 201


def test_a_form_that_was_refused_may_be_mended_too_and_keeps_what_it_wrote(perm, client):
    client.cookies["csrftoken"] = "x" * 32
    where = {"address": "Ленина, 10", "lat": "58.0", "lon": "56.1", "act": "next", "once": "w1"}
    client.post("/perm/report", {"category": "pothole"})
    assert client.post("/perm/report/where", where | {"lat": "10", "lon": "10"}).status_code == 422
    assert Draft.objects.get().values["address"] == "Ленина, 10", "nothing typed is lost"
    assert client.post("/perm/report/where", where).status_code == 302
    assert client.post("/perm/report/where", where)["Idempotency-Replayed"] == "true"


def test_a_refusal_by_exception_leaves_what_stood_before_it(perm, boris, signed_in, monkeypatch):
    save = casework.save_template

    def saves_and_refuses(*args, **more):
        save(*args, **more)
        raise PermissionDenied

    monkeypatch.setattr(casework, "save_template", saves_and_refuses)
    assert signed_in(boris).post(TEMPLATES, a_template()).status_code == 403
    assert AnswerTemplate.objects.filter(title="Ответ").count() == 1
    assert not Given.objects.exists()


def test_an_act_that_breaks_off_leaves_nothing(perm, boris, signed_in, monkeypatch):
    save = casework.save_template

    def saves_and_breaks(*args, **more):
        save(*args, **more)
        raise ZeroDivisionError

    client = signed_in(boris)
    client.raise_request_exception = False
    monkeypatch.setattr(casework, "save_template", saves_and_breaks)
    assert client.post(TEMPLATES, a_template()).status_code == 500
    assert not AnswerTemplate.objects.filter(title="Ответ").exists()
    monkeypatch.undo()
    for _ in range(2):
        assert client.post(TEMPLATES, a_template()).status_code == 302
    assert AnswerTemplate.objects.filter(title="Ответ").count() == 1


def test_the_api_that_breaks_off_leaves_nothing_either(perm, alice, signed_in, monkeypatch, caplog):
    file = services.file_report

    def files_and_breaks(*args, **more):
        file(*args, **more)
        raise ZeroDivisionError

    monkeypatch.setattr(services, "file_report", files_and_breaks)
    assert post(signed_in(alice), POTHOLE).status_code == 500
    assert not Report.objects.exists()
    monkeypatch.undo()
    assert post(signed_in(alice), POTHOLE).status_code == 201


def test_without_its_key_a_form_is_taken_as_often_as_it_comes(perm, boris, signed_in):
    for _ in range(2):
        signed_in(boris).post(TEMPLATES, a_template(once=""))
    assert AnswerTemplate.objects.filter(title="Ответ").count() == 2


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [
        ("ru", "Эта форма уже отправлена", "Отправить и это"),
        ("en", "This form was sent before", "Send this as well"),
    ],
)
def test_a_form_that_comes_back_changed_is_refused_and_can_be_sent_from_there(
    perm, boris, signed_in, language, title, button
):
    client = signed_in(boris, language=language)
    client.post(TEMPLATES, a_template())
    text = 'Мы засыпали <b>и</b> "уложили" новый асфальт.'
    answer = client.post(
        TEMPLATES, a_template(text=text), headers={"Referer": f"http://testserver{TEMPLATES}"}
    )
    assert answer.status_code == 422
    assert title in told(answer)
    assert button in told(answer)
    page = answer.content.decode()
    assert "<b>и" not in page
    assert f'href="http://testserver{TEMPLATES}"' in page
    form = page[page.index(f'action="{TEMPLATES}"') :]
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }
    assert fields["text"] == text
    assert fields["once"] != "t1"
    assert client.post(TEMPLATES, fields).status_code == 302
    assert set(AnswerTemplate.objects.filter(title="Ответ").values_list("text", flat=True)) == {
        WORDS,
        text,
    }


def test_a_changed_password_is_written_on_no_page(perm, alice, signed_in):
    client = signed_in(alice)
    word = "колокол-на-площади-7"
    name = {"name": "Анна", "language": "ru", "once": "p1"}
    client.post("/cabinet/profile/", name)
    answer = client.post("/cabinet/profile/", name | {"password1": word})
    assert answer.status_code == 422
    assert word not in answer.content.decode()
    assert "Откройте страницу заново" in told(answer)


def test_a_page_before_of_another_house_is_not_offered(perm, boris, signed_in):
    client = signed_in(boris)
    client.post(TEMPLATES, a_template())
    answer = client.post(TEMPLATES, a_template(text="!"), headers={"Referer": "https://evil.example/"})
    assert b"evil.example" not in answer.content


def test_a_repeated_sign_in_signs_in(db):
    """The browser never saw the first answer: without the session in the second one the code would be spent."""
    cache.clear()
    client = Client()
    client.cookies["csrftoken"] = "x" * 32
    before = {name: one.value for name, one in client.cookies.items()}
    ask = {"email": "anna@example.org", "once": "s1"}
    client.post("/accounts/login/", ask)
    again = a_browser(before)
    assert again.post("/accounts/login/", ask)["Idempotency-Replayed"] == "true"
    assert len(mail.outbox) == 1
    code = re.search(r"\b\d{6}\b", str(mail.outbox[0].body))[0]
    before = {name: one.value for name, one in again.cookies.items()}
    typed = {"code": code, "once": "s2"}
    assert again.post("/accounts/login/code/confirm/", typed)["Location"] == "/cabinet/"
    third = a_browser(before)
    assert third.post("/accounts/login/code/confirm/", typed)["Location"] == "/cabinet/"
    assert SESSION_KEY in third.session
    assert third.get("/cabinet/").status_code == 200
    third.post("/accounts/logout/")
    fourth = a_browser(before)
    fourth.post("/accounts/login/code/confirm/", typed)
    assert SESSION_KEY not in fourth.session, "a session that ended is not begun anew"


def test_the_browser_finds_its_draft_although_the_first_answer_was_lost(perm):
    client = Client()
    client.cookies["csrftoken"] = "x" * 32
    client.get("/perm/report")
    before = {name: one.value for name, one in client.cookies.items()}
    typed = {"category": "pothole", "once": "d1"}
    client.post("/perm/report", typed)
    again = a_browser(before)
    assert again.post("/perm/report", typed)["Location"] == "/perm/report/where"
    assert again.get("/perm/report/where").status_code == 200
    assert Draft.objects.count() == 1


def test_no_answer_of_a_visitor_or_form_holds_a_page(perm, alice, clara, now, signed_in):
    report = filed(perm, alice, now=now)
    signed_in(clara).post(f"/perm/reports/{number_of(report.serial)}/join", {"once": "j1"})
    given = Given.objects.get()
    assert (bytes(given.content), given.person_id, given.session) == (b"", clara.person_id, "")


def test_every_form_on_a_page_brings_a_key_of_its_own(perm, alice, signed_in):
    pages = [signed_in(alice).get("/cabinet/notices/").content.decode() for _ in range(2)]
    keys = [re.findall(r'name="once" value="([\w-]{22})"', page) for page in pages]
    assert all(
        len(found) == page.count('<form method="post"') for found, page in zip(keys, pages, strict=True)
    )
    assert len({*keys[0], *keys[1]}) == len(keys[0]) + len(keys[1]) > 1


def a_browser(cookies: dict[str, str]) -> Client:
    client = Client()
    client.cookies.load(cookies)
    return client


def test_a_key_holds_for_the_address_it_was_sent_to(perm, alice, signed_in):
    key = str(uuid4())
    client = signed_in(alice)
    assert client.post("/cabinet/notices/read", {"once": key}).status_code == 302
    assert client.post("/cabinet/notices/mail", {"once": key, "mail": "never"}).status_code == 422
