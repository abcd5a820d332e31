"""From here on the database itself refuses to change a step. What a person wrote may be erased from it, and no more."""

from django.db import migrations

from veche.commons.journal.rules import guards

TABLE = "casework_step"
KEPT = (
    "id", "case_id", "position", "at", "verb", "from_status", "to_status", "actor_role", "office_id", "reason",
)  # fmt: skip


def cleared(vendor):
    details = "'{}'" if vendor == guards.SQLITE else "'{}'::jsonb"
    return (("text", "''"), ("details", details), ("actor_id", "NULL"))


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in guards.guards(vendor, TABLE, kept=KEPT, cleared=cleared(vendor)):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in guards.unguards(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("casework", "0001_initial"), ("journal", "0004_append_only")]

    operations = [migrations.RunPython(guard, unguard)]
