from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veche.commons.casework.rules import due_at, last_day, remaining
from veche.kernel.calendar import WorkCalendar
from veche.kernel.terms import DayKind, Source, Term

SOURCE = Source({"en": "Agreement"})
PERM = ZoneInfo("Asia/Yekaterinburg")
# Zones whose clocks change at midnight, by half an hour, over the date line, often, or not at all.
ZONES = (
    "Asia/Yekaterinburg",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Europe/Moscow",
    "UTC",
)


def term(days: int, kind: DayKind = DayKind.WORKING, *, moves: bool = False) -> Term:
    return Term("term", days, kind, SOURCE, ends_on_working_day=moves)


def perm(*days_off: date, worked: tuple[date, ...] = ()) -> WorkCalendar:
    return WorkCalendar(PERM, frozenset(days_off), frozenset(worked))


def in_perm(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=PERM).astimezone(UTC)


def test_a_saturday_report_starts_its_clock_on_monday() -> None:
    due = due_at(in_perm(2026, 3, 14), term(3), perm())
    assert last_day(due, perm()) == date(2026, 3, 18)
    assert due == in_perm(2026, 3, 19, 0)


def test_a_report_of_a_late_evening_counts_by_the_day_of_the_city_not_of_greenwich() -> None:
    late = in_perm(2026, 3, 2, 1)  # still the first of March in Greenwich
    assert last_day(due_at(late, term(1), perm()), perm()) == date(2026, 3, 3)


def test_calendar_days_end_on_a_day_off_unless_the_source_moves_them() -> None:
    filed = in_perm(2026, 3, 2)
    stays = due_at(filed, term(5, DayKind.CALENDAR), perm())
    moves = due_at(filed, term(5, DayKind.CALENDAR, moves=True), perm())
    assert last_day(stays, perm()) == date(2026, 3, 7)
    assert last_day(moves, perm()) == date(2026, 3, 9)


def test_a_moved_holiday_is_not_counted_and_a_worked_saturday_is() -> None:
    calendar = perm(date(2026, 3, 9), worked=(date(2026, 3, 14),))
    due = due_at(in_perm(2026, 3, 6), term(6), calendar)
    assert last_day(due, calendar) == date(2026, 3, 16)
    assert last_day(due_at(in_perm(2026, 3, 6), term(5), calendar), calendar) == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("now", "left"),
    [(in_perm(2026, 3, 16), 2), (in_perm(2026, 3, 18, 23), 0), (in_perm(2026, 3, 20), -2)],
)
def test_remaining_counts_working_days_to_the_last_one_and_then_beyond(now: datetime, left: int) -> None:
    due = due_at(in_perm(2026, 3, 14), term(3), perm())
    assert remaining(now, due, perm()) == left


@settings(max_examples=120, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    received=st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - made aware below
    days=st.integers(0, 37),
    kind=st.sampled_from(DayKind),
    moves=st.booleans(),
    off=st.frozensets(st.integers(0, 80), max_size=20),
    worked=st.frozensets(st.integers(0, 80), max_size=8),
)
def test_a_deadline_is_what_counting_day_by_day_finds(
    zone: str,
    received: datetime,
    days: int,
    kind: DayKind,
    moves: bool,
    off: frozenset[int],
    worked: frozenset[int],
) -> None:
    received = received.replace(tzinfo=UTC)
    first = received.astimezone(ZoneInfo(zone)).date()
    calendar = WorkCalendar(
        ZoneInfo(zone),
        frozenset(first + timedelta(days=n) for n in off),
        frozenset(first + timedelta(days=n) for n in worked),
    )
    one = term(days, kind, moves=moves)
    assert due_at(received, one, calendar) == slowly(received, one, calendar)


def slowly(received: datetime, one: Term, calendar: WorkCalendar) -> datetime:
    """The same, naively: cross out days one by one, then look at the clock minute by minute."""
    day = received.astimezone(calendar.tz).date()
    counts: Callable[[date], bool] = (
        (lambda _: True) if one.kind is DayKind.CALENDAR else (lambda d: works(d, calendar))
    )
    left = one.days
    while left:
        day = day + timedelta(days=1)
        if counts(day):
            left -= 1
    while one.ends_on_working_day and not works(day, calendar):
        day = day + timedelta(days=1)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=6)
    while moment.astimezone(calendar.tz).date() <= day:
        moment += timedelta(minutes=1)
    # The zone's day may begin before the minute where the search began.
    while (moment - timedelta(minutes=1)).astimezone(calendar.tz).date() > day:
        moment -= timedelta(minutes=1)
    return moment


def works(day: date, calendar: WorkCalendar) -> bool:
    if day in calendar.worked:
        return True
    return day not in calendar.days_off and day.isoweekday() < 6
