"""Answers that were given, for whoever asks the same once more."""

from django.db import models


class Given(models.Model):
    """The answer to one call. The row is written in the transaction of the act, and goes after two days.

    `id` is no UUIDv7: it follows from who called and from the key, so the primary key lets no call be done twice.
    There is no other index, because every act pays for it: whoever sweeps or erases reads through the two days.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    body = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100, blank=True)
    location = models.TextField(blank=True)
    content = models.BinaryField()
    session = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.id)
