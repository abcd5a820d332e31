"""The worker: a django-q2 cluster, the pump that feeds it from the journal's outbox, and the schedule of the sweeps.

It may be killed at any moment: a job that was not finished is run again, and every job is idempotent.
"""

import ctypes
import logging
import os
import signal
import sys
import time
from datetime import datetime
from threading import Thread
from types import FrameType

from django.db import DatabaseError, connections
from django.utils import timezone
from django_q.cluster import Cluster
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from veche.commons.journal.models import Outbox
from veche.site import heartbeat, server, wiring
from veche.site.alone import alone
from veche.site.broker import Queue
from veche.site.failure import Failure
from veche.site.sequencer import Sequencer
from veche.site.witnesses import Witnesses

PUMP_S = 0.5
BEAT_S = 5.0
# A delivery that was enqueued this long ago and is still there was lost with its process: another one is enqueued.
LOST_AFTER_S = 30.0
_CONNECTION_KEPT_S = 60
_LOOK_S = 0.1
_DELIVER = "veche.site.tasks.deliver"
_SWEEP = "veche.site.tasks.run_sweep"
_PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


class Pump:
    """Enqueues one delivery when facts are due and none is on its way. Reads only, as long as nothing is due."""

    def __init__(self) -> None:
        self._broker = Queue()
        self._since = 0.0

    def stroke(self, now: datetime, *, clock: float) -> bool:
        """Look once; answers whether a delivery was enqueued. `clock` is a steady count of seconds."""
        if not Outbox.objects.filter(due_at__lte=now).exists():
            return False
        if self._on_its_way() and clock - self._since < LOST_AFTER_S:
            return False
        async_task(_DELIVER, broker=self._broker, save=False, group="outbox")
        self._since = clock
        return True

    def _on_its_way(self) -> bool:
        last = self._broker.last
        return last is not None and OrmQ.objects.filter(pk=last).exists()


class _Cluster(Cluster):  # type: ignore[misc]
    """Notes that it shall stop; the loop of `run` does it. A handler that waited could wait for the dead."""

    asked_to_stop = False

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002 - what a handler is given
        """Note it."""
        self.asked_to_stop = True


def sync_schedule(now: datetime) -> None:
    """Make the schedule of the queue what the manifests say; a sweep that no room has any more goes.

    One worker after another: two that start together would each write a line, and each sweep would run twice.
    """
    with alone("schedule", wait=True):
        _sync_schedule(now)


def _sync_schedule(now: datetime) -> None:
    wanted = {f"sweep {name}": sweep for name, sweep in wiring.sweeps()}
    Schedule.objects.filter(func=_SWEEP).exclude(name__in=wanted).delete()
    for name, sweep in wanted.items():
        values = {
            "func": _SWEEP,
            "args": repr((sweep.run,)),
            "kwargs": repr({"q_options": {"save": False}}),
            "schedule_type": Schedule.MINUTES,
            "minutes": sweep.minutes,
            "repeats": -1,
        }
        known = Schedule.objects.filter(name=name)
        first = known.order_by("id").first()
        if first is None:
            Schedule.objects.create(name=name, next_run=now, **values)
            continue
        known.exclude(pk=first.pk).delete()
        if not known.filter(**values).exists():
            known.update(**values)


def run() -> None:
    """Work until SIGTERM or SIGINT, then finish what is in hand and go."""
    _one_connection_each()
    server.ensure_data_dir()
    server.migrated_or_fail()
    sync_schedule(timezone.now())
    _close_connections()
    os.register_at_fork(after_in_child=_die_with_parent)
    cluster = _Cluster()
    if not _started(cluster):
        return
    try:
        _work(cluster)
    except BaseException:
        # Python waits at its end for the children of a process: this one would hang, and look alive for ever.
        cluster.sentinel.kill()
        raise
    _stop(cluster)
    heartbeat.rest()


def _work(cluster: _Cluster) -> None:
    pump, sequencer, witnesses, last_beat = Pump(), Sequencer(), Witnesses(), float("-inf")
    while not cluster.asked_to_stop:
        if not cluster.sentinel.is_alive():
            # Without it nobody works here, so a worker that lived on would only look alive.
            raise _queue_ended()
        clock = time.monotonic()
        if clock - last_beat >= BEAT_S:
            _beat()
            last_beat = clock
        _stroke(pump, clock)
        sequencer.stroke(timezone.now(), clock=clock)
        witnesses.stroke(timezone.now(), clock=clock)
        time.sleep(PUMP_S)


def _started(cluster: _Cluster) -> bool:
    """Start the queue; False when it was asked to stop meanwhile and is gone already."""
    try:
        cluster.start()
    except RuntimeError as error:
        if cluster.asked_to_stop:
            return False
        raise _queue_ended() from error
    return True


def _stop(cluster: _Cluster) -> None:
    """Finish what is in hand and go. Who stops us may have ended the sentinel too, which then answers nobody."""
    telling = Thread(target=cluster.stop, daemon=True)
    telling.start()
    while telling.is_alive() and cluster.sentinel.is_alive():
        telling.join(_LOOK_S)


def _queue_ended() -> Failure:
    return Failure("the queue of the worker ended unexpectedly. Start the worker again.")


def _beat() -> None:
    try:
        heartbeat.beat(timezone.now())
    except OSError as error:
        # No room for a sign of life: `/readyz` will say so, and there is work that needs no room.
        log.warning("the worker leaves no sign of life: %s", error.strerror)


def _stroke(pump: Pump, clock: float) -> None:
    try:
        pump.stroke(timezone.now(), clock=clock)
    except DatabaseError as error:
        log.warning("the pump waits for the database: %s", type(error).__name__)
        connections.close_all()


def _one_connection_each() -> None:
    """No pool here: children of the queue would share the sockets of one that is open when they are forked."""
    for connection in connections.all():
        if connection.settings_dict["OPTIONS"].pop("pool", None):
            connection.settings_dict["CONN_MAX_AGE"] = _CONNECTION_KEPT_S


def _close_connections() -> None:
    """A child process must not inherit a connection or a pool."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _die_with_parent() -> None:
    """Where Linux allows it, children of a worker that was killed go with it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
