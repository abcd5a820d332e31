"""The journal for programmers."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from veche.commons.journal import queries, services
from veche.commons.journal.terms import FactLine
from veche.kernel.refusals import Refusal, Refused

MOST = 200
router = Router()


class FactOut(Schema):
    """One fact: what happened to which subject, when, and its public fields."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    city: str | None
    at: datetime
    body: dict[str, Any]
    private: dict[str, str]
    leaf_hash: str
    position: int | None


class OpeningOut(Schema):
    """What opens one private field: the commitment is HMAC-SHA256 under `salt` of its name, a zero byte, the value."""

    salt: str
    value: Any


class FactWhole(FactOut):
    """A fact with those of its private fields that everybody may read just now."""

    openings: dict[str, OpeningOut]


class JournalOut(Schema):
    """A page of facts, newest first. `next` is the `before` of the following page, absent on the last one."""

    facts: list[FactOut]
    next: UUID | None


@router.get("/journal", response=JournalOut, summary="The public journal, newest first", url_name="journal")
def facts(
    request: HttpRequest,
    city: str = "",
    kind: str = "",
    subject: UUID | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = queries.PAGE,
) -> dict[str, Any]:
    """Read the facts recorded before the fact `before`, of one city, one kind or one subject."""
    codes = {one.id: one.code for one in services.cities()}
    city_id = next((one for one, code in codes.items() if code == city), None)
    if city and city_id is None:
        raise Refused(Refusal("journal.unknown-city", "city"))
    lines = queries.facts_page(
        city_id=city_id, kind=kind or None, subject_id=subject, before=before, limit=limit + 1
    )
    shown = lines[:limit]
    return {"facts": _facts(shown, codes), "next": shown[-1].id if len(lines) > limit else None}


@router.get(
    "/journal/{uuid:fact_id}",
    response=FactWhole,
    summary="One fact, with what opens its public values",
    url_name="journal-fact",
)
def fact(request: HttpRequest, fact_id: UUID) -> dict[str, Any]:
    """Read one fact: with it a verifier sees that what is shown is what was committed to."""
    lines = queries.facts_page(fact_id=fact_id)
    if not lines:
        raise Http404
    fields = services.open_fields_of([lines[0].ref]).get(lines[0].ref, frozenset())
    opened = queries.openings_of({fact_id: fields}).get(fact_id, {})
    openings = {name: {"salt": _b64(one.salt), "value": one.value} for name, one in opened.items()}
    return {**_facts(lines, {one.id: one.code for one in services.cities()})[0], "openings": openings}


def _facts(lines: list[FactLine], codes: dict[UUID, str]) -> list[dict[str, Any]]:
    places = queries.places_of([line.id for line in lines])
    return [
        {
            "id": line.id,
            "kind": line.kind,
            "subject_kind": line.ref.kind,
            "subject_id": line.ref.id,
            "city": codes.get(line.city_id) if line.city_id else None,
            "at": line.at,
            "body": line.body,
            "private": line.private,
            "leaf_hash": _b64(line.leaf_hash),
            "position": places.get(line.id),
        }
        for line in lines
    ]


def _b64(content: bytes) -> str:
    return b64encode(content).decode()
