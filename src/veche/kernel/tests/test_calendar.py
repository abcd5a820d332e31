from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.kernel.calendar import WorkCalendar

PERM = WorkCalendar(ZoneInfo("Asia/Yekaterinburg"))
DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))


def test_a_weekend_is_not_worked_unless_the_city_works_on_it() -> None:
    saturday = date(2026, 3, 14)
    assert not PERM.is_working(saturday)
    assert WorkCalendar(PERM.tz, worked=frozenset({saturday})).is_working(saturday)


def test_a_worked_day_wins_over_a_day_off() -> None:
    day = date(2026, 3, 9)
    both = WorkCalendar(PERM.tz, days_off=frozenset({day}), worked=frozenset({day}))
    assert both.is_working(day)


def test_a_city_may_rest_on_other_days() -> None:
    friday_rest = WorkCalendar(PERM.tz, weekend=frozenset({4}))
    assert not friday_rest.is_working(date(2026, 3, 13))
    assert friday_rest.is_working(date(2026, 3, 14))


def test_the_day_itself_is_never_counted() -> None:
    monday = date(2026, 3, 2)
    assert PERM.add_working_days(monday, 0) == monday
    assert PERM.add_working_days(monday, 5) == date(2026, 3, 9)
    assert PERM.on_or_after(monday) == monday
    assert PERM.on_or_after(date(2026, 3, 14)) == date(2026, 3, 16)


def test_a_day_belongs_to_the_city_not_to_greenwich() -> None:
    assert PERM.local_date(datetime(2026, 3, 1, 19, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert PERM.end_of(date(2026, 3, 1)) == datetime(2026, 3, 1, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        # No midnight on this day: clocks went from 00:00 to 01:00.
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # Two midnights on this day: the first one counts.
        ("America/Havana", date(2020, 11, 1), datetime(2020, 11, 1, 4, tzinfo=UTC)),
        # The country skipped the thirtieth: it begins and ends with the thirty-first.
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_begins_once_whatever_its_clocks_do(zone: str, day: date, begins: datetime) -> None:
    assert WorkCalendar(ZoneInfo(zone)).start_of(day) == begins


@given(start=DAYS, days=st.integers(0, 60))
def test_counting_there_and_back_agrees(start: date, days: int) -> None:
    end = PERM.add_working_days(start, days)
    assert PERM.working_days_between(start, end) == days
    assert PERM.working_days_between(end, start) == -days


@given(day=DAYS)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert PERM.end_of(day) == PERM.start_of(day + timedelta(days=1))
    assert PERM.local_date(PERM.start_of(day)) == day
