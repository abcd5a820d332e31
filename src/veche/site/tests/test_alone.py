"""Work that is done alone, and jobs that know whether they still are theirs to do."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from veche.site.alone import alone
from veche.site.broker import Job, JobFailed, Queue

pytestmark = pytest.mark.django_db(transaction=True)
done: list[object] = []


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


def work(what):
    done.append(what)


def fail(what):
    raise KeyError(what)


def take_long():
    try:
        int("anna@example.org")
    except ValueError:
        raise TimeoutException("anna@example.org")  # noqa: B904 - as an alarm comes, in the middle of anything


WORK = f"{__name__}.work"


def elsewhere(question):
    """Ask from another connection, as another process would."""
    answers = []

    def ask():
        try:
            answers.append(question())
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(20)
    return answers[0]


def is_free(name):
    with alone(name) as mine:
        return mine


def test_what_one_does_alone_nobody_else_does_meanwhile():
    with alone("bell") as mine:
        assert mine
        assert not elsewhere(lambda: is_free("bell"))
        assert elsewhere(lambda: is_free("clock"))
    assert elsewhere(lambda: is_free("bell"))


def test_a_failure_gives_it_back():
    with pytest.raises(KeyError), alone("bell"):
        raise KeyError
    assert elsewhere(lambda: is_free("bell"))


def test_who_waits_comes_after():
    order = []

    def wait():
        with alone("bell", wait=True):
            order.append("second")
        connection.close()

    with alone("bell"):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


@pytest.fixture
def job():
    async_task(WORK, "x", save=False)
    row = OrmQ.objects.get()
    return row, Job(row.pk, WORK)


def test_a_fetched_task_is_handed_on_as_a_job(job):
    row, wanted = job
    ((key, package),) = Queue().dequeue()
    task = SignedPackage.loads(package)
    assert (key, task["func"], task["args"]) == (row.pk, wanted, ("x",))
    assert str(task["func"]) == WORK


def test_a_job_is_done_and_its_claim_begins_when_it_does(job):
    _row, this = job
    OrmQ.objects.update(lock=timezone.now() - timedelta(hours=1))
    this("x")
    assert done == ["x"]
    assert OrmQ.objects.get().lock > timezone.now() + timedelta(minutes=5)


def test_a_job_that_another_worker_is_at_is_left_alone_and_stays_in_the_queue(job):
    row, this = job
    with alone(f"job {row.pk}"):
        elsewhere(lambda: this("x"))
        elsewhere(lambda: Queue().acknowledge(row.pk))
    assert done == []
    assert OrmQ.objects.count() == 1
    Queue().acknowledge(row.pk)
    assert not OrmQ.objects.exists()


def test_a_job_that_is_gone_is_not_done_again(job):
    row, this = job
    row.delete()
    this("x")
    assert done == []


def test_what_goes_wrong_is_told_by_its_class_and_never_in_its_words(job):
    row, _ = job
    for func, kind in (("fail", JobFailed), ("take_long", TimeoutException)):
        with pytest.raises(kind) as failed:
            Job(row.pk, f"{__name__}.{func}")(*(["anna@example.org"] if func == "fail" else []))
        assert failed.value.__suppress_context__
        assert "anna" not in str(failed.value)


def test_a_package_that_was_damaged_is_handed_on_as_it_is(db):
    OrmQ.objects.create(key="veche", payload="broken", lock=timezone.now())
    assert [package for _, package in Queue().dequeue()] == ["broken"]
