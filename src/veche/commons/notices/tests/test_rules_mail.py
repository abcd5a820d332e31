"""When a mail goes, and what goes together."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.notices import rules
from veche.commons.notices.terms import MOST_ATTEMPTS, DueNotice, MailWish
from veche.kernel.ids import new_id

PERM = ZoneInfo("Asia/Yekaterinburg")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PERM)


def test_who_wants_to_know_at_once_is_told_at_once() -> None:
    assert rules.mail_due_at(MailWish.AT_ONCE, at("2026-03-14T12:00"), PERM) == at("2026-03-14T12:00")


def test_who_wants_no_mail_gets_none() -> None:
    assert rules.mail_due_at(MailWish.NEVER, at("2026-03-14T12:00"), PERM) is None


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-14T12:00", "2026-03-15T08:00"),
        ("2026-03-14T07:59", "2026-03-14T08:00"),
        ("2026-03-14T08:00", "2026-03-15T08:00"),
        ("2026-12-31T23:00", "2027-01-01T08:00"),
    ],
)
def test_the_daily_mail_goes_at_eight_in_the_morning_of_the_city(now: str, due: str) -> None:
    assert rules.mail_due_at(MailWish.DAILY, at(now).astimezone(UTC), PERM) == at(due)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_daily_mail_is_never_late_by_more_than_a_day_and_an_hour_of_summer_time(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    due = rules.mail_due_at(MailWish.DAILY, now, ZoneInfo("America/New_York"))
    assert due is not None
    assert timedelta(0) < due - now <= timedelta(hours=25)
    assert due.hour == 8


def a_notice(person: str, wish: MailWish) -> DueNotice:
    return DueNotice(new_id(), None, PEOPLE[person], "a@example.org", "ru", wish, "s", {}, "/")


PEOPLE = {"anna": new_id(), "boris": new_id()}


def test_a_days_news_go_in_one_mail_and_urgent_ones_singly() -> None:
    due = [a_notice("anna", MailWish.DAILY)] * 3 + [a_notice("boris", MailWish.AT_ONCE)] * 2
    assert [len(bundle) for bundle in rules.bundles(due)] == [3, 1, 1]


def test_many_urgent_ones_go_together_too() -> None:
    assert [len(bundle) for bundle in rules.bundles([a_notice("anna", MailWish.AT_ONCE)] * 5)] == [5]


def test_a_post_that_does_not_answer_is_left_alone_longer_each_time_but_never_for_long() -> None:
    rests = [rules.rest_after(times) for times in range(1, 50)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=15), rules.LONGEST_REST)


def test_the_wait_grows_and_ends() -> None:
    waits = [rules.try_again_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert known[0] == timedelta(minutes=1)
    assert known[-1] == timedelta(hours=4)
    assert rules.try_again_after(MOST_ATTEMPTS) is None
