"""On SQLite a filing writes less: boxes lie in the order of their facts' ids, the line before the log counts by itself.

Boxes need no second tree of rows. The line needs no number that is never given again; SQLite keeps a table for those.
"""

from django.db import migrations

from veche.commons.journal.rules import guards

BOXES = "fact_id char(32) NOT NULL PRIMARY KEY, owner_id char(32) NOT NULL, box BLOB NOT NULL"
LINE = "id integer NOT NULL PRIMARY KEY{}, fact_id char(32) NOT NULL"


def remade(table: str, columns: str, options: str = ""):
    return (
        f"CREATE TABLE journal_remade ({columns}) {options}",
        f"INSERT INTO journal_remade SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE journal_remade RENAME TO {table}",
    )


def operation(boxes: str, line: str):
    def work(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        if vendor != guards.SQLITE:
            return
        for statement in (
            *guards.unqueueing(vendor),
            *remade("journal_privatevalues", BOXES, boxes),
            *remade("journal_unsequenced", LINE.format(line)),
            *guards.queueing(vendor),
        ):
            schema_editor.execute(statement, params=None)

    return work


class Migration(migrations.Migration):

    dependencies = [("journal", "0004_append_only")]

    operations = [migrations.RunPython(operation("WITHOUT ROWID", ""), operation("", " AUTOINCREMENT"))]
