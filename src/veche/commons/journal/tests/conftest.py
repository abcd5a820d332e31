"""A bell that rings, and somebody who hears it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from veche.commons.journal import services
from veche.commons.journal.services import listening
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

NOON = datetime(2026, 3, 2, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(Fact):
    """A bell rang so many times."""

    times: int


@dataclass
class Ear:
    """A listener that remembers, and breaks while it is told to."""

    heard: list[int] = field(default_factory=list)
    breaks: BaseException | None = None

    def __call__(self, fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
        if self.breaks:
            raise self.breaks
        self.heard.append(fact.times)


@pytest.fixture(autouse=True)
def registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers of our own, put back afterwards."""
    for name in ("_known", "_listeners", "_sentences", "_addresses", "_tellers", "_words"):
        monkeypatch.setattr(listening, name, {})
    monkeypatch.setattr(listening, "_cities", [])


@pytest.fixture
def ring(db: None) -> Callable[..., UUID]:
    """Let the bell ring and answer the fact's id."""

    def once(times: int = 1, **more: Any) -> UUID:
        with transaction.atomic():
            return services.record(a_bell(times, **more)).id

    return once


@pytest.fixture
def ear() -> Ear:
    """Somebody who hears every bell."""
    ear = Ear()
    services.subscribe(BellRang, "ear", ear)
    return ear


def a_bell(times: int = 1, **more: Any) -> BellRang:
    """A ringing of some bell."""
    return BellRang(**{"ref": SubjectRef("toy.bell", new_id()), "at": NOON, "times": times, **more})
