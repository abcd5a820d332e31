"""Sign-in by a code from a mail."""

import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor, Level

SIGN_IN, CONFIRM = "/accounts/login/", "/accounts/login/code/confirm/"
pytestmark = pytest.mark.django_db


def ask(client: Client, email: str = "anna@example.org", **more: str) -> HttpResponse:
    return client.post(SIGN_IN, {"email": email} | more)


def code_of(message: mail.EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", str(message.body))
    assert found
    return found.group()


def link_of(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://\S+code=\S+", str(message.body))
    assert found
    parts = urlsplit(found.group())
    return f"{parts.path}?{parts.query}"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("language", "hello"), [("ru", "Здравствуйте!"), ("en", "Hello!")])
def test_a_new_address_gets_an_account_once_its_code_is_typed(
    client: Client, language: str, hello: str
) -> None:
    client.cookies["lang"] = language
    assert client.get(SIGN_IN).status_code == 200
    assert ask(client, "Anna@Example.org")["Location"] == CONFIRM
    (message,) = mail.outbox
    assert message.to == ["anna@example.org"]
    assert hello in str(message.body)
    assert Person.objects.get().level == Level.ANONYMOUS
    assert client.get(CONFIRM).status_code == 200
    assert client.post(CONFIRM, {"code": code_of(message)})["Location"] == "/cabinet/"
    person = Person.objects.get()
    assert is_signed_in(client)
    assert (person.email, person.level, person.language) == ("anna@example.org", Level.CONTACT, language)


def test_the_code_also_stands_in_the_subject(client: Client) -> None:
    ask(client)
    assert code_of(mail.outbox[0]) in mail.outbox[0].subject
    assert "\n" not in mail.outbox[0].subject


def test_the_link_fills_the_code_in_and_signs_nobody_in_by_itself(client: Client) -> None:
    ask(client)
    page = client.get(link_of(mail.outbox[0])).content.decode()
    assert f'value="{code_of(mail.outbox[0])}"' in page
    assert not is_signed_in(client)


def test_the_link_is_of_no_use_in_another_browser(client: Client) -> None:
    ask(client)
    stranger = Client()
    response = stranger.get(link_of(mail.outbox[0]))
    assert urlsplit(response["Location"]).path == "/accounts/login/code/"
    assert not is_signed_in(stranger)


def test_a_link_cannot_carry_anything_but_a_code(client: Client) -> None:
    ask(client)
    page = client.get(CONFIRM, {"code": '"><b>evil'}).content.decode()
    assert "<b>evil" not in page
    assert 'name="code" type="text" value=""' in page


def test_who_mistyped_the_address_can_write_another(client: Client) -> None:
    ask(client, "ana@example.org", next="/perm/report")
    assert client.get(SIGN_IN)["Location"] == CONFIRM
    back = re.search(
        r'href="(/accounts/login/\?again[^"]*)"', client.get(f"{CONFIRM}?next=/perm/report").content.decode()
    )
    assert back
    assert client.get(unescape(back.group(1))).status_code == 200
    assert ask(client, "anna@example.org")["Location"] == CONFIRM


def test_after_the_sign_in_the_page_opens_that_was_asked_for(client: Client) -> None:
    ask(client, next="/perm/report")
    link = link_of(mail.outbox[0])
    assert parse_qs(urlsplit(link).query)["next"] == ["/perm/report"]
    response = client.post(link, {"code": code_of(mail.outbox[0])})
    assert response["Location"] == "/perm/report"


def test_nobody_is_led_to_another_site(client: Client) -> None:
    ask(client, next="https://evil.example/")
    response = client.post(CONFIRM, {"code": code_of(mail.outbox[0]), "next": "https://evil.example/"})
    assert "evil" not in response["Location"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_wrong_code_is_said_beside_its_field_and_three_end_the_attempt(
    client: Client, language: str
) -> None:
    client.cookies["lang"] = language
    ask(client)
    wrong = "000000" if code_of(mail.outbox[0]) != "000000" else "111111"
    page = client.post(CONFIRM, {"code": wrong})
    assert page.status_code == 200
    words = {"ru": "не тот код", "en": "not the code"}[language]
    assert words in page.content.decode()
    client.post(CONFIRM, {"code": wrong})
    assert client.post(CONFIRM, {"code": wrong}).status_code == 302
    client.post(CONFIRM, {"code": code_of(mail.outbox[0])})
    assert not is_signed_in(client)
    assert Person.objects.get().level == Level.ANONYMOUS


def test_a_code_of_a_quarter_of_an_hour_ago_is_too_old(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)
    client.cookies["lang"] = "en"
    response = client.post(CONFIRM, {"code": code_of(mail.outbox[0])}, follow=True)
    assert "too old" in response.content.decode()
    assert not is_signed_in(client)


def test_a_new_code_makes_the_old_one_worthless(client: Client) -> None:
    ask(client)
    client.post(CONFIRM, {"action": "resend"})
    first, second = (code_of(message) for message in mail.outbox)
    client.post(CONFIRM, {"code": first})
    assert is_signed_in(client) is (first == second)
    client.post(CONFIRM, {"code": second})
    assert is_signed_in(client)


def test_a_known_and_an_unknown_address_are_answered_alike(alice: Actor) -> None:
    answers = [ask(Client(), email) for email in ("alice@example.org", "unknown@example.org")]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    assert len({len(re.sub(r"\d{6}", "", str(message.body))) for message in mail.outbox}) == 1


def test_a_closed_account_gets_no_mail_and_the_same_answer(client: Client, alice: Actor) -> None:
    Person.objects.update(is_active=False)
    assert ask(client, "alice@example.org")["Location"] == CONFIRM
    assert mail.outbox == []
    assert client.post(CONFIRM, {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)


def test_an_address_is_not_flooded_with_codes() -> None:
    for _ in range(3):
        ask(Client())
    response = ask(Client())
    assert response.status_code == 200
    assert len(mail.outbox) == 3
    assert "Слишком много попыток" in response.content.decode()


def test_a_browser_cannot_write_to_the_whole_town(client: Client) -> None:
    for number in range(21):
        response = ask(Client(), f"person{number}@example.org")
    assert response.status_code == 200
    assert len(mail.outbox) == Person.objects.count() == 20


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a@b.c\nBcc: d@e.f"])
def test_what_is_no_address_is_asked_for_again(client: Client, email: str) -> None:
    assert ask(client, email).status_code == 200
    assert not Person.objects.exists()


@pytest.mark.parametrize("page", ["signup", "password/reset"])
def test_pages_that_are_not_needed_lead_to_the_sign_in_by_code(client: Client, page: str) -> None:
    assert client.get(f"/accounts/{page}/", {"next": "/x"})["Location"] == "/accounts/login/?next=%2Fx"


def test_who_likes_can_set_a_password_and_is_told_of_it(client: Client) -> None:
    ask(client)
    client.post(CONFIRM, {"code": code_of(mail.outbox.pop())})
    assert client.get("/accounts/password/set/").status_code == 200
    word = "колокол-на-площади-7"
    client.post("/accounts/password/set/", {"password1": word, "password2": word})
    (message,) = mail.outbox
    assert "пароль" in message.subject.lower()
    other = Client()
    assert other.get("/accounts/login/password/").status_code == 200
    wrong = other.post("/accounts/login/password/", {"login": "anna@example.org", "password": "колокол"})
    assert "по коду из письма" in wrong.content.decode()
    other.post("/accounts/login/password/", {"login": "Anna@example.org", "password": word})
    assert is_signed_in(other)


def test_signing_out_takes_a_press_of_a_button(signed_in: object, alice: Actor) -> None:
    client = signed_in(alice)  # type: ignore[operator]
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_signed_in(client)
