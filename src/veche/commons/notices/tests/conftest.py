"""A mailer that keeps what it is given, and a town."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from veche.commons.notices.adapters.mailers import MemoryMailer
from veche.commons.notices.ports import EQUIPMENT
from veche.commons.places.models import City


@pytest.fixture
def post() -> Iterator[MemoryMailer]:
    """The post of this test."""
    usual, EQUIPMENT.mailer = EQUIPMENT.mailer, MemoryMailer("Veche <veche@example.org>")
    yield EQUIPMENT.mailer
    EQUIPMENT.mailer = usual


@pytest.fixture
def town(db: None) -> UUID:
    """A city five hours east of Greenwich."""
    return City.objects.create(
        code="town", names={"en": "Town"}, tz="Asia/Yekaterinburg", country="RU", lat=58, lon=56, pack={}
    ).id
