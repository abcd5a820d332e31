"""Letters to addresses that may belong to nobody we know, and Django's own mail."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage

from veche.commons.notices.adapters.mailers import MemoryMailer
from veche.commons.notices.adapters.queue import LetterBackend
from veche.commons.notices.models import Letter
from veche.commons.notices.services import send_link
from veche.commons.notices.tasks import send_letters
from veche.kernel.refusals import Refused


@pytest.fixture(autouse=True)
def _fresh(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_link_goes_by_mail_in_the_language_of_the_page(
    language: str, now: datetime, post: MemoryMailer
) -> None:
    send_link(" Anna@Example.org", "/town/report/confirm/abc", language=language, now=now)
    assert send_letters(now) == 1
    (mail,) = post.sent
    assert mail.to == ["anna@example.org"]
    assert "/town/report/confirm/abc" in str(mail.body)
    assert ("confirm" in mail.subject) is (language == "en")
    assert not Letter.objects.exists()


def test_nobody_is_flooded_with_links(now: datetime) -> None:
    for _ in range(5):
        send_link("anna@example.org", "/x", language="en", now=now)
    with pytest.raises(Refused) as refused:
        send_link("Anna@example.org", "/x", language="en", now=now)
    assert refused.value.codes == ("notices.too-many-links",)
    send_link("boris@example.org", "/x", language="en", now=now)
    assert Letter.objects.count() == 6


def test_what_django_sends_waits_for_the_worker(post: MemoryMailer, now: datetime) -> None:
    message = EmailMessage("Subject", "Body", None, ["Anna <anna@example.org>", "boris@example.org"])
    message.useful_minutes = 15  # type: ignore[attr-defined]
    assert LetterBackend().send_messages([message]) == 1
    assert post.sent == []
    letters = list(Letter.objects.order_by("to"))
    assert [letter.to for letter in letters] == ["anna@example.org", "boris@example.org"]
    assert {(letter.until_at - letter.created_at).total_seconds() for letter in letters} == {900.0}


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_called_as_soon_as_a_letter_lies_there(now: datetime) -> None:
    from django_q.models import OrmQ

    send_link("anna@example.org", "/x", language="en", now=now)
    (task,) = OrmQ.objects.all()
    assert task.func() == "veche.commons.notices.tasks.send_letters"
