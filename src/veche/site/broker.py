"""The queue of the worker: django-q2's own on our database, with what it lacks where several workers share it.

A claim on a job begins when a worker fetches it and ends after a while, so that a worker that dies gives it back. But
a job may wait in its worker behind slow ones until the claim is over; then a second worker takes it as well. Here a
job takes a lock when it really begins, and whoever finds it taken leaves it alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage

from veche.site.alone import alone
from veche.site.logs import failure_of

_jobs_in_hand: list[None] = []


class JobFailed(Exception):  # noqa: N818 - it is what happened
    """A job failed. Says where and by which class; this is kept, and an exception's own words may be of people."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as a worker is handed it, in place of the function itself."""

    key: int
    func: str | Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        """Do it, unless another worker is at it or it has been done."""
        with _keeping_connections(), alone(_lock_of(self.key)) as mine:
            if not (mine and _claimed_anew(self.key)):
                return None
            try:
                func = import_string(self.func) if isinstance(self.func, str) else self.func
                return func(*args, **kwargs)
            except TimeoutException:
                raise TimeoutException("took too long") from None
            except Exception as error:  # noqa: BLE001 - whatever it is, its words stay here
                raise JobFailed(failure_of(error)) from None

    def __str__(self) -> str:
        return str(self.func)


class Queue(ORM):  # type: ignore[misc]
    """`Q_CLUSTER["broker_class"]`. Remembers the row of what it enqueued last."""

    last: int | None = None

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:
        """The rows of the queue. Old connections are let go before, except in a job: its lock goes with them."""
        return OrmQ.objects.using(Conf.ORM) if _jobs_in_hand else ORM.get_connection(list_key)

    def enqueue(self, task: str) -> int:
        """Put a signed task into the queue."""
        self.last = int(super().enqueue(task))
        return self.last

    def dequeue(self) -> list[tuple[int, str]] | None:
        """Fetch what nobody claims; each task is handed on as a `Job`."""
        fetched = super().dequeue()
        return [(key, _as_job(key, package)) for key, package in fetched] if fetched else None

    def acknowledge(self, task_id: int) -> None:
        """Take a job out of the queue; one that another worker is at stays for as long."""
        with alone(_lock_of(task_id)) as mine:
            if mine:
                super().acknowledge(task_id)


@contextmanager
def _keeping_connections() -> Iterator[None]:
    _jobs_in_hand.append(None)
    try:
        yield
    finally:
        _jobs_in_hand.pop()


def _lock_of(key: int) -> str:
    return f"job {key}"


def _claimed_anew(key: int) -> bool:
    """Let the claim begin now, when the work does; False when the job is done and gone."""
    until = timezone.now() + timedelta(seconds=Conf.RETRY)
    return bool(OrmQ.objects.filter(pk=key).update(lock=until))


def _as_job(key: int, package: str) -> str:
    try:
        task = SignedPackage.loads(package)
    except (TypeError, BadSignature):
        return package  # whoever unpacks it says so and throws it away
    task["func"] = Job(key, task["func"])
    signed: str = SignedPackage.dumps(task)
    return signed
