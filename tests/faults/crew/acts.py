"""Run inside the house of the crew: put work before the workers, let sweeps fall due, say what is left."""

import json
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402
from django_q.models import OrmQ, Schedule  # noqa: E402
from django_q.scheduler import scheduler  # noqa: E402
from django_q.tasks import async_task  # noqa: E402

from veche.commons.journal import services as journal  # noqa: E402
from veche.commons.journal.models import Delivery, Outbox  # noqa: E402
from veche.commons.places.terms import CityLoaded  # noqa: E402
from veche.kernel.ids import new_id  # noqa: E402
from veche.kernel.refs import SubjectRef  # noqa: E402
from veche.site.worker import sync_schedule  # noqa: E402


def fill(slow: int, quick: int, facts: int) -> None:
    """Slow jobs first, quick ones behind them, and facts."""
    for number in range(slow + quick):
        async_task(f"tests.faults.crew.jobs.{'slow' if number < slow else 'quick'}", number, save=False)
    with transaction.atomic():
        journal.record_many(
            CityLoaded(ref=SubjectRef("places.city", new_id()), at=timezone.now(), city="perm", places=1)
            for _ in range(facts)
        )


def race(rounds: int, at_s: int) -> None:
    """Do what every worker does when it starts and twice a minute after, all of them at the same moment."""
    time.sleep(max(0.0, at_s - time.time()))
    for _ in range(rounds):
        sync_schedule(timezone.now())
        scheduler()


def canaries(words: str) -> None:
    """A job and a fact that fail with what somebody typed."""
    async_task("tests.faults.crew.jobs.fail", words)
    with transaction.atomic():
        journal.record(
            CityLoaded(ref=SubjectRef("places.city", new_id()), at=timezone.now(), city=words, places=-1)
        )


def state() -> dict[str, object]:
    """What is left to do, and what the schedule is."""
    names = list(Schedule.objects.values_list("name", flat=True))
    return {
        "jobs": OrmQ.objects.count(),
        "facts": Outbox.objects.count(),
        "delivered": Delivery.objects.filter(listener__startswith="crew:").count(),
        "schedules": len(names),
        "names": len(set(names)),
        "enqueued": sum(one.func() == "veche.site.tasks.run_sweep" for one in OrmQ.objects.all()),
    }


verb, *words = sys.argv[1:]
ACTS = {"fill": fill, "race": race, "canaries": canaries, "state": lambda: None}
ACTS[verb](*(int(word) if word.isdigit() else word for word in words))
print(json.dumps(state()))  # noqa: T201
