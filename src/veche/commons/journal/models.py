"""Facts, and what is still to be delivered of them."""

from typing import ClassVar

from django.db import models

from veche.kernel.ids import new_id


class FactRow(models.Model):
    """One fact, as it was recorded. Rows are only ever added; the id sorts by time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    city_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    body = models.JSONField()

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
