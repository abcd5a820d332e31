"""The link at the end of every mail, and the page of the cabinet."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from veche.commons.accounts.terms import Actor
from veche.commons.notices import queries
from veche.commons.notices.models import Notice
from veche.commons.notices.services import tell, unsubscribe_token
from veche.commons.notices.terms import MailWish
from veche.kernel.ids import new_id

SignedIn = Callable[..., Client]


def told(alice: Actor, now: datetime, count: int = 1, city_id: UUID | None = None) -> None:
    for _ in range(count):
        tell(
            [alice.person_id],
            fact_id=new_id(),
            kind="k",
            sentence="Something happened.",
            params={},
            url="/somewhere",
            city_id=city_id,
            now=now,
        )


@pytest.mark.parametrize("language", ["ru", "en"])
def test_looking_at_the_link_changes_nothing_and_pressing_the_button_stops_the_mail(
    alice: Actor, language: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["lang"] = language
    address = reverse("notices:unsubscribe", args=[unsubscribe_token(alice.person_id)])
    assert client.get(address).status_code == 200
    assert queries.wish_of(alice.person_id) is MailWish.AT_ONCE
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.wish_of(alice.person_id) is MailWish.NEVER


def test_a_damaged_link_stops_nothing(alice: Actor, client: Client) -> None:
    token = unsubscribe_token(alice.person_id)
    other = token.replace(token[0], "0" if token[0] != "0" else "1", 1)
    assert client.post(reverse("notices:unsubscribe", args=[other])).status_code == 404
    assert queries.wish_of(alice.person_id) is MailWish.AT_ONCE


def test_a_visitor_is_led_to_the_sign_in_and_back(client: Client, db: None) -> None:
    response = client.get(reverse("notices:list"))
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/cabinet/notices/"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_cabinet_pages_through_the_news(
    alice: Actor, now: datetime, signed_in: SignedIn, language: str
) -> None:
    client = signed_in(alice, language=language)
    assert client.get(reverse("notices:list")).status_code == 200
    told(alice, now, 31)
    page = client.get(reverse("notices:list")).content.decode()
    assert page.count("Something happened.") == 30
    last = queries.notices_of(alice.person_id)[29]
    page = client.get(reverse("notices:list"), {"before": str(last.id)}).content.decode()
    assert page.count("Something happened.") == 1
    assert client.get(reverse("notices:list"), {"before": "nonsense"}).status_code == 404


def test_opening_a_notice_marks_it_and_leads_on(alice: Actor, now: datetime, signed_in: SignedIn) -> None:
    told(alice, now, 2)
    client = signed_in(alice)
    response = client.get(reverse("notices:open", args=[queries.notices_of(alice.person_id)[0].id]))
    assert response["Location"] == "/somewhere"
    assert Notice.objects.filter(read_at=None).count() == 1
    assert client.post(reverse("notices:read-all")).status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_notice_of_another_is_not_found(
    alice: Actor, clara: Actor, now: datetime, signed_in: SignedIn
) -> None:
    told(alice, now)
    address = reverse("notices:open", args=[Notice.objects.get().id])
    assert signed_in(clara).get(address).status_code == 404


def test_a_person_chooses_how_to_be_told(alice: Actor, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    client.post(reverse("notices:mail"), {"mail": "daily"})
    assert queries.wish_of(alice.person_id) is MailWish.DAILY
    client.post(reverse("notices:mail"), {"mail": "by pigeon"})
    assert queries.wish_of(alice.person_id) is MailWish.DAILY


def test_the_cabinet_tells_when_it_was_by_the_clock_of_the_city(
    alice: Actor, town: UUID, signed_in: SignedIn
) -> None:
    told(alice, datetime(2026, 12, 31, 20, 5, tzinfo=UTC), city_id=town)
    page = signed_in(alice, language="en").get(reverse("notices:list")).content.decode()
    assert "1\u00a0January 2027, 01:05" in page
