"""What people are told, and what still waits for its mail."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import formats, translation
from django.utils.translation import gettext

from veche.commons.accounts.terms import Level
from veche.commons.notices.models import ClosedPost, Letter, Notice, Preference
from veche.commons.notices.terms import (
    PAGE,
    Channel,
    DeadLetter,
    DueNotice,
    LettersState,
    MailWish,
    NoticeView,
)
from veche.kernel.words import in_language

_COLUMNS = ("id", "city_id", "kind", "sentence", "params", "url", "created_at", "read_at")
_DAY = "j\u00a0E Y"  # as all pages write it, in every language
_UNREAD_KEPT_S = 20
_UNREAD_MOST = 100
log = logging.getLogger(__name__)


def notices_of(person_id: UUID, *, before: UUID | None = None, limit: int = PAGE) -> list[NoticeView]:
    """A page of a person's notices, newest first; `before` is the last one of the page before."""
    rows = Notice.objects.filter(person_id=person_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [NoticeView(*row) for row in rows.order_by("-id").values_list(*_COLUMNS)[:limit]]


def unread_count(person_id: UUID | None) -> int:
    """How many notices a person has not read, a hundred at most; remembered for some seconds."""
    if person_id is None:
        return 0
    known: int | None = cache.get(unread_key(person_id))
    if known is None:
        unread = Notice.objects.filter(person_id=person_id, read_at=None).order_by()
        known = unread.values("id")[:_UNREAD_MOST].count()
        cache.set(unread_key(person_id), known, _UNREAD_KEPT_S)
    return known


def unread_key(person_id: UUID) -> str:
    """Under which name the count is remembered."""
    return f"notices:unread:{person_id}"


def wish_of(person_id: UUID) -> MailWish:
    """How a person wants to be told by mail."""
    return wishes_of([person_id])[person_id]


def wishes_of(person_ids: list[UUID]) -> dict[UUID, MailWish]:
    """How several people want to be told by mail; who never said is told at once."""
    rows = Preference.objects.filter(person_id__in=person_ids)
    said = {person_id: MailWish(mail) for person_id, mail in rows.values_list("person_id", "mail")}
    return {person_id: said.get(person_id, MailWish.AT_ONCE) for person_id in person_ids}


def people_with_mail_due(now: datetime, limit: int) -> list[UUID]:
    """People for whom a mail is due, those who wait longest first."""
    rows = Notice.objects.filter(mailed_at=None, mail_due_at__lte=now).order_by("mail_due_at")
    return list(dict.fromkeys(rows.values_list("person_id", flat=True)[:limit]))


def due_notices(person_ids: list[UUID], now: datetime) -> list[DueNotice]:
    """The notices of these people that wait for their mail, by person and time.

    People who closed their account or never confirmed their address get none.
    """
    wish = Preference.objects.filter(person_id=OuterRef("person_id")).values("mail")[:1]
    rows = (
        Notice.objects.filter(mailed_at=None, mail_due_at__lte=now, person_id__in=person_ids)
        .filter(person__is_active=True, person__level__gte=Level.CONTACT)
        .order_by("person_id", "id")
        .values_list(
            "id",
            "city_id",
            "person_id",
            "person__email",
            "person__language",
            Subquery(wish),
            "sentence",
            "params",
            "url",
        )
    )
    return [
        DueNotice(id_, city_id, person_id, email, language, MailWish(said or MailWish.AT_ONCE), *rest)
        for id_, city_id, person_id, email, language, said, *rest in rows
    ]


def dead_letters(
    city_id: UUID | None = None, *, after: UUID | None = None, limit: int = PAGE
) -> list[DeadLetter]:
    """Letters that were given up, of a city and of none, or of all; by id, after the last one of the page before."""
    rows = _given_up(city_id)
    if after is not None:
        rows = rows.filter(id__gt=after)
    fields = ("id", "channel", "city_id", "created_at", "gave_up_at", "attempts", "why")
    return [DeadLetter(*row) for row in rows.order_by("id").values_list(*fields)[:limit]]


def dead_letter_count(city_id: UUID | None = None) -> int:
    """How many letters were given up, of a city and of none, or of all."""
    return _given_up(city_id).count()


def letters_states() -> list[LettersState]:
    """How every post stands, for metrics."""
    closed = dict(ClosedPost.objects.values_list("channel", "until_at"))
    waiting = Q(gave_up_at=None)
    figures = {
        row["channel"]: row
        for row in Letter.objects.values("channel").annotate(
            waits=Count("id", filter=waiting),
            oldest=Min("created_at", filter=waiting),
            given_up=Count("id", filter=~waiting),
        )
    }
    return [_state(one, figures.get(one.value, {}), closed.get(one.value)) for one in Channel]


def _state(channel: Channel, row: Mapping[str, Any], closed_until: datetime | None) -> LettersState:
    return LettersState(channel, row.get("waits", 0), row.get("oldest"), row.get("given_up", 0), closed_until)


def _given_up(city_id: UUID | None) -> QuerySet[Letter]:
    rows = Letter.objects.filter(gave_up_at__isnull=False)
    return rows if city_id is None else rows.filter(Q(city_id=city_id) | Q(city_id=None))


def spoken(sentence: str, params: Mapping[str, Any]) -> str:
    """Say a notice in the language that is in force.

    Params may be plain values, names `{"ru": ..., "en": ...}`, `{"date": "2026-12-14"}` or
    `{"word": "an English msgid"}`. `about` is the number of what the notice is about: it stands before a sentence
    that does not name it, so that somebody with ten reports knows which one was answered.
    """
    about = f"№\u00a0{params['about']}. " if params.get("about") else ""
    try:
        return about + gettext(sentence) % {name: _said(value) for name, value in params.items()}
    except (KeyError, TypeError, ValueError):
        log.exception("a notice could not be said: %s", sentence)
        return about + gettext(sentence)


def _said(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "date" in value:
        return formats.date_format(date.fromisoformat(value["date"]), _DAY)
    if msgid := value.get("word"):
        return gettext(msgid)
    return in_language(value, translation.get_language() or "en")
