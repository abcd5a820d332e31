"""A journal that only remembers: places know nothing of the real one."""

from collections.abc import Callable
from uuid import UUID

import pytest

from veche.kernel.facts import Fact
from veche.kernel.ids import new_id


@pytest.fixture
def recorded() -> list[Fact]:
    return []


@pytest.fixture
def record(recorded: list[Fact]) -> Callable[[Fact], UUID]:
    def remember(fact: Fact) -> UUID:
        recorded.append(fact)
        return new_id()

    return remember
