"""Facts that failed are tried again by whoever mended the cause; that is a fact too, and says what became of it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from veche.commons.journal import queries, services
from veche.commons.journal.models import FactRow
from veche.commons.journal.services import releasing
from veche.commons.journal.tasks import deliver_outbox
from veche.commons.journal.terms import DeliveriesReleased
from veche.commons.journal.tests.conftest import NOON, BellRang, Ear
from veche.kernel.ids import new_id

pytestmark = pytest.mark.django_db
Ring = Callable[..., UUID]
HERE, THERE = new_id(), new_id()


@pytest.fixture
def broken() -> Ear:
    """A listener that breaks until it is mended."""
    services.know(DeliveriesReleased)
    ear = Ear(breaks=KeyError("anna@example.org"))
    services.subscribe(BellRang, "broken", ear)
    return ear


def ids(city_id: UUID | None = None, **more: object) -> list[UUID]:
    return [one.line.id for one in queries.undelivered_facts(city_id, **more)]  # type: ignore[arg-type]


def test_a_fact_that_failed_once_is_shown_with_its_next_try_and_the_class_of_its_error(
    ring: Ring, broken: Ear
) -> None:
    ring(city_id=HERE)
    assert ids() == []
    deliver_outbox(NOON)
    (one,) = queries.undelivered_facts(HERE)
    assert (one.attempts, one.error, one.due_at) == (1, "broken: KeyError", NOON + timedelta(seconds=2))


def test_a_city_reaches_its_own_facts_and_those_of_no_city(ring: Ring, broken: Ear) -> None:
    own, nobodys, foreign = ring(city_id=HERE), ring(), ring(city_id=THERE)
    deliver_outbox(NOON)
    assert ids(HERE) == [own, nobodys]
    assert services.release(foreign, now=NOON, city_id=HERE) == 0
    assert services.release(own, now=NOON, city_id=HERE) == 1
    assert ids() == [nobodys, foreign]
    assert services.release_parked(now=NOON, city_id=HERE) == 1
    assert services.release_parked(now=NOON) == 1


def test_a_rerun_tells_what_arrived_what_waits_and_what_failed_again(ring: Ring, broken: Ear) -> None:
    for number in range(3):
        ring(number, city_id=HERE)
    deliver_outbox(NOON)
    services.release_parked(now=NOON, city_id=HERE)

    def outcome() -> tuple[int, int, int, int]:
        (rerun,) = queries.reruns(HERE)
        return rerun.count, rerun.arrived, rerun.waiting, rerun.failed

    assert outcome() == (3, 0, 3, 0)
    mended, broken.breaks = broken.breaks, None
    deliver_outbox(NOON, limit=1)
    assert outcome() == (3, 1, 2, 0)
    broken.breaks = mended
    deliver_outbox(NOON)
    assert outcome() == (3, 1, 0, 2)
    assert queries.reruns(THERE) == []


def test_the_act_is_a_fact_with_its_number_and_without_a_person(ring: Ring, broken: Ear) -> None:
    fact_id = ring(city_id=HERE)
    deliver_outbox(NOON)
    services.release(fact_id, now=NOON, city_id=HERE)
    row = FactRow.objects.get(kind="journal.DeliveriesReleased")
    assert (row.city_id, row.body) == (HERE, {"count": 1, "facts": [str(fact_id)]})


def test_nothing_to_release_leaves_no_fact(ring: Ring, broken: Ear) -> None:
    fact_id = ring()
    assert services.release(fact_id, now=NOON) == 0  # it waits for its first try
    assert services.release_parked(now=NOON) == 0
    assert services.release(new_id(), now=NOON) == 0
    assert not FactRow.objects.filter(kind=DeliveriesReleased.kind).exists()


def test_many_are_released_in_acts_of_a_size_a_line_of_the_journal_can_hold(
    ring: Ring, broken: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AT_ONCE", 2)
    for _ in range(5):
        ring()
    deliver_outbox(NOON)
    assert [services.release_parked(now=NOON) for _ in range(4)] == [2, 2, 1, 0]
    assert [rerun.count for rerun in queries.reruns()] == [1, 2, 2]


def test_pages_go_on_behind_the_last_fact(ring: Ring, broken: Ear) -> None:
    all_of_them = [ring() for _ in range(5)]
    deliver_outbox(NOON)
    first = ids(limit=3)
    assert first + ids(after=first[-1], limit=3) == all_of_them
