"""When an office works, and who is at its head. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from veche.commons.offices.terms import WEEKDAYS, OfficerView
from veche.kernel.calendar import WorkCalendar

_ALL_DAY = "00:00-24:00"
_FRIDAY = WEEKDAYS.index("fri")
_LOOK_AHEAD_DAYS = 31


def is_open(hours: Mapping[str, str], calendar: WorkCalendar, now: datetime) -> bool:
    """Whether an office works at this moment.

    Holidays are closed unless the office works around the clock; a worked day off has Friday's hours where it has none
    of its own; hours over midnight belong to the day they begin on.
    Units: now is UTC, hours are local.
    Refuses: never.
    """
    today = calendar.local_date(now)
    spans = (_span(hours, calendar, day) for day in (today - timedelta(days=1), today))
    return any(span is not None and span[0] <= now < span[1] for span in spans)


def opens_at(hours: Mapping[str, str], calendar: WorkCalendar, now: datetime) -> datetime | None:
    """When an office opens next; now when it is open; None when it does not open within a month.

    Units: UTC. Refuses: never.
    """
    if is_open(hours, calendar, now):
        return now
    today = calendar.local_date(now)
    spans = (_span(hours, calendar, today + timedelta(days=ahead)) for ahead in range(_LOOK_AHEAD_DAYS))
    return next((span[0] for span in spans if span is not None and span[0] > now), None)


def hours_on(hours: Mapping[str, str], calendar: WorkCalendar, day: date) -> str:
    """The hours of one local day as the pack writes them; empty when the office is closed.

    Refuses: never.
    """
    own = hours.get(WEEKDAYS[day.weekday()], "")
    if own == _ALL_DAY:
        return own
    if day in calendar.days_off and day not in calendar.worked:
        return ""
    if not own and day in calendar.worked:
        return hours.get(WEEKDAYS[_FRIDAY], "")
    return own


def head_of(officers: Iterable[OfficerView]) -> OfficerView | None:
    """Who is at the head of an office: the one who was made head last.

    Refuses: never.
    """
    heads = [officer for officer in officers if officer.is_head]
    return max(heads, key=lambda officer: officer.since_at, default=None)


def _span(hours: Mapping[str, str], calendar: WorkCalendar, day: date) -> tuple[datetime, datetime] | None:
    start, _, end = hours_on(hours, calendar, day).partition("-")
    if not end:
        return None
    opened, closed = _moment(calendar, day, start), _moment(calendar, day, end)
    return opened, closed if closed > opened else _moment(calendar, day + timedelta(days=1), end)


def _moment(calendar: WorkCalendar, day: date, clock: str) -> datetime:
    if clock == "24:00":
        return calendar.end_of(day)
    return datetime.combine(day, time.fromisoformat(clock), calendar.tz).astimezone(UTC)
