"""What is history stays history: in the database itself, and for the role the house works as."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cast import a_pothole

from veche.commons.casework.models import Step
from veche.commons.casework.terms import Move
from veche.commons.journal import services as journal
from veche.commons.journal.models import FactRow, Leaf
from veche.modules.reports import services
from veche.site import rights

ROLE = "veche_house_of_a_test"
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")


@pytest.fixture
def lived(perm, alice, boris, now):
    report = services.file_report(a_pothole(perm), city=perm, by=alice, now=now)
    services.move_report(report.pk, Move("answer", text="Засыпали асфальтом."), by=boris, now=now)
    journal.sequence(now=now)
    return report


def refused(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", rights.GUARDED)
def test_the_database_refuses_to_remove_history(lived, table):
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        "journal_factrow SET at = '2020-01-01 00:00:00'",
        "journal_factrow SET body = '{}'",
        "journal_leaf SET position = position + 1000",
        "casework_step SET at = '2020-01-01 00:00:00'",
        "casework_step SET text = 'Ничего не делали.'",
        "casework_step SET to_status = 'confirmed'",
        "casework_step SET reason = 'x', text = ''",
    ],
)
def test_the_database_refuses_to_change_history(lived, change):
    assert FactRow.objects.exists()
    assert Leaf.objects.exists()
    assert Step.objects.exists()
    refused(f"UPDATE {change}")


def test_what_a_person_wrote_can_be_erased_from_a_step(lived):
    Step.objects.update(text="", details={}, actor=None)
    assert set(Step.objects.values_list("text", "actor")) == {("", None)}


@on_postgres
def test_the_role_of_the_house_works_but_has_no_right_to_history(perm, alice, boris, now):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        rights.grant(ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        report = services.file_report(a_pothole(perm), city=perm, by=alice, now=now)
        services.move_report(report.pk, Move("answer", text="Засыпали асфальтом."), by=boris, now=now)
        assert journal.sequence(now=now) > 0
        while journal.deliver(now=now, limit=100):
            pass
        for statement in (
            "ALTER TABLE journal_factrow DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
            "DROP TABLE journal_leaf",
            "TRUNCATE journal_factrow",
            "DELETE FROM casework_step",
            "UPDATE journal_factrow SET at = now()",
            "UPDATE casework_step SET at = now()",
        ):
            refused(statement)
        cursor.execute("RESET ROLE")


@on_postgres
def test_only_an_address_with_an_owner_changes_who_works(settings):
    settings.CONFIG.owner_url = ""
    before = dict(connection.settings_dict)
    with rights.as_owner():
        assert connection.settings_dict == before


def test_a_role_is_read_from_an_address():
    assert rights.role_of("postgres://veche%40app:x@localhost/town") == "veche@app"
