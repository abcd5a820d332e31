"""Cities, their places, and the counters of the map."""

from typing import ClassVar

from django.db import models

from veche.kernel.ids import new_id


class City(models.Model):
    """A city served by this deployment. `pack` is its whole pack as loaded.

    `version` grows at every change, `ground_version` when territories change. Their low bits are random: a change
    that was rolled back is never taken for the next one by whoever had read it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    names = models.JSONField()
    tz = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    lat = models.FloatField()
    lon = models.FloatField()
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=1)
    ground_version = models.PositiveBigIntegerField(default=1)
    pack = models.JSONField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Place(models.Model):
    """A territory of a city's tree.

    `boundary` is WKB; `approximate` says that it was computed from centres; `border_from` is a word of
    `terms.Origin`. `outline` is the coarse one of the pack, also WKB.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="places")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=20)
    code = models.SlugField(max_length=60)
    names = models.JSONField()
    lat = models.FloatField()
    lon = models.FloatField()
    depth = models.PositiveSmallIntegerField()
    boundary = models.BinaryField(null=True)
    approximate = models.BooleanField(default=False)
    border_from = models.CharField(max_length=8, blank=True)
    outline = models.BinaryField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "code"], name="place_code")]

    def __str__(self) -> str:
        return self.code


class CellCount(models.Model):
    """How many things of a layer lie in a cell of the 2**zoom grid, per status and category.

    An empty status and category hold the totals. `lat_sum` and `lon_sum` give the middle of the points.
    """

    id = models.BigAutoField(primary_key=True)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    layer = models.CharField(max_length=40)
    zoom = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=40, blank=True)
    cell = models.BigIntegerField()
    count = models.IntegerField()
    lat_sum = models.FloatField()
    lon_sum = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["layer", "city", "zoom", "status", "category", "cell"], name="cell_count_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.zoom}/{self.cell}: {self.count}"
