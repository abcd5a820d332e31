"""Photographs and whom they belong to."""

from typing import ClassVar

from django.db import models

from veche.kernel.ids import new_id


class Photo(models.Model):
    """A cleaned photograph in three sizes on disk; the original is never kept.

    `subject_kind` and `subject_id` name what it belongs to (`submissions.draft`, `submissions.submission`,
    `casework.step`). `lat` and `lon` are where the camera said it was: private, offered as the pin, never shown.
    A `hidden` one nobody sees; a `sealed` one belongs to a hidden subject: its owner and the city's people see it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    owner_id = models.UUIDField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    taken_at = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_id", "position"], name="photo_subject")]

    def __str__(self) -> str:
        return str(self.id)
