"""The sign-in of the demonstration, and the profile."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from veche.commons.accounts import queries
from veche.commons.accounts.models import Person, RoleGrant
from veche.commons.accounts.services import open_demo_account
from veche.commons.accounts.terms import Actor, Role
from veche.kernel.ids import new_id

DEMO = "/accounts/demo/"


@pytest.fixture
def accounts(db: None, now: datetime) -> dict[str, Person]:
    city_id = new_id()
    people = {role: open_demo_account(role, name=role, language="ru", now=now) for role in ["citizen", *Role]}
    open_demo_account("citizen-2", name="second", language="ru", now=now)
    for role in Role:
        RoleGrant.objects.create(person=people[role], role=role, city_id=city_id, since_at=now)
    return people


def test_outside_of_a_demonstration_the_page_does_not_exist(
    client: Client, accounts: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.CONFIG, "demo", False)
    assert client.get(DEMO).status_code == 404
    assert client.post(DEMO, {"account": str(accounts["citizen"].id)}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_demonstration_offers_one_account_for_each_role(
    client: Client, accounts: dict[str, Person], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(settings.CONFIG, "demo", True)
    client.cookies["lang"] = language
    assert [account.role for account in queries.demo_accounts()] == ["", *Role]
    page = client.get(DEMO).content.decode()
    assert page.count('name="account"') == 5
    response = client.post(DEMO, {"account": str(accounts[Role.OFFICER].id), "next": "/perm/"})
    assert response["Location"] == "/perm/"
    assert client.session["_auth_user_id"] == str(accounts[Role.OFFICER].id)


def test_only_accounts_of_the_demonstration_can_be_entered_and_nobody_is_led_away(
    client: Client, alice: Actor, accounts: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings.CONFIG, "demo", True)
    assert client.post(DEMO, {"account": str(alice.person_id)}).status_code == 404
    assert client.post(DEMO, {"account": "nonsense"}).status_code == 404
    response = client.post(DEMO, {"account": str(accounts["citizen"].id), "next": "//evil.example"})
    assert response["Location"] == "/cabinet/"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_person_says_how_to_be_called_and_in_which_language(
    alice: Actor, signed_in: Callable[..., Client], language: str
) -> None:
    client = signed_in(alice, language=language)
    assert "alice@example.org" in client.get("/cabinet/profile/").content.decode()
    assert client.post("/cabinet/profile/", {"name": " Алиса  Ветрова ", "language": "en"}).status_code == 302
    person = queries.person_by_id(alice.person_id)
    assert person is not None
    assert (person.name, person.language) == ("Алиса Ветрова", "en")


def test_what_does_not_fit_is_said_and_stays_in_the_form(
    alice: Actor, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(alice).post("/cabinet/profile/", {"name": "я" * 121, "language": "tlh"})
    assert page.status_code == 200
    assert "я" * 121 in page.content.decode()


def test_the_profile_of_a_visitor_is_the_sign_in(client: Client, db: None) -> None:
    assert client.get("/cabinet/profile/")["Location"] == "/accounts/login/?next=/cabinet/profile/"
