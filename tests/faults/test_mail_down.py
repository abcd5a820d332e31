"""Two hours without a mail server, in simulated time: ten thousand notices wait, then all arrive, each once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from veche.commons.accounts.models import Person
from veche.commons.notices.adapters.mailers import mailer_from
from veche.commons.notices.models import ClosedPost, Letter, Notice
from veche.commons.notices.ports import EQUIPMENT
from veche.commons.notices.services import tell
from veche.commons.notices.tasks import send_letters, send_mail
from veche.commons.notices.tests.sink import Sink, sink
from veche.kernel.ids import new_id

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
NOTICES, CUTS = 10_000, 3
MINUTE = timedelta(minutes=1)


def test_ten_thousand_notices_survive_two_hours_without_a_mail_server(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink() as probe:
        port = probe.server_address[1]
    mailer = Counted(mailer_from(f"smtp://127.0.0.1:{port}", settings.CONFIG.mail_from))
    monkeypatch.setattr(EQUIPMENT, "mailer", mailer)
    people = Person.objects.bulk_create(
        Person(email=f"n{number}@example.org", level=1, language="ru", created_at=now)
        for number in range(NOTICES)
    )
    slowest_tell = slowest_run = 0.0
    # The server is away for two hours; every minute more notices come, and the worker tries.
    for minute in range(120):
        at = now + minute * MINUTE
        begun = time.monotonic()
        for person in people[minute * NOTICES // 120 : (minute + 1) * NOTICES // 120]:
            tell(
                [person.pk],
                fact_id=new_id(),
                kind="toy.news",
                sentence="Toy",
                params={},
                url="/",
                city_id=None,
                now=at,
            )
        slowest_tell = max(slowest_tell, (time.monotonic() - begun) / (NOTICES // 120))
        begun = time.monotonic()
        assert send_mail(at) == 0
        slowest_run = max(slowest_run, time.monotonic() - begun)
    assert Notice.objects.filter(mailed_at=None).count() == 0
    assert Letter.objects.filter(gave_up_at=None, attempts=0).count() == NOTICES
    calls_while_down = mailer.opened
    assert calls_while_down <= 30, "a server that is away was called for every letter"

    with sink(port) as server:
        server.cut = CUTS
        began, at = time.monotonic(), now + timedelta(hours=2, minutes=6)
        while Letter.objects.exists():
            _run(at)
            at += timedelta(minutes=6)
        took = time.monotonic() - began
        came = server.ids()
    assert len(set(came)) == NOTICES, "a notice was lost"
    assert len(came) - len(set(came)) == CUTS, "a letter went twice that had not been cut"
    assert not ClosedPost.objects.exists()
    print(  # noqa: T201
        f"\n{NOTICES} notices, 2 h away: {calls_while_down} calls to the server that was away; all arrived in"
        f" {took:.1f} s ({NOTICES / took:.0f}/s), none twice but the {CUTS} that were cut, under one id each;"
        f" telling one took {slowest_tell * 1000:.1f} ms at most, a run while it was away {slowest_run * 1000:.0f} ms"
    )


def _run(at: datetime) -> None:
    """Two workers at once, where the database can be shared."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        send_letters(at)
        return

    def work(_: int) -> None:
        try:
            send_letters(at)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))


class Counted:
    """A mailer that counts how often it is opened; each worker opens a connection of its own."""

    def __init__(self, mailer) -> None:
        self._mailer, self.opened, self._of_thread = mailer, 0, threading.local()

    def __enter__(self):
        self.opened += 1
        fresh = type(self._mailer)(self._mailer._sender, self._mailer._backend, **self._mailer._options)
        self._of_thread.mailer = fresh
        return fresh.__enter__()

    def __exit__(self, *_: object) -> None:
        self._of_thread.mailer.__exit__()
