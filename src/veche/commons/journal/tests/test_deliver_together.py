"""Two workers at once, each with a connection of its own."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction

from veche.commons.journal import services
from veche.commons.journal.models import Delivery, Outbox
from veche.commons.journal.services import delivering
from veche.commons.journal.tasks import deliver_outbox
from veche.commons.journal.tests.conftest import NOON, BellRang, a_bell

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(*works: Callable[[], object]) -> None:
    problems: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - carried to the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not problems, problems


def test_two_workers_never_do_the_same_work_twice() -> None:
    _need_two_connections()
    heard: list[UUID] = []

    def slow(fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
        time.sleep(0.002)
        heard.append(fact_id)

    services.subscribe(BellRang, "slow", slow)
    with transaction.atomic():
        ids = services.record_many(a_bell(n) for n in range(30))

    def work() -> None:
        while Outbox.objects.exists():
            deliver_outbox(NOON)

    in_threads(work, work)
    assert sorted(heard) == sorted(ids)
    assert Delivery.objects.count() == 30


def test_two_workers_with_the_same_claim_do_its_work_once() -> None:
    _need_two_connections()
    heard: list[UUID] = []

    def slow(fact: BellRang, *, fact_id: UUID, now: datetime) -> None:
        time.sleep(0.05)
        heard.append(fact_id)

    services.subscribe(BellRang, "slow", slow)
    with transaction.atomic():
        fact_id = services.record(a_bell()).id
    in_threads(*[lambda: delivering._deliver(fact_id, now=NOON)] * 3)
    assert heard == [fact_id]
    assert not Outbox.objects.exists()


def _need_two_connections() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory has one connection; run with a file or with PostgreSQL")
