"""Facts, and what is still to be delivered of them."""

from typing import ClassVar

from django.db import models

from veche.kernel.ids import new_id


class FactRow(models.Model):
    """One fact, as it was recorded. Rows are only ever added: triggers refuse the rest. The id sorts by time.

    `sealed` holds the commitments to private fields by their names, `leaf_hash` is what the log will show of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    city_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    body = models.JSONField()
    sealed = models.JSONField(default=dict)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["city_id", "id"], name="fact_city"),
            models.Index(fields=["kind", "id"], name="fact_kind"),
            models.Index(fields=["subject_id", "id"], name="fact_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Outbox(models.Model):
    """A fact that is still to be delivered to its listeners. The row goes when all of them have it.

    `due_at` has no index: rows are taken in the order of their ids, and those that wait are few.
    """

    fact = models.OneToOneField(FactRow, on_delete=models.CASCADE, primary_key=True, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.fact_id)


class Delivery(models.Model):
    """That one listener has handled one fact: what makes a second delivery harmless."""

    id = models.BigAutoField(primary_key=True)
    fact = models.ForeignKey(FactRow, on_delete=models.CASCADE, related_name="+", db_index=False)
    listener = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["fact", "listener"], name="delivered_once")]

    def __str__(self) -> str:
        return f"{self.fact_id} {self.listener}"


class PrivateValues(models.Model):
    """The private fields of one fact with their secret, encrypted with the key of `owner_id`.

    When that key is destroyed, nobody can read them again; the commitments in the log stay and say nothing. No index
    over owners: nothing looks for them, and filing writes here.
    """

    fact = models.OneToOneField(
        FactRow, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    owner_id = models.UUIDField()
    box = models.BinaryField()

    def __str__(self) -> str:
        return str(self.fact_id)


class Unsequenced(models.Model):
    """A fact that waits for its place in the log. A trigger writes the row with the fact; the sequencer takes it."""

    id = models.BigAutoField(primary_key=True)
    fact_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.fact_id)


class Leaf(models.Model):
    """The place of a fact in the log, from 0 on, and its hash as it was logged."""

    position = models.BigIntegerField(primary_key=True)
    fact_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.position} {self.fact_id}"
