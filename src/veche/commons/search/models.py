"""What can be found: the source from which every node builds its own index."""

from typing import ClassVar

from django.db import models

from veche.kernel.ids import new_id


class Document(models.Model):
    """The words of one subject. `revision` is a UUIDv7 made anew at each change: indexes read on from the last."""

    subject_id = models.UUIDField(primary_key=True)
    subject_kind = models.CharField(max_length=40)
    city_id = models.UUIDField()
    number = models.CharField(max_length=24, blank=True)
    title = models.TextField(blank=True)
    body = models.TextField()
    happened_at = models.DateTimeField()
    hidden = models.BooleanField(default=False)
    revision = models.UUIDField(default=new_id)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["revision"], name="document_revision")]

    def __str__(self) -> str:
        return str(self.subject_id)
