"""A city with one place, for tests that need nothing else of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from veche.commons.places.models import City, Place
from veche.commons.submissions.terms import NewSubmission
from veche.kernel.geo import Point
from veche.kernel.ids import new_id


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 14, 7, 0, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> City:
    return City.objects.create(
        code="town", names={"en": "Town"}, tz="Asia/Yekaterinburg", country="RU", lat=58, lon=56, pack={}
    )


@pytest.fixture
def centre(town: City) -> Place:
    return Place.objects.create(
        city=town, kind="district", code="centre", names={"en": "Centre"}, lat=58, lon=56, depth=0
    )


@pytest.fixture
def a_message(town: City, centre: Place) -> Callable[..., NewSubmission]:
    def make(**changes: Any) -> NewSubmission:
        fields = {
            "id": new_id(),
            "city_id": town.id,
            "text": "Глубокая яма у перехода",
            "point": Point(58.01, 56.25),
            "place_id": centre.id,
            "language": "ru",
        }
        return NewSubmission(**(fields | changes))

    return make
