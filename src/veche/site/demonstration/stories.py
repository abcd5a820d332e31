"""Reports of invented residents: about what, where, when, and what became of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import cos, radians
from random import Random

from veche.kernel.calendar import WorkCalendar
from veche.kernel.geo import Point
from veche.kernel.pack import DemoStreet, DemoTexts, Pack, work_calendar
from veche.site.demonstration.lives import Life, StoryStep, tidy

_DAYS = 730
_GROWTH = 2.5  # how many times more reports come at the end than at the beginning
_ASIDE_M = 35.0  # how far from the middle of its street a report lies
_METRES_A_DEGREE = 111_195.0
_JOINED = 0.3
_MOST_SUPPORTERS = 40
_NAMED = 0.3
# Monday to Sunday, and the hours of a day from midnight.
_WEEK = (1.25, 1.15, 1.1, 1.05, 1.0, 0.7, 0.65)
_HOURS = (2, 1, 1, 1, 1, 2, 5, 12, 16, 15, 13, 12, 13, 12, 11, 10, 10, 12, 14, 14, 13, 11, 8, 4)


@dataclass(frozen=True, slots=True)
class Story:
    """One report of the demonstration and its life.

    `key` is the same for the same seed; `place` is the district the street is known to lie in; `answers` are those
    to the subcategory's questions; `supporters` says how many joined.
    """

    key: str
    category: str
    text: str
    point: Point
    place: str
    address: str
    filed_at: datetime
    answers: Mapping[str, str]
    steps: tuple[StoryStep, ...]
    supporters: int = 0
    anonymous: bool = True


def stories(pack: Pack, *, seed: int, count: int, now: datetime) -> Iterator[Story]:
    """Tell `count` reports over the two years before `now`, oldest first.

    Units: `now` is aware; all moments are UTC.
    Refuses: never; a pack without material tells nothing.
    Source: the pack's demo.toml; no real person or event stands behind any of it.
    """
    material = pack.demo
    if not material.stories or not material.streets:
        return
    chance = Random(seed)  # noqa: S311 - a demonstration must be repeatable, not secret
    last = now.year
    calendar = work_calendar(pack.calendar, range(last - 3, last + 2))
    life = Life(pack, calendar, chance, now)
    categories = {one.code: one for one in pack.categories}
    for number, filed_at in enumerate(_moments(chance, calendar, pack, count, now), 1):
        month = calendar.local_date(filed_at).month
        told = chance.choices(
            material.stories, [one.weight * one.months[month - 1] for one in material.stories]
        )[0]
        street = chance.choice(material.streets)
        answers = {code: chance.choice(values) for code, values in told.details.items()}
        house = chance.randint(1, street.houses)
        slots = _slots(chance, pack, answers, street, house)
        text, told = _told(chance, told, material.general_answers)
        yield Story(
            key=f"demo-{seed}-{number}",
            category=told.category,
            text=tidy(text.format_map({"date": "", **slots})),
            point=_point(chance, street, house),
            place=street.place,
            address=f"{street.name}, {house}",
            filed_at=filed_at,
            answers=answers,
            steps=life.steps(categories[told.category], told, filed_at, slots),
            supporters=_supporters(chance),
            anonymous=chance.random() > _NAMED,
        )


def _moments(chance: Random, calendar: WorkCalendar, pack: Pack, count: int, now: datetime) -> list[datetime]:
    """When the reports came: more each month, fewer at weekends and at night, more in busy seasons."""
    today = calendar.local_date(now)
    season = [sum(one.weight * one.months[month] for one in pack.demo.stories) for month in range(12)]
    days = [today - timedelta(days=ago) for ago in range(_DAYS, -1, -1)]
    weights = list(accumulate(_busyness(day, at / _DAYS, season) for at, day in enumerate(days)))
    moments: list[datetime] = []
    while len(moments) < count:
        day = chance.choices(days, cum_weights=weights)[0]
        hour = chance.choices(range(24), _HOURS)[0]
        at = calendar.start_of(day) + timedelta(hours=hour, seconds=chance.randrange(3600))
        if at < now:
            moments.append(at)
    return sorted(moments)


def _busyness(day: date, elapsed: float, season: list[float]) -> float:
    return (1 + (_GROWTH - 1) * elapsed) * _WEEK[day.weekday()] * season[day.month - 1]


def _slots(
    chance: Random, pack: Pack, answers: Mapping[str, str], street: DemoStreet, house: int
) -> dict[str, str]:
    words = {slot: chance.choice(values) for slot, values in pack.demo.slots.items()}
    return {**words, **answers, "street": street.name, "house": str(house)}


def _told(chance: Random, told: DemoTexts, general: tuple[str, ...]) -> tuple[str, DemoTexts]:
    """A text of the story, and the story with only the answers that suit it."""
    at = chance.randrange(len(told.texts))
    own = told.answers[at] if at < len(told.answers) else ""
    return told.texts[at], replace(told, answers=(own,) if own else general)


def _point(chance: Random, street: DemoStreet, house: int) -> Point:
    """A point beside the street, as far along it as the house's number."""
    legs = len(street.points) - 1
    along = min((house - 1) / max(1, street.houses - 1) * legs, legs - 1e-9) if legs else 0.0
    leg = int(along)
    start, end = street.points[leg], street.points[min(leg + 1, legs)]
    share = along - leg
    lat = start.lat + (end.lat - start.lat) * share + chance.gauss(0, _ASIDE_M) / _METRES_A_DEGREE
    wide = _METRES_A_DEGREE * cos(radians(lat))
    lon = start.lon + (end.lon - start.lon) * share + chance.gauss(0, _ASIDE_M) / wide
    return Point(round(lat, 6), round(lon, 6))


def _supporters(chance: Random) -> int:
    if chance.random() > _JOINED:
        return 0
    return min(_MOST_SUPPORTERS, 1 + int(chance.expovariate(0.35)))
