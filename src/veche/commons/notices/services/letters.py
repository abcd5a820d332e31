"""The letters on their way: written down first, sent by the worker, forgotten once the post has them."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django_q.tasks import async_task

from veche.commons.notices import queries, rules
from veche.commons.notices.models import ClosedPost, Letter
from veche.commons.notices.services.undelivered import letter_given_up
from veche.commons.notices.terms import (
    LETTER_USEFUL,
    LINK_SENTENCE,
    LINKS_AN_HOUR,
    TOO_OFTEN,
    Channel,
    Mail,
)
from veche.kernel.ids import new_id
from veche.kernel.refusals import NOTHING, Refusal, Refused

_CLAIM = timedelta(minutes=10)
_HOUR_S = 3600
_LONGEST_SUBJECT = 150
log = logging.getLogger(__name__)


@transaction.atomic
def post_letter(mail: Mail, *, now: datetime, useful: timedelta = LETTER_USEFUL) -> None:
    """Put a mail into the queue and call the worker; the caller never waits for the post.

    Units: now is UTC; after `useful` an unsent letter is given up.
    Refuses: never.
    """
    _queue(Channel.MAIL, mail, now, useful)


@transaction.atomic
def post_sms(key: UUID, number: str, text: str, *, now: datetime, useful: timedelta) -> None:
    """Put a text message into the same queue; `key` is what the provider knows it by, so it goes once.

    Units: now is UTC; after `useful` an unsent message is given up.
    Refuses: never.
    """
    _queue(Channel.SMS, Mail(key, number, "", text), now, useful)


def _queue(channel: Channel, mail: Mail, now: datetime, useful: timedelta) -> None:
    Letter.objects.create(
        id=mail.id,
        channel=channel,
        to=mail.to,
        subject=one_line(mail.subject),
        body=mail.body,
        headers=dict(mail.headers),
        created_at=now,
        due_at=now,
        until_at=now + useful,
    )
    transaction.on_commit(lambda: async_task("veche.commons.notices.tasks.send_letters", save=False))


def send_link(
    email: str,
    url: str,
    *,
    language: str,
    now: datetime,
    sentence: str = LINK_SENTENCE,
    params: Mapping[str, Any] = NOTHING,
) -> None:
    """Send a link to an address that may belong to nobody we know, to confirm what was typed in its name.

    `sentence` is an English message id that says what the link confirms; `url` is a path or an address.
    Units: now is UTC.
    Refuses: `notices.too-many-links`.
    """
    _count_link(email)
    with translation.override(language):
        said = queries.spoken(sentence, params)
        context = {"sentence": said, "link": address_of(url), "origin": settings.CONFIG.origin}
        body = render_to_string("notices/mail/link.txt", context).strip()
        subject = gettext("Please confirm: one step is left")
    mail = Mail(new_id(), email.strip().lower(), subject, body, {"Auto-Submitted": "auto-generated"})
    post_letter(mail, now=now)


@transaction.atomic
def claim_letter(now: datetime, channel: Channel = Channel.MAIL) -> Mail | None:
    """Take the next letter that is due, so that nobody else sends it; None when there is none.

    Units: now is UTC. Refuses: never.
    """
    due = Letter.objects.filter(due_at__lte=now, until_at__gt=now, channel=channel)
    for letter in due.order_by("due_at", "id")[:10]:
        mine = Letter.objects.filter(id=letter.id, due_at=letter.due_at).update(
            due_at=now + _CLAIM, attempts=F("attempts") + 1
        )
        if mine:
            return Mail(letter.id, letter.to, letter.subject, letter.body, letter.headers)
    return None


@transaction.atomic
def letter_gone(letter_id: UUID) -> None:
    """Forget a letter: the post has it.

    Refuses: never.
    """
    Letter.objects.filter(id=letter_id).delete()


@transaction.atomic
def letter_failed(letter_id: UUID, *, now: datetime) -> None:
    """Try a letter again later, or give up after many attempts.

    Units: now is UTC. Refuses: never.
    """
    letter = Letter.objects.filter(id=letter_id).first()
    wait = rules.try_again_after(letter.attempts) if letter else None
    if wait is None:
        log.warning("letter %s was given up", letter_id)
        letter_given_up(letter_id, TOO_OFTEN, now=now)
    else:
        Letter.objects.filter(id=letter_id).update(due_at=now + wait)


@transaction.atomic
def letter_put_back(letter_id: UUID, *, now: datetime) -> None:
    """Put a letter back uncounted: the post was closed, the letter is not to blame.

    Units: now is UTC. Refuses: never.
    """
    Letter.objects.filter(id=letter_id).update(due_at=now + timedelta(minutes=1), attempts=F("attempts") - 1)


def post_is_open(channel: Channel, *, now: datetime) -> bool:
    """Whether it is worth asking a post: one that did not answer is left alone for a while.

    Units: now is UTC. Refuses: never; a rest longer than any comes from a clock that was set back.
    """
    return not ClosedPost.objects.filter(
        channel=channel, until_at__gt=now, until_at__lte=now + rules.LONGEST_REST
    ).exists()


@transaction.atomic
def post_closed(channel: Channel, *, now: datetime) -> None:
    """Note that a post does not answer, so that not every letter waits for it in turn.

    Units: now is UTC. Refuses: never.
    """
    known = ClosedPost.objects.select_for_update().filter(channel=channel).first()
    times = min((known.times if known else 0) + 1, 100)
    values = {"times": times, "until_at": now + rules.rest_after(times)}
    ClosedPost.objects.update_or_create(channel=channel, defaults=values)


def post_opened(channel: Channel) -> None:
    """Note that a post takes letters again.

    Refuses: never.
    """
    if ClosedPost.objects.filter(channel=channel).exists():
        ClosedPost.objects.filter(channel=channel).delete()


def one_line(subject: str) -> str:
    """A subject that fits: one line, not too long."""
    line = " ".join(subject.split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def address_of(url: str) -> str:
    """The whole address of a path of ours."""
    return settings.CONFIG.origin + url if url.startswith("/") else url


def _count_link(email: str) -> None:
    key = f"notices:links:{sha256(email.strip().lower().encode()).hexdigest()}"
    cache.add(key, 0, _HOUR_S)
    try:
        sent = cache.incr(key)
    except ValueError:  # it was forgotten between the two lines
        cache.set(key, 1, _HOUR_S)
        sent = 1
    if sent > LINKS_AN_HOUR:
        raise Refused(Refusal("notices.too-many-links", "email"))
