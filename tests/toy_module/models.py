"""Lanterns, and how many each city has."""

from django.db import models

from veche.commons.places.models import City, Place
from veche.kernel.ids import new_id


class Lantern(models.Model):
    """One lantern."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=100)
    hung_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.words


class LanternCount(models.Model):
    """How many lanterns a city has: kept by a listener."""

    city = models.OneToOneField(City, on_delete=models.CASCADE, primary_key=True, related_name="+")
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.count)
