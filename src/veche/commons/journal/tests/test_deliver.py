from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.unguarded import unguarded

from veche.commons.journal import queries, services
from veche.commons.journal.models import Delivery, FactRow, Outbox
from veche.commons.journal.services import delivering
from veche.commons.journal.services.delivering import LEASE, LONGEST_DELAY, MOST_ATTEMPTS, PARKED_AT, delay
from veche.commons.journal.tasks import deliver_outbox
from veche.commons.journal.terms import DeliveriesReleased
from veche.commons.journal.tests.conftest import NOON, BellRang, Ear, a_bell
from veche.kernel.facts import Fact
from veche.kernel.refusals import Refusal, Refused

Ring = Callable[..., UUID]
MINUTE = timedelta(minutes=1)


def test_every_listener_hears_every_fact_once_and_in_order(ring: Ring, ear: Ear) -> None:
    other = Ear()
    services.subscribe(BellRang, "other", other)
    for times in range(120):
        ring(times)
    assert deliver_outbox(NOON) == 120
    assert deliver_outbox(NOON) == 0
    assert ear.heard == other.heard == list(range(120))
    assert not Outbox.objects.exists()
    assert Delivery.objects.count() == 240


def test_a_fact_that_nobody_wants_is_done(ring: Ring) -> None:
    services.know(BellRang)
    ring()
    assert deliver_outbox(NOON) == 1
    assert not Outbox.objects.exists()


def test_one_broken_listener_blocks_neither_the_others_nor_later_facts(ring: Ring, ear: Ear) -> None:
    broken = Ear(breaks=ValueError("Иван Петров, +7 912 000-00-00"))
    services.subscribe(BellRang, "broken", broken)
    first, second = ring(1), ring(2)
    assert deliver_outbox(NOON) == 0
    assert ear.heard == [1, 2]
    waiting = Outbox.objects.get(pk=first)
    assert (waiting.attempts, waiting.due_at, waiting.error) == (1, NOON + delay(1), "broken: ValueError")
    broken.breaks = None
    assert deliver_outbox(NOON) == 0
    assert deliver_outbox(NOON + MINUTE) == 2
    assert (ear.heard, broken.heard) == ([1, 2], [1, 2])
    assert not Outbox.objects.filter(pk__in=(first, second)).exists()


