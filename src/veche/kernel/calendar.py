"""The work calendar of a city: which local days are worked, and when a local day ends in UTC."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class WorkCalendar:
    """Working days of one city.

    `days_off` are holidays and moved days off; `worked` are worked weekend days and win over everything.
    """

    tz: ZoneInfo
    days_off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    weekend: frozenset[int] = field(default=frozenset({SATURDAY, SUNDAY}))

    def local_date(self, moment: datetime) -> date:
        """The calendar day in the city at an aware moment."""
        return moment.astimezone(self.tz).date()

    def end_of(self, day: date) -> datetime:
        """The UTC moment at which a local day is over (the next local midnight)."""
        return self.start_of(day + timedelta(days=1))

    def start_of(self, day: date) -> datetime:
        """The UTC moment at which a local day begins."""
        return datetime.combine(day, time.min, self.tz).astimezone(UTC)

    def is_working(self, day: date) -> bool:
        """Whether the city's offices work on this day."""
        if day in self.worked:
            return True
        return day not in self.days_off and day.weekday() not in self.weekend

    def add_working_days(self, day: date, days: int) -> date:
        """Count `days` working days after `day`; the day itself is never counted."""
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day

    def on_or_after(self, day: date) -> date:
        """The first working day on or after `day`."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)
