"""The directory of offices for programmers."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from veche.commons.offices import queries
from veche.commons.places.api import city_named

router = Router()


class OfficeLine(Schema):
    """An authority, agency or contractor. `hours` maps `mon`..`sun` to `09:00-18:00`; `parent` is a code."""

    code: str
    kind: str
    names: dict[str, str]
    parent: str | None
    hours: dict[str, str]
    channels: dict[str, str]


@router.get("/{city}/offices", response=list[OfficeLine], summary="The offices of a city", url_name="offices")
def offices(request: HttpRequest, city: str) -> list[dict[str, Any]]:
    """The offices that exist today."""
    here = city_named(city)
    known = queries.directory(here.id).at(here.calendar.local_date(timezone.now())).offices
    codes = {one.id: one.code for one in known.values()}
    return [
        {
            "code": one.code,
            "kind": one.kind,
            "names": dict(one.names),
            "parent": codes.get(one.parent_id) if one.parent_id else None,
            "hours": dict(one.hours),
            "channels": dict(one.channels),
        }
        for one in known.values()
    ]
