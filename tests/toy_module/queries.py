"""Lanterns, as plain rows."""

from uuid import UUID

from tests.toy_module.models import Lantern


def lanterns(city_id: UUID) -> list[str]:
    """The words of every lantern, newest first."""
    rows = Lantern.objects.filter(city_id=city_id).order_by("-id")
    return list(rows.values_list("words", flat=True))
