"""Dates, times and terms as people read them: in the language in force and the time zone of the city."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Protocol

from babel import Locale
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

from veche.kernel.calendar import WorkCalendar
from veche.kernel.words import bound

NBSP = "\u00a0"
_INSTANT = timedelta(microseconds=1)


class HasCalendar(Protocol):
    """Whatever knows the work calendar of its city, and with it the time zone."""

    @property
    def calendar(self) -> WorkCalendar:
        """The work calendar."""
        ...


def day(value: date, *, year: bool = True) -> str:
    """Write a date: `14 декабря 2026`."""
    return _day(value.year if year else 0, value.month, value.day, get_language() or "ru")


def date_of(value: datetime, city: HasCalendar | None = None, *, year: bool = True) -> str:
    """Write the city's day of a moment."""
    return day(_local(value, city), year=year)


def moment(value: datetime, city: HasCalendar | None = None) -> str:
    """Write a moment with its time: `14 декабря 2026, 15:04`."""
    local = _local(value, city)
    return f"{day(local)}, {local:%H:%M}"


def when(value: datetime, city: HasCalendar | None = None, *, time: bool = True) -> Markup:
    """Write a moment in a `time` element, exact for machines."""
    words = moment(value, city) if time else date_of(value, city)
    return Markup('<time datetime="{}">{}</time>').format(value.astimezone(UTC).isoformat()[:19] + "Z", words)


def due_day(due_at: datetime, city: HasCalendar | None = None, *, year: bool = True) -> str:
    """Write the last day of a term. `due_at` is the midnight after it, so the day before is meant."""
    return day(_local(due_at - _INSTANT, city), year=year)


def left(due_at: datetime, now: datetime, city: HasCalendar) -> str:
    """Say how much of a term is left, or by how much it is overdue, in working days of the city."""
    calendar = city.calendar
    last, today = calendar.local_date(due_at - _INSTANT), calendar.local_date(now)
    if now < due_at:
        days = _working_days(calendar, today, last)
        if last == today:
            return gettext("today is the last day")
        if not days:
            return gettext("no working day is left")
        return bound(ngettext("%(n)s working day left", "%(n)s working days left", days)) % {"n": days}
    days = max(1, _working_days(calendar, last, today))
    return bound(ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", days)) % {
        "n": days
    }


def due_words(due_at: datetime, now: datetime, city: HasCalendar) -> str:
    """Say until when an answer is owed and how long that is: the sentence of the clock.

    The year is named when it is not this one.
    """
    other = _local(due_at - _INSTANT, city).year != _local(now, city).year
    figures = {"day": due_day(due_at, city, year=other), "left": left(due_at, now, city)}
    if now < due_at:
        return gettext("The answer must come by the end of %(day)s, %(left)s") % figures
    return gettext("The answer had to come by the end of %(day)s, %(left)s") % figures


def zone(city: HasCalendar | None) -> tzinfo:
    """The time zone of a city; UTC where there is none."""
    return city.calendar.tz if city is not None else UTC


def _local(value: datetime, city: HasCalendar | None) -> datetime:
    return value.astimezone(zone(city))


@lru_cache(maxsize=4096)
def _day(year: int, month: int, number: int, language: str) -> str:
    words = f"{number}{NBSP}{_months(language)[month]}"
    return f"{words} {year}" if year else words


@cache
def _months(language: str) -> dict[int, str]:
    """Names of months as they stand in a date; read from babel once per language."""
    return dict(Locale.parse(language, sep="-").months["format"]["wide"])


@lru_cache(maxsize=4096)
def _working_days(calendar: WorkCalendar, start: date, end: date) -> int:
    return calendar.working_days_between(start, end)
