"""The work calendar of a city out of its pack and the `holidays` library."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from veche.kernel.calendar import WorkCalendar
from veche.kernel.pack.shapes import PackCalendar


def work_calendar(calendar: PackCalendar, years: Iterable[int]) -> WorkCalendar:
    """Compute which days are worked in the given years; the pack's own days win over the library's.

    Units: local calendar days; `years` are full years.
    Refuses: never; a pack with a country the library does not know is refused by `read_pack`.
    Source: the pack's calendar.toml; for Russia the library holds the moved days of the production calendar.
    """
    off, worked = _known(calendar, sorted(set(years)))
    return WorkCalendar(
        tz=ZoneInfo(calendar.tz),
        days_off=frozenset((off | set(calendar.days_off)) - set(calendar.worked)),
        worked=frozenset((worked | set(calendar.worked)) - set(calendar.days_off)),
        weekend=frozenset(calendar.weekend),
    )


def calendar_from(raw: Mapping[str, Any]) -> PackCalendar:
    """Build the calendar out of a pack's plain form (`City.pack`)."""
    own = raw["calendar"]
    return PackCalendar(
        tz=own["tz"],
        country=own["country"],
        subdivision=own["subdivision"],
        days_off=tuple(date.fromisoformat(day) for day in own["days_off"]),
        worked=tuple(date.fromisoformat(day) for day in own["worked"]),
        weekend=tuple(own["weekend"]),
    )


def is_known(country: str, subdivision: str) -> bool:
    """Whether the library has holidays for this country and part of it."""
    parts = holidays.list_supported_countries().get(country)
    return parts is not None and (not subdivision or subdivision in parts)


def _known(calendar: PackCalendar, years: list[int]) -> tuple[set[date], set[date]]:
    if not calendar.country or not years:
        return set(), set()
    found = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision or None, years=years)
    return {day for day in found if day.year in years}, set(getattr(found, "weekend_workdays", ()))
