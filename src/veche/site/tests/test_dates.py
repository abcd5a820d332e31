from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.utils import translation

from veche.kernel.calendar import WorkCalendar
from veche.site import dates

PERM = SimpleNamespace(calendar=WorkCalendar(tz=ZoneInfo("Asia/Yekaterinburg")))
NBSP = "\u00a0"


def test_a_date_is_written_in_the_readers_language():
    with translation.override("ru"):
        assert dates.day(date(2026, 12, 14)) == f"14{NBSP}декабря 2026"
    with translation.override("en"):
        assert dates.day(date(2026, 12, 14), year=False) == f"14{NBSP}December"


def test_a_moment_is_told_by_the_clock_of_the_city():
    with translation.override("en"):
        assert dates.moment(datetime(2026, 12, 31, 20, 5, tzinfo=UTC), PERM) == f"1{NBSP}January 2027, 01:05"


def test_the_last_day_of_a_term_is_the_one_before_its_midnight():
    due_at = PERM.calendar.end_of(date(2026, 12, 14))
    with translation.override("en"):
        assert dates.due_day(due_at, PERM) == f"14{NBSP}December 2026"


def test_a_term_of_another_year_names_its_year():
    due_at = PERM.calendar.end_of(date(2025, 2, 21))
    with translation.override("en"):
        soon = dates.due_words(due_at, datetime(2025, 2, 20, 6, tzinfo=UTC), PERM)
        late = dates.due_words(due_at, datetime(2026, 11, 27, 6, tzinfo=UTC), PERM)
        # In Perm the new year has begun; in UTC it has not.
        new_year = dates.due_words(due_at, datetime(2024, 12, 31, 20, tzinfo=UTC), PERM)
    assert f"end of 21{NBSP}February, " in soon
    assert f"end of 21{NBSP}February 2025, overdue" in late
    assert f"end of 21{NBSP}February, " in new_year


def test_what_is_left_counts_working_days_and_then_counts_up():
    due_at = PERM.calendar.end_of(date(2026, 12, 14))  # a Monday
    with translation.override("en"):
        assert dates.left(due_at, datetime(2026, 12, 10, 6, tzinfo=UTC), PERM) == f"2{NBSP}working days left"
        assert dates.left(due_at, datetime(2026, 12, 14, 6, tzinfo=UTC), PERM) == "today is the last day"
        assert (
            dates.left(due_at, datetime(2026, 12, 15, 6, tzinfo=UTC), PERM)
            == f"overdue by 1{NBSP}working day"
        )
        assert (
            dates.left(due_at, datetime(2026, 12, 18, 6, tzinfo=UTC), PERM)
            == f"overdue by 4{NBSP}working days"
        )
