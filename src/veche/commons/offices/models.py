"""Offices, their competences, their officers."""

from typing import ClassVar

from django.db import models

from veche.commons.accounts.models import Person
from veche.commons.places.models import City, Place
from veche.kernel.ids import new_id


class Office(models.Model):
    """An authority, agency or contractor. `hours` and `channels` are as in the city pack."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="offices")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20)
    names = models.JSONField()
    hours = models.JSONField(default=dict)
    channels = models.JSONField(default=dict)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="office_code")]

    def __str__(self) -> str:
        return self.code


class Competence(models.Model):
    """Category x place -> office. An empty category or place means every one; the most specific wins.

    `origin` is `pack`, or `dispatcher` for a route learned by one click.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="competences")
    category = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=12, default="pack")
    source = models.JSONField(default=dict)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "category"], name="competence_category")]

    def __str__(self) -> str:
        return f"{self.category or '*'} -> {self.office_id}"


class Officer(models.Model):
    """A person who answers for an office, in a named post."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    post = models.JSONField(default=dict)
    is_head = models.BooleanField(default=False)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "person"], condition=models.Q(until_at=None), name="officer_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
