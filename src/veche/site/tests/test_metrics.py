"""`/metrics`: true figures for Prometheus, for the token or for this machine, for nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule
from prometheus_client.parser import text_string_to_metric_families
from tests.cast import a_pothole

from veche.commons.casework.models import Case
from veche.commons.journal import services as journal
from veche.commons.journal.models import Outbox
from veche.commons.notices import services as letters
from veche.commons.notices.terms import Channel, Mail
from veche.kernel.ids import new_id
from veche.modules.reports import services as reports
from veche.site import heartbeat
from veche.site.worker import sync_schedule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def pothole(perm):
    return a_pothole(perm)


@pytest.fixture
def read(client):
    def once():
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return once


def test_the_outbox_is_told_with_its_age_and_what_was_parked(read, perm, alice, deliver, pothole):
    now = timezone.now()
    deliver(now)
    assert read()["veche_outbox_waiting",] == 0
    reports.file_report(pothole, city=perm, by=alice, now=now - timedelta(minutes=5))
    found = read()
    assert found["veche_outbox_waiting",] >= 1
    assert found["veche_outbox_oldest_age_seconds",] == pytest.approx(300, abs=5)
    deliver(now)
    found = read()
    assert (found["veche_outbox_waiting",], found["veche_outbox_oldest_age_seconds",]) == (0, 0)


def test_a_parked_fact_is_no_waiting_one(read, perm):
    from veche.commons.journal.services.delivering import PARKED_AT

    row = Outbox.objects.first()
    Outbox.objects.filter(pk=row.pk).update(due_at=PARKED_AT)
    found = read()
    assert found["veche_outbox_parked",] == 1
    assert found["veche_outbox_waiting",] == Outbox.objects.count() - 1


def test_each_post_is_told(read):
    now = timezone.now()
    for _ in range(3):
        letters.post_letter(
            Mail(new_id(), "anna@example.org", "Тема", "Текст"), now=now - timedelta(minutes=2)
        )
    gone = new_id()
    letters.post_sms(gone, "+79125550123", "x", now=now, useful=timedelta(days=2))
    letters.letter_given_up(gone, "400", now=now)
    letters.post_closed(Channel.MAIL, now=now)
    found = read()
    assert (found["veche_letters_waiting", "mail"], found["veche_letters_waiting", "sms"]) == (3, 0)
    assert found["veche_letters_oldest_age_seconds", "mail"] == pytest.approx(120, abs=5)
    assert (found["veche_letters_given_up", "mail"], found["veche_letters_given_up", "sms"]) == (0, 1)
    assert (found["veche_post_closed", "mail"], found["veche_post_closed", "sms"]) == (1, 0)


def test_a_sweep_that_is_behind_by_more_than_its_interval_is_overdue(read):
    now = timezone.now()
    sync_schedule(now)
    assert read()["veche_sweeps_overdue",] == 0
    Schedule.objects.filter(name="sweep casework.sweep_deadlines").update(next_run=now - timedelta(hours=3))
    found = read()
    assert found["veche_sweeps_overdue",] == 1
    assert found["veche_sweep_late_seconds", "casework.sweep_deadlines"] == pytest.approx(10_800, abs=5)


def test_a_worker_that_was_never_seen_is_infinitely_old(read):
    assert read()["veche_worker_heartbeat_age_seconds",] == float("inf")
    heartbeat.beat(timezone.now())
    assert read()["veche_worker_heartbeat_age_seconds",] < 5


def test_overdue_cases_are_counted(read, perm, alice, pothole):
    now = timezone.now()
    reports.file_report(pothole, city=perm, by=alice, now=now)
    assert read()["veche_cases_overdue",] == 0
    Case.objects.update(overdue_at=now)
    assert read()["veche_cases_overdue",] == 1


def test_facts_wait_for_the_log_and_enter_it(read, perm, alice, pothole):
    now = timezone.now()
    while journal.sequence(now=now):
        pass
    reports.file_report(pothole, city=perm, by=alice, now=now)
    before = read()
    assert before["veche_sequencer_waiting",] >= 1
    assert before["veche_sequencer_lag_seconds",] < 60
    while journal.sequence(now=now):
        pass
    after = read()
    assert (after["veche_sequencer_waiting",], after["veche_sequencer_lag_seconds",]) == (0, 0)
    assert after["veche_log_size",] == before["veche_log_size",] + before["veche_sequencer_waiting",]
    assert after["veche_sequencer_halted",] == 0


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"Via": "1.1 proxy"}]
)
def test_what_a_proxy_hands_on_is_not_of_this_machine(client, headers):
    assert client.get("/metrics", headers=headers).status_code == 403


def test_other_machines_are_refused_and_this_one_is_not(client):
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 403
    for own in ("127.0.0.1", "::1"):
        assert client.get("/metrics", REMOTE_ADDR=own).status_code == 200


def test_where_there_is_a_token_only_the_token_counts(client, settings, monkeypatch):
    monkeypatch.setattr(settings.CONFIG, "metrics_token", "s3cret")
    assert client.get("/metrics").status_code == 403
    for wrong in ("Bearer s3cre", "Bearer ", "Basic s3cret", "Bearer кириллица"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 403
    bearer = {"Authorization": "Bearer s3cret"}
    assert client.get("/metrics", headers=bearer, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_figures_name_nobody(client, perm, alice):
    letters.post_letter(Mail(new_id(), "anna@example.org", "Тема", "Текст"), now=timezone.now())
    assert "anna" not in client.get("/metrics").content.decode()
