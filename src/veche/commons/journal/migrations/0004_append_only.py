"""From here on the database itself refuses to change a fact or its place in the log."""

from django.db import migrations

from veche.commons.journal.rules import guards

TABLES = ("journal_factrow", "journal_leaf")


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == guards.POSTGRESQL:
        schema_editor.execute(guards.function(), params=None)
    for table in TABLES:
        for statement in guards.guards(vendor, table):
            schema_editor.execute(statement, params=None)
    for statement in guards.queueing(vendor):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in guards.unqueueing(vendor):
        schema_editor.execute(statement, params=None)
    for table in TABLES:
        for statement in guards.unguards(vendor, table):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("journal", "0003_leaves_of_old_facts")]

    operations = [migrations.RunPython(guard, unguard)]
