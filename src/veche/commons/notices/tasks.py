"""The worker's side of the post."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils import timezone

from veche.commons.notices import services
from veche.commons.notices.ports import EQUIPMENT, PostClosed, PutOff, Undeliverable
from veche.commons.notices.terms import Channel, Mail

Clock = Callable[[], datetime]
Send = Callable[[Mail], None]

_RUN = timedelta(minutes=3)
log = logging.getLogger(__name__)


def send_mail(now: datetime) -> int:
    """Write the letters that are due and send what lies in the queue; answers how many went."""
    while services.write_letters(now):
        pass
    services.expire_letters(now=now)
    return send_letters(now)


def purge_undelivered(now: datetime) -> int:
    """Throw away what was given up long ago."""
    return services.purge_undelivered(now=now)


def send_letters(now: datetime | None = None, *, clock: Clock = timezone.now) -> int:
    """Send what is due by every post, one connection for all, until none is left or the post closes.

    Units: `now` fixes the moment for tests; a run ends after three minutes of the clock and the next goes on.
    """
    began = clock()
    return sum(_send_all(channel, now, clock, until=began + _RUN) for channel in Channel)


def _send_all(channel: Channel, now: datetime | None, clock: Clock, *, until: datetime) -> int:
    if not services.post_is_open(channel, now=now or clock()):
        return 0
    mail, sent = services.claim_letter(now or clock(), channel), 0
    if mail is None:
        return 0
    try:
        with _opened(channel) as send:
            while mail is not None and clock() < until:
                sent += _send(send, mail, now or clock())
                if sent == 1:
                    services.post_opened(channel)
                mail = services.claim_letter(now or clock(), channel)
    except PostClosed as closed:
        log.warning("the post for %s is closed (%s); letters wait", channel, closed)
        services.post_closed(channel, now=now or clock())
    if mail is not None:
        services.letter_put_back(mail.id, now=now or clock())
    return sent


@contextmanager
def _opened(channel: Channel) -> Iterator[Send]:
    if channel is Channel.SMS:
        gateway = EQUIPMENT.need_sms()
        yield lambda mail: gateway.send(mail.id, mail.to, mail.body)
        return
    with EQUIPMENT.need_mailer() as mailer:
        yield mailer.send


def _send(send: Send, mail: Mail, now: datetime) -> bool:
    try:
        send(mail)
    except PutOff as answer:
        log.info("letter %s was put off: %s", mail.id, answer)
        services.letter_failed(mail.id, now=now)
        return False
    except Undeliverable as answer:
        log.warning("letter %s cannot be delivered: %s", mail.id, answer)
        services.letter_given_up(mail.id, str(answer), now=now)
        return False
    services.letter_gone(mail.id)
    return True
