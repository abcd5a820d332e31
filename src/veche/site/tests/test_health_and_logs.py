"""Whether it lives is told at two addresses; what is logged says nothing about persons."""

import io
import json
import logging
import logging.config
from datetime import timedelta

import pytest
from django.utils import timezone

from veche.site import heartbeat, logs


@pytest.mark.django_db
def test_healthz_is_ok_when_the_database_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_wants_tables_and_a_worker(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrated"], answer.json()["worker"]) == (503, True, False)

    heartbeat.beat(timezone.now())
    assert client.get("/readyz").status_code == 200

    heartbeat.beat(timezone.now() - timedelta(seconds=heartbeat.FRESH_S + 1))
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not Found: /perm/reports?text=Иванов&x=1", "Not Found: /perm/reports?…"),
        ("Not Found: /perm/report/confirm/019ab3c4/UhjhUjrm1rO0", "Not Found: /perm/report/confirm/…"),
        ("Not Found: /notices/unsubscribe/019ab3c4:s1gn", "Not Found: /notices/unsubscribe/…"),
        ("mail to anna.petrova@example.org failed", "mail to <e-mail> failed"),
        ("called +7 (912) 345-67-89 twice", "called <phone> twice"),
        ("fact 019ab3c4-1111-7222-8333-444455556666", "fact 019ab3c4-1111-7222-8333-444455556666"),
        ("took 12345 ms on 2026-03-14", "took 12345 ms on 2026-03-14"),
    ],
)
def test_logs_hold_no_query_key_address_or_telephone(text, expected):
    assert logs.scrubbed(text) == expected


def test_production_logs_are_json_and_scrubbed_in_tracebacks_too():
    config = logs.logging(as_json=True, level="WARNING")["formatters"]["lines"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        config["()"](foreign_pre_chain=config["foreign_pre_chain"], processors=config["processors"])
    )
    logger = logging.getLogger("veche.test-of-logs")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        int("anna@example.org")
    except ValueError:
        logger.exception("failed for %s", "anna@example.org")
    line = json.loads(stream.getvalue())
    assert line["level"] == "error"
    assert "anna" not in stream.getvalue()


def test_asking_for_a_foreign_host_is_refused_and_fills_no_log(client, caplog):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in caplog.text
