"""When a mail goes, what goes together, and how long we keep trying."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo
from itertools import groupby

from veche.commons.notices.terms import MORNING_HOUR, MOST_ATTEMPTS, DueNotice, MailWish
from veche.kernel.refusals import Refusal

_TOGETHER_FROM = 4
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=4)
_FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=5)


def mail_due_at(wish: MailWish, now: datetime, zone: tzinfo) -> datetime | None:
    """Say when a mail about something that happens now goes out; None means never.

    Units: now is UTC, the daily mail goes at 08:00 in the zone of the city; the result is aware.
    Refuses: never.
    """
    if wish is MailWish.NEVER:
        return None
    if wish is MailWish.AT_ONCE:
        return now
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), time(MORNING_HOUR), zone)
    return (
        today
        if local < today
        else datetime.combine(local.date() + timedelta(days=1), time(MORNING_HOUR), zone)
    )


def bundles(due: Iterable[DueNotice]) -> Iterator[list[DueNotice]]:
    """Sort notices, ordered by person, into mails: a day's news together, urgent ones singly unless they are many.

    Refuses: never.
    """
    for _, group in groupby(due, key=lambda notice: notice.person_id):
        notices = list(group)
        if notices[0].wish is MailWish.DAILY or len(notices) >= _TOGETHER_FROM:
            yield notices
        else:
            yield from ([notice] for notice in notices)


def try_again_after(attempts: int) -> timedelta | None:
    """Say how long to wait after so many failed attempts; None means to give up.

    Units: the wait doubles from a minute to four hours.
    Refuses: never.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(_LONGEST_WAIT, _FIRST_WAIT * (1 << max(0, attempts - 1)))


def rest_after(times: int) -> timedelta:
    """Say how long a post that did not answer so many times is left alone.

    Units: the rest doubles from 15 seconds to five minutes.
    Refuses: never.
    """
    return min(LONGEST_REST, _FIRST_REST * (1 << min(max(0, times - 1), 10)))


def check_wish(wish: str) -> Refusal | None:
    """Say whether this is a way in which people can be told.

    Refuses: `notices.unknown-wish`.
    """
    return None if wish in set(MailWish) else Refusal("notices.unknown-wish", "mail")
