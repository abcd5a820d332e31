"""One contract for every gateway of text messages: a provider over HTTP, the terminal, memory; and the one queue."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from veche.commons.notices import queries, services
from veche.commons.notices.adapters.mailers import MemoryMailer
from veche.commons.notices.adapters.texting import (
    ConsoleGateway,
    HttpGateway,
    MemoryGateway,
    gateway_from,
)
from veche.commons.notices.models import Letter
from veche.commons.notices.ports import EQUIPMENT, PostClosed, PutOff, SmsGateway, Undeliverable
from veche.commons.notices.tasks import send_letters
from veche.commons.notices.terms import Channel, Mail
from veche.commons.notices.tests.gateway import Provider, provider
from veche.kernel.ids import new_id

NUMBER = "+79125550123"
MINUTE = timedelta(minutes=1)
Read = Callable[[], list[str]]


@pytest.fixture(params=["http", "console", "memory"])
def gateway(request: pytest.FixtureRequest) -> Iterator[tuple[SmsGateway, Read]]:
    if request.param == "http":
        with provider() as server:
            yield gateway_from(server.url, ""), lambda: [" ".join(one) for one in server.sent.values()]
    elif request.param == "console":
        stream = io.StringIO()
        yield ConsoleGateway(stream), lambda: stream.getvalue().split("✆")[1:]
    else:
        memory = MemoryGateway()
        yield memory, lambda: [" ".join(one) for one in memory.sent.values()]


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as server:
        yield server


@pytest.fixture
def texting(server: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(EQUIPMENT, "sms", gateway_from(server.url, "s3cret"))
    return server


def test_every_gateway_hands_over_what_was_written(gateway: tuple[SmsGateway, Read]) -> None:
    send, read = gateway[0].send, gateway[1]
    send(new_id(), NUMBER, "Код: 123456")
    send(new_id(), "+79125550124", "Код: 654321")
    first, second = read()
    assert NUMBER in first
    assert "Код: 123456" in first
    assert "Код: 654321" in second


def test_every_gateway_takes_one_key_for_one_message(gateway: tuple[SmsGateway, Read]) -> None:
    send, read = gateway[0].send, gateway[1]
    key = new_id()
    for _ in range(3):
        send(key, NUMBER, "Код: 123456")
    assert len(read()) == 1


@pytest.mark.parametrize(("end", "answer"), [("00", Undeliverable), ("11", PutOff), ("22", PostClosed)])
def test_a_provider_says_no_for_good_for_now_or_for_everybody(
    server: Provider, end: str, answer: type[Exception]
) -> None:
    gateway = gateway_from(server.url, "")
    with pytest.raises(answer):
        gateway.send(new_id(), NUMBER[:-2] + end, "x")
    gateway.send(new_id(), NUMBER, "x")
    assert len(server.sent) == 1


def test_a_provider_that_sends_us_elsewhere_or_does_not_answer_is_a_closed_post(server: Provider) -> None:
    server.moved = True
    with pytest.raises(PostClosed, match="302"):
        gateway_from(server.url, "").send(new_id(), NUMBER, "x")
    server.moved, server.hangs_s = False, 0.5
    with pytest.raises(PostClosed, match="Timeout"):
        HttpGateway(server.url, timeout_s=0.1).send(new_id(), NUMBER, "x")
    with pytest.raises(PostClosed, match="ConnectionRefused"):
        gateway_from("http://127.0.0.1:9/", "").send(new_id(), NUMBER, "x")


def test_another_scheme_gets_a_clear_sentence() -> None:
    with pytest.raises(ValueError, match="VECHE_SMS_URL must begin with"):
        gateway_from("pigeon://loft", "")


@pytest.mark.django_db
def test_a_message_whose_answer_was_cut_goes_again_with_its_key_and_arrives_once(
    texting: Provider, now: datetime
) -> None:
    texting.cut = 1
    key = new_id()
    services.post_sms(key, NUMBER, "Код: 123456", now=now, useful=15 * MINUTE)
    assert send_letters(now) == 0
    assert send_letters(now + MINUTE) == 1
    assert texting.asked == [str(key), str(key)]
    assert texting.sent == {str(key): (NUMBER, "Код: 123456")}
    assert texting.token == "Bearer s3cret"
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_a_closed_provider_holds_up_no_mail_and_the_other_way_round(
    texting: Provider, post: MemoryMailer, now: datetime
) -> None:
    services.post_sms(new_id(), NUMBER[:-2] + "22", "x", now=now, useful=15 * MINUTE)
    services.post_letter(Mail(new_id(), "anna@example.org", "Тема", "Текст"), now=now)
    assert send_letters(now) == 1
    assert len(post.sent) == 1
    mail, sms = queries.letters_states()
    assert (mail.waiting, mail.closed_until) == (0, None)
    assert (sms.waiting, sms.oldest_at, sms.closed_until) == (1, now, now + timedelta(seconds=15))


@pytest.mark.django_db
def test_a_closed_post_is_left_alone_so_that_not_every_letter_waits_for_it(
    texting: Provider, now: datetime
) -> None:
    for _ in range(20):
        services.post_sms(new_id(), NUMBER[:-2] + "22", "x", now=now, useful=timedelta(days=2))
    for second in range(60):
        send_letters(now + timedelta(seconds=second))
    assert len(texting.asked) == 3  # at 0, 15 and 45 seconds, not sixty times
    Letter.objects.update(to=NUMBER)
    assert send_letters(now + 5 * MINUTE) == 20
    assert services.post_is_open(Channel.SMS, now=now)
