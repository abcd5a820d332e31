"""A hundred thousand deadlines in every zone of the earth, beside a reference that counts one day after another."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from veche.commons.casework.rules import due_at
from veche.kernel.calendar import WorkCalendar
from veche.kernel.terms import DayKind, Source, Term

pytestmark = pytest.mark.faults
CASES = 100_000
ZONES = sorted(name for name in available_timezones() if "/" in name)
DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
WEEKENDS = ({5, 6}, {5, 6}, {4, 5}, {6}, set())


@cache
def _end_of(zone: str, day: date) -> datetime:
    """The first quarter of an hour, anywhere on earth, at which the local calendar shows a later day."""
    tz = ZoneInfo(zone)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    while (moment + tz.utcoffset(moment.astimezone(tz))).date() <= day:
        moment += QUARTER
    return moment


def slowly(
    received_at: datetime, term: Term, zone: str, free: set[date], worked: set[date], weekend: set[int]
) -> datetime:
    """One day after another, with nothing of the calendar under test."""

    def is_worked(day: date) -> bool:
        return day in worked or (day not in free and day.weekday() not in weekend)

    day = received_at.astimezone(ZoneInfo(zone)).date()
    left = term.days
    while left:
        day += DAY
        if term.kind is DayKind.CALENDAR or is_worked(day):
            left -= 1
    while term.ends_on_working_day and not is_worked(day):
        day += DAY
    return _end_of(zone, day)


def test_a_hundred_thousand_deadlines_are_those_of_counting_day_by_day() -> None:
    rng = random.Random(20260314)
    first = datetime(2012, 1, 1, tzinfo=UTC)
    differences = []
    for _ in range(CASES):
        received = first + timedelta(
            seconds=rng.randrange(20 * 365 * 86_400), microseconds=rng.randrange(10**6)
        )
        zone, weekend = rng.choice(ZONES), rng.choice(WEEKENDS)
        near = received.date()
        free = {near + timedelta(days=rng.randrange(-3, 60)) for _ in range(rng.randrange(12))}
        worked = {near + timedelta(days=rng.randrange(-3, 60)) for _ in range(rng.randrange(5))}
        term = Term(
            "t",
            rng.choice([0, 1, 2, 3, 5, 10, 30, 60]),
            rng.choice(list(DayKind)),
            Source({}),
            rng.random() < 0.5,
        )
        calendar = WorkCalendar(ZoneInfo(zone), frozenset(free), frozenset(worked), frozenset(weekend))
        found, wanted = due_at(received, term, calendar), slowly(received, term, zone, free, worked, weekend)
        if found != wanted:
            differences.append((received, zone, term, found, wanted))
    assert len(differences) == 0, (len(differences), differences[:5])
