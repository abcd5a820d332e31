from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from veche.commons.offices.rules import head_of, hours_on, is_open, opens_at
from veche.commons.offices.terms import OfficerView
from veche.kernel.calendar import WorkCalendar

PERM = ZoneInfo("Asia/Yekaterinburg")
HOLIDAY, WORKED_SATURDAY = date(2026, 3, 9), date(2026, 3, 14)
CALENDAR = WorkCalendar(PERM, days_off=frozenset({HOLIDAY}), worked=frozenset({WORKED_SATURDAY}))
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu"), "09:00-18:00") | {"fri": "09:00-17:00"}


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PERM).astimezone(UTC)


def test_an_office_is_open_from_its_first_minute_and_closed_at_its_last():
    tuesday = date(2026, 3, 10)
    assert not is_open(WEEK, CALENDAR, local(tuesday, 8, 59))
    assert is_open(WEEK, CALENDAR, local(tuesday, 9))
    assert is_open(WEEK, CALENDAR, local(tuesday, 17, 59))
    assert not is_open(WEEK, CALENDAR, local(tuesday, 18))


def test_a_holiday_is_closed_but_not_for_those_who_work_around_the_clock():
    assert not is_open(WEEK, CALENDAR, local(HOLIDAY, 12))
    assert is_open({"mon": "00:00-24:00"}, CALENDAR, local(HOLIDAY, 12))


def test_a_worked_saturday_has_the_hours_of_friday():
    assert hours_on(WEEK, CALENDAR, WORKED_SATURDAY) == "09:00-17:00"
    assert is_open(WEEK, CALENDAR, local(WORKED_SATURDAY, 16))


def test_a_night_shift_is_open_after_midnight():
    assert is_open({"tue": "22:00-06:00"}, CALENDAR, local(date(2026, 3, 11), 5))
    assert not is_open({"tue": "22:00-06:00"}, CALENDAR, local(date(2026, 3, 11), 6))


def test_after_friday_evening_and_a_worked_saturday_an_office_opens_on_monday():
    assert opens_at(WEEK, CALENDAR, local(WORKED_SATURDAY, 20)) == local(date(2026, 3, 16), 9)


def test_an_office_without_hours_never_opens():
    assert opens_at({}, CALENDAR, local(WORKED_SATURDAY, 12)) is None


@given(st.integers(0, 365 * 24 * 60))
def test_at_the_moment_an_office_opens_it_is_open(minutes):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opening = opens_at(WEEK, CALENDAR, now)
    assert opening is not None
    assert opening >= now
    assert is_open(WEEK, CALENDAR, opening)


def test_the_head_is_who_was_made_head_last():
    office = uuid4()
    old, new = (
        OfficerView(uuid4(), office, {}, True, datetime(year, 1, 1, tzinfo=UTC)) for year in (2020, 2024)
    )
    plain = OfficerView(uuid4(), office, {}, False, datetime(2026, 1, 1, tzinfo=UTC))
    assert head_of([new, plain, old]) == new
    assert head_of([plain]) is None
