"""`/metrics` for Prometheus: what waits, since when, and what was given up. Read from the database at each request."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.models import OrmQ, Schedule
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge

from veche.commons.casework import queries as casework
from veche.commons.journal import queries as journal
from veche.commons.notices import queries as notices
from veche.site import heartbeat
from veche.site.version import VERSION

# A proxy puts one of these on everything it hands on; then the sender's own address is not the asker's.
_HANDED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever brings the token; without one in the settings, only for programs of this machine."""
    if not _may_read(request):
        return _plain("metrics are for the token of VECHE_METRICS_TOKEN, or for this machine", 403)
    registry = CollectorRegistry(auto_describe=False)
    try:
        registry.register(_Figures(list(figures(timezone.now()))))
    except DatabaseError:
        return _plain("the database does not answer", 503)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def figures(now: datetime) -> Iterator[Gauge]:
    """Every figure, in the order of `docs/operations.md`."""
    yield _one("veche_version", "The version that answers.", 1, version=VERSION)
    yield from _outbox(now)
    yield from _letters(now)
    yield from _jobs(now)
    yield from _sequencer(now)
    yield _one(
        "veche_cases_overdue", "Open cases whose office missed its deadline.", casework.overdue_count()
    )


def _outbox(now: datetime) -> Iterator[Gauge]:
    state = journal.outbox_state()
    yield _one("veche_outbox_waiting", "Facts that some listener has not heard yet.", state.waiting)
    yield _one(
        "veche_outbox_oldest_age_seconds", "Age of the oldest fact that waits.", _age(state.oldest_at, now)
    )
    yield _one("veche_outbox_parked", "Facts that wait for an administrator.", state.parked)


def _letters(now: datetime) -> Iterator[Gauge]:
    states = notices.letters_states()
    for name, help_, values in (
        ("veche_letters_waiting", "Letters on their way.", [one.waiting for one in states]),
        (
            "veche_letters_oldest_age_seconds",
            "Age of the oldest letter on its way.",
            [_age(one.oldest_at, now) for one in states],
        ),
        (
            "veche_letters_given_up",
            "Letters that wait for an administrator.",
            [one.given_up for one in states],
        ),
        (
            "veche_post_closed",
            "1 while a post that did not answer is left alone.",
            [float(one.closed_until is not None and one.closed_until > now) for one in states],
        ),
    ):
        gauge = Gauge(name, help_, labels=["channel"])
        for state, value in zip(states, values, strict=True):
            gauge.add_metric([state.channel.value], value)
        yield gauge


def _jobs(now: datetime) -> Iterator[Gauge]:
    age = heartbeat.age_s(now)
    yield _one(
        "veche_worker_heartbeat_age_seconds",
        "Since the last sign of life of a worker on this machine.",
        float("inf") if age is None else age,
    )
    waiting = OrmQ.objects.filter(lock__lte=now).aggregate(count=Count("pk"), oldest=Min("lock"))
    yield _one("veche_jobs_waiting", "Jobs that no worker has taken yet.", waiting["count"])
    yield _one("veche_jobs_oldest_age_seconds", "Age of the oldest of them.", _age(waiting["oldest"], now))
    late = Gauge("veche_sweep_late_seconds", "By how much a sweep is behind its plan.", labels=["sweep"])
    overdue = 0
    rows = Schedule.objects.filter(schedule_type=Schedule.MINUTES, next_run__isnull=False).order_by("name")
    for name, next_run, minutes in rows.values_list("name", "next_run", "minutes"):
        behind = max(timedelta(0), now - next_run)
        late.add_metric([name.removeprefix("sweep ")], behind.total_seconds())
        overdue += behind > timedelta(minutes=minutes)
    yield late
    yield _one("veche_sweeps_overdue", "Sweeps that are behind by more than their interval.", overdue)


def _sequencer(now: datetime) -> Iterator[Gauge]:
    state = journal.sequencer_state()
    yield _one("veche_sequencer_waiting", "Facts that wait for their place in the log.", state.waiting)
    yield _one("veche_sequencer_lag_seconds", "Age of the oldest of them.", _age(state.oldest_at, now))
    yield _one(
        "veche_sequencer_halted", "1 when the log must not grow; its log says why.", bool(state.trouble)
    )
    yield _one("veche_log_size", "Leaves of the public log.", state.size)


class _Figures:
    """A collector of figures that are there already."""

    def __init__(self, found: list[Gauge]) -> None:
        self._found = found

    def collect(self) -> list[Gauge]:
        """Hand them over."""
        return self._found


def _one(name: str, help_: str, value: float, **labels: str) -> Gauge:
    gauge = Gauge(name, help_, labels=list(labels))
    gauge.add_metric(list(labels.values()), value)
    return gauge


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _may_read(request: HttpRequest) -> bool:
    token = settings.CONFIG.metrics_token
    if token:
        brought = request.headers.get("Authorization", "")
        return hmac.compare_digest(brought.encode(), f"Bearer {token}".encode())
    return _is_of_this_machine(request)


def _is_of_this_machine(request: HttpRequest) -> bool:
    if any(name in request.headers for name in _HANDED_ON):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain")
