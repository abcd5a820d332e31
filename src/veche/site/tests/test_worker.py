"""The pump feeds the queue when facts are due, and only then; the schedule is what manifests say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ, Schedule

from veche.commons.journal.models import FactRow, Outbox
from veche.kernel.ids import new_id
from veche.site import wiring
from veche.site.tasks import run_sweep
from veche.site.worker import LOST_AFTER_S, Pump, sync_schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(now):
    row = FactRow.objects.create(kind="x.Y", subject_kind="x.y", subject_id=new_id(), at=now, body={})
    return Outbox.objects.create(fact=row, due_at=now)


def test_an_idle_pump_only_reads(now):
    pump = Pump()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not pump.stroke(now, clock=0.0)
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert len(queries) == 1


def test_one_delivery_is_enqueued_however_often_the_pump_strokes(due, now):
    pump = Pump()
    assert pump.stroke(now, clock=0.0)
    assert not pump.stroke(now, clock=0.5)
    assert OrmQ.objects.count() == 1


def test_a_delivery_that_ended_makes_room_for_the_next(due, now):
    pump = Pump()
    pump.stroke(now, clock=0.0)
    OrmQ.objects.all().delete()
    assert pump.stroke(now, clock=0.5)


def test_a_delivery_that_was_lost_with_its_process_is_enqueued_again(due, now):
    pump = Pump()
    pump.stroke(now, clock=0.0)
    assert not pump.stroke(now, clock=LOST_AFTER_S - 1)
    assert pump.stroke(now, clock=LOST_AFTER_S + 1)


def test_the_schedule_is_what_manifests_say_and_stays_so(now):
    Schedule.objects.create(name="sweep gone.away", func="veche.site.tasks.run_sweep", next_run=now)
    Schedule.objects.create(name="of somebody else", func="x.y", next_run=now)
    sync_schedule(now)
    wanted = {f"sweep {name}" for name, _ in wiring.sweeps()} | {"of somebody else"}
    first = set(Schedule.objects.values_list("id", "name", "args", "minutes"))
    assert {name for _, name, _, _ in first} == wanted
    sync_schedule(now)
    assert set(Schedule.objects.values_list("id", "name", "args", "minutes")) == first


@pytest.mark.parametrize("path", [sweep.run for _, sweep in wiring.sweeps()])
def test_every_sweep_runs_on_an_empty_house_twice(path):
    run_sweep(path)
    run_sweep(path)
