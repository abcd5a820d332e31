"""The journal for programmers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from veche.commons.journal import queries, services
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
    return {
        "facts": [
            {
                "id": line.id,
                "kind": line.kind,
                "subject_kind": line.ref.kind,
                "subject_id": line.ref.id,
                "city": codes.get(line.city_id) if line.city_id else None,
                "at": line.at,
                "body": line.body,
            }
            for line in shown
        ],
        "next": shown[-1].id if len(lines) > limit else None,
    }
