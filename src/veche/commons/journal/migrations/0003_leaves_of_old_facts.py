"""Facts recorded before there was a log get their leaves, and stand in line for it in their order."""

from django.db import migrations

from veche.commons.journal.rules.leaves import LeafFact, leaf_of
from veche.commons.journal.rules.tree import leaf_hash
from veche.kernel.refs import SubjectRef

_BATCH = 1_000


def lay_leaves(apps, schema_editor):
    facts = apps.get_model("journal", "FactRow").objects
    queue = apps.get_model("journal", "Unsequenced")
    last = None
    while rows := list((facts.filter(id__gt=last) if last else facts).order_by("id")[:_BATCH]):
        for row in rows:
            ref = SubjectRef(row.subject_kind, row.subject_id)
            row.leaf_hash = leaf_hash(leaf_of(LeafFact(row.id, row.kind, ref, row.city_id, row.at, row.body)))
        facts.bulk_update(rows, ["leaf_hash"])
        queue.objects.bulk_create([queue(fact_id=row.id) for row in rows])
        last = rows[-1].id


class Migration(migrations.Migration):

    dependencies = [("journal", "0002_the_log")]

    operations = [migrations.RunPython(lay_leaves, migrations.RunPython.noop)]
