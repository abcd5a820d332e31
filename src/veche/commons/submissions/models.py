"""What people hand in, before it becomes anybody's work."""

from typing import ClassVar

from django.db import models

from veche.commons.accounts.models import Person
from veche.commons.places.models import City, Place
from veche.kernel.ids import new_id


class Serial(models.Model):
    """Hands out the short numbers; a row is taken for each submission."""

    id = models.BigAutoField(primary_key=True)

    def __str__(self) -> str:
        return str(self.id)


class Submission(models.Model):
    """A message with a point, an address line and photographs, and the number people quote.

    `cell` is the Morton cell of the point. `anonymous` hides the author from the public, never from the office's law.
    `source` and `external_id` name the row of an import, so that importing twice adds nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    serial = models.BigIntegerField(unique=True)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    anonymous = models.BooleanField(default=True)
    language = models.CharField(max_length=5)
    text = models.TextField()
    details = models.JSONField(default=dict)
    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.BigIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=12)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=80, null=True)  # noqa: DJ001 - NULLs keep the key unique for imports only
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "source", "external_id"], name="submission_import")
        ]
        indexes: ClassVar = [models.Index(fields=["author", "-received_at"], name="submission_author")]

    def __str__(self) -> str:
        return str(self.serial)


class Supporter(models.Model):
    """A person who joined somebody's submission instead of repeating it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="supporters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "person"], name="supporter_once")
        ]
        indexes: ClassVar = [models.Index(fields=["person", "-joined_at"], name="supporter_person")]

    def __str__(self) -> str:
        return str(self.id)


class Draft(models.Model):
    """A form being filled in, kept on the server so that nothing typed is lost.

    Its id becomes the id of what is filed: sending twice files once. `token_digest` is SHA-256 of the visitor's cookie;
    `email` and `confirm_digest` are set while a person without an account has still to open the link.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=40)
    token_digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    values = models.JSONField(default=dict)
    email = models.EmailField(blank=True)
    confirm_digest = models.CharField(max_length=64, blank=True, db_index=True)
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)
