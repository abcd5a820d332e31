"""The worker's side of the post."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from veche.commons.notices import services
from veche.commons.notices.ports import EQUIPMENT, Mailer, PostClosed, PutOff, Undeliverable
from veche.commons.notices.terms import Mail

_RUN = timedelta(minutes=3)
log = logging.getLogger(__name__)


def send_mail(now: datetime) -> int:
    """Write the letters that are due and send what lies in the queue; answers how many went."""
    while services.write_letters(now):
        pass
    return send_letters(now)


def send_letters(now: datetime | None = None, *, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send the letters that are due, one connection for all, until none is left or the post closes.

    Units: `now` fixes the moment for tests; a run ends after three minutes of the clock and the next goes on.
    """
    began, sent = clock(), 0
    mail = services.claim_letter(now or began)
    if mail is None:
        return 0
    try:
        with EQUIPMENT.need_mailer() as mailer:
            while mail is not None and clock() - began < _RUN:
                sent += _send(mailer, mail, now or clock())
                mail = services.claim_letter(now or clock())
    except PostClosed as closed:
        log.warning("the post is closed (%s); letters wait", closed)
    if mail is not None:
        services.letter_put_back(mail.id, now=now or clock())
    return sent


def _send(mailer: Mailer, mail: Mail, now: datetime) -> bool:
    try:
        mailer.send(mail)
    except PutOff as answer:
        log.info("letter %s was put off: %s", mail.id, answer)
        services.letter_failed(mail.id, now=now)
        return False
    except Undeliverable as answer:
        log.warning("letter %s cannot be delivered: %s", mail.id, answer)
        services.letter_gone(mail.id)
        return False
    services.letter_gone(mail.id)
    return True