def test_what_a_broken_listener_wrote_is_taken_back(ring: Ring) -> None:
    services.know(BellRang)

    def half(fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
        services.record(a_bell(99))
        raise DatabaseError("the disk is full of names")

    services.subscribe(BellRang, "half", half)
    ring(1)
    deliver_outbox(NOON)
    assert [line.body["times"] for line in queries.facts_page()] == [1]
    assert not Delivery.objects.exists()
    assert Outbox.objects.get().error == "half: DatabaseError"


def test_a_listener_may_record_facts_and_they_are_delivered_too(ring: Ring, ear: Ear) -> None:
    def echo(fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
        if fact.times:
            services.record(a_bell(fact.times - 1))

    services.subscribe(BellRang, "echo", echo)
    ring(3)
    assert deliver_outbox(NOON) == 4
    assert ear.heard == [3, 2, 1, 0]


def test_the_error_names_codes_never_messages() -> None:
    assert delivering.error_code(Refused(Refusal("toy.closed"))) == "Refused toy.closed"
    assert delivering.error_code(KeyError("anna@example.org")) == "KeyError"


def test_delays_grow_to_an_hour_and_after_twenty_attempts_a_fact_is_parked(ring: Ring) -> None:
    assert [delay(n).total_seconds() for n in (1, 2, 3, 50)] == [2, 4, 8, 3600]
    broken = Ear(breaks=ValueError())
    services.subscribe(BellRang, "broken", broken)
    fact_id = ring()
    now = NOON
    for _ in range(MOST_ATTEMPTS + 5):
        deliver_outbox(now)
        now += LONGEST_DELAY
    (parked,) = queries.undelivered_facts()
    assert (parked.line.id, parked.attempts, parked.error, parked.due_at) == (
        fact_id,
        MOST_ATTEMPTS,
        "broken: ValueError",
        None,
    )
    state = queries.outbox_state()
    assert (state.waiting, state.oldest_at, state.parked) == (0, None, 1)
    broken.breaks = None
    services.know(DeliveriesReleased)
    assert services.release_parked(now=now) == 1
    assert deliver_outbox(now) == 2  # the fact, and that it was released
    assert broken.heard == [1]


def test_a_fact_of_an_unknown_kind_is_kept_for_a_house_that_knows_it(ring: Ring) -> None:
    fact_id = ring(7)
    assert deliver_outbox(NOON) == 0
    row = Outbox.objects.get(pk=fact_id)
    assert (row.due_at, row.error) == (PARKED_AT, "journal.BellRang: unknown-kind")
    ear = Ear()
    services.subscribe(BellRang, "ear", ear)
    services.release_parked(now=NOON)
    deliver_outbox(NOON)
    assert ear.heard == [7]


def test_a_fact_of_a_newer_house_that_cannot_be_read_is_kept(ring: Ring, ear: Ear) -> None:
    fact_id = ring()
    with unguarded(connection):
        FactRow.objects.filter(pk=fact_id).update(body={"strikes": 3})
    deliver_outbox(NOON)
    assert Outbox.objects.get().error == "journal.BellRang: unreadable"
    assert ear.heard == []


def test_a_worker_that_died_gives_its_facts_back_after_the_lease(ring: Ring, ear: Ear) -> None:
    ring()
    delivering._claim(10, now=NOON)  # and then the power went
    assert deliver_outbox(NOON) == 0
    assert deliver_outbox(NOON + LEASE) == 1
    assert ear.heard == [1]


def test_a_clock_that_is_set_back_holds_nothing_up(ring: Ring, ear: Ear) -> None:
    ring()
    delivering._claim(10, now=NOON + timedelta(days=400))
    assert deliver_outbox(NOON) == 1
    ring(2, at=NOON + timedelta(days=1))
    assert deliver_outbox(NOON) == 1


def test_a_crash_before_the_commit_means_the_work_is_done_once_and_not_twice(ring: Ring, ear: Ear) -> None:
    fact_id = ring()
    broken = Ear()
    services.subscribe(BellRang, "broken", broken)

    class PowerCut(BaseException):
        pass

    broken.breaks = PowerCut()
    with pytest.raises(PowerCut), transaction.atomic():
        deliver_outbox(NOON)
    ear.heard.clear()  # what it did was rolled back with its delivery
    assert not Delivery.objects.exists()
    broken.breaks = None
    assert deliver_outbox(NOON + LEASE) == 1
    assert (ear.heard, broken.heard) == ([1], [1])
    assert Delivery.objects.filter(fact_id=fact_id).count() == 2


def test_a_delivery_that_was_done_is_not_done_again(ring: Ring, ear: Ear) -> None:
    fact_id = ring()
    Delivery.objects.create(
        fact_id=fact_id, listener="ear", at=NOON
    )  # done, but its outbox row survived a crash
    assert deliver_outbox(NOON) == 1
    assert ear.heard == []
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_makes_only_the_guilty_listener_wait(ear: Ear) -> None:
    orphan: Callable[..., None] = _write_an_orphan
    services.subscribe(BellRang, "orphan", orphan)
    with transaction.atomic():
        services.record(a_bell())
    assert deliver_outbox(NOON) == 0
    waiting = Outbox.objects.get()
    assert waiting.error.startswith("orphan: IntegrityError")
    assert list(Delivery.objects.values_list("listener", flat=True)) == ["ear"]


def test_old_deliveries_are_forgotten_but_not_those_of_facts_that_wait(ring: Ring, ear: Ear) -> None:
    services.subscribe(BellRang, "broken", Ear(breaks=ValueError()))
    waiting = ring()
    deliver_outbox(NOON)
    services.unsubscribe(BellRang, "broken")
    ring()
    deliver_outbox(NOON)
    assert services.purge_deliveries(now=NOON + timedelta(days=90)) == 0
    assert services.purge_deliveries(now=NOON + timedelta(days=91), batch=1) == 0  # the oldest still waits
    assert services.purge_deliveries(now=NOON + timedelta(days=91)) == 1
    assert Delivery.objects.get().fact_id == waiting


def test_a_limit_is_kept(ring: Ring, ear: Ear) -> None:
    for _ in range(5):
        ring()
    assert deliver_outbox(NOON, limit=3) == 3
    assert len(ear.heard) == 3


def test_kinds_carry_the_name_of_their_room() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class SomethingElse(Fact):
        pass

    services.know(SomethingElse)
    assert services.known_kinds() == ("journal.SomethingElse",)


def _write_an_orphan(fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
    """Break a foreign key in a way that databases notice only at the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_delivery (fact_id, listener, at) VALUES (%s, 'nobody', %s)",
            ("0" * 32, connection.ops.adapt_datetimefield_value(now)),
        )
