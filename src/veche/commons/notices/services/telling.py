"""Telling people what happened."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from veche.commons.notices import queries, rules
from veche.commons.notices.models import Letter, Notice
from veche.commons.notices.services.letters import address_of, one_line
from veche.commons.notices.services.wishes import unsubscribe_token
from veche.commons.notices.terms import LETTER_USEFUL, DueNotice
from veche.commons.places import queries as places

_MOST_NEWS = 50


@transaction.atomic
def tell(
    person_ids: Iterable[UUID],
    *,
    fact_id: UUID,
    kind: str,
    sentence: str,
    params: Mapping[str, Any],
    url: str,
    city_id: UUID | None,
    now: datetime,
) -> int:
    """Tell people about a fact. Telling the same fact in the same kind again adds nothing; answers how many are new.

    `sentence` is an English message id; what `params` may hold is written at `queries.spoken`; `url` is a path.
    Units: now is UTC. Refuses: never.
    """
    people = list(dict.fromkeys(person_ids))
    told = set(
        Notice.objects.filter(fact_id=fact_id, kind=kind, person_id__in=people).values_list(
            "person_id", flat=True
        )
    )
    fresh = [person_id for person_id in people if person_id not in told]
    wishes, zone = queries.wishes_of(fresh), _zone(city_id)
    Notice.objects.bulk_create(
        [
            Notice(
                city_id=city_id,
                person_id=person_id,
                fact_id=fact_id,
                kind=kind,
                sentence=sentence,
                params=dict(params),
                url=url,
                created_at=now,
                mail_due_at=rules.mail_due_at(wishes[person_id], now, zone),
            )
            for person_id in fresh
        ],
        ignore_conflicts=True,
    )
    cache.delete_many([queries.unread_key(person_id) for person_id in fresh])
    return len(fresh)


@transaction.atomic
def read(notice_id: UUID, *, person_id: UUID, now: datetime) -> str | None:
    """Note that a person opened a notice; answers where it leads, None when it is not theirs.

    Units: now is UTC. Refuses: never.
    """
    own = Notice.objects.filter(id=notice_id, person_id=person_id)
    own.filter(read_at=None).update(read_at=now)
    cache.delete(queries.unread_key(person_id))
    return own.values_list("url", flat=True).first()


@transaction.atomic
def read_all(person_id: UUID, *, now: datetime) -> int:
    """Note that a person has seen everything; answers how many were new.

    Units: now is UTC. Refuses: never.
    """
    seen = Notice.objects.filter(person_id=person_id, read_at=None).update(read_at=now)
    cache.delete(queries.unread_key(person_id))
    return seen


@transaction.atomic
def write_letters(now: datetime, *, limit: int = 500) -> int:
    """Write the mails that are due, a day's news in one; answers how many letters went into the queue.

    A letter bears the id of its first notice: it is written once, whatever happens. Units: now is UTC. Refuses: never.
    """
    people = queries.people_with_mail_due(now, limit)
    waiting = Notice.objects.filter(mailed_at=None, mail_due_at__lte=now, person_id__in=people)
    locked = waiting.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    ids = set(locked.values_list("id", flat=True))
    due = [notice for notice in queries.due_notices(people, now) if notice.id in ids]
    letters = [_letter(bundle, now) for bundle in rules.bundles(due)]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    Notice.objects.filter(id__in=ids).update(mailed_at=now)
    return len(letters)


def _letter(bundle: list[DueNotice], now: datetime) -> Letter:
    first = bundle[0]
    leave = settings.CONFIG.origin + reverse("notices:unsubscribe", args=[unsubscribe_token(first.person_id)])
    with translation.override(first.language):
        news = [(queries.spoken(notice.sentence, notice.params), address_of(notice.url)) for notice in bundle]
        context = {
            "news": news[:_MOST_NEWS],
            "more": max(0, len(news) - _MOST_NEWS),
            "leave": leave,
            "origin": settings.CONFIG.origin,
        }
        body = render_to_string("notices/mail/news.txt", context).strip()
        subject = news[0][0] if len(news) == 1 else _digest_subject(len(news))
    cities = {notice.city_id for notice in bundle}
    return Letter(
        id=first.id,
        city_id=first.city_id if len(cities) == 1 else None,
        to=first.email,
        subject=one_line(subject),
        body=body,
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
        created_at=now,
        due_at=now,
        until_at=now + LETTER_USEFUL,
    )


def _digest_subject(count: int) -> str:
    return ngettext("%(count)s piece of news for you", "%(count)s pieces of news for you", count) % {
        "count": count
    }


def _zone(city_id: UUID | None) -> tzinfo:
    city = places.city_by_id(city_id) if city_id else None
    return city.calendar.tz if city else UTC
