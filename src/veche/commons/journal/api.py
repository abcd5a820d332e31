"""The journal for programmers."""

from base64 import b64encode
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from veche.commons.journal import queries, services
from veche.commons.journal.rules.leaves import moment
from veche.commons.journal.terms import FactLine
from veche.kernel.refusals import Refusal, Refused

MOST = 200
# To the microsecond, as the log has it: the house's JSON would cut a moment off at the millisecond.
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
router = Router()


class FactOut(Schema):
    """One fact: what happened to which subject, when, and its public fields."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    city: str | None
    city_id: UUID | None
    at: Moment
    # As the row holds them, whatever somebody wrote there past the program: to be compared, not to be repaired.
    body: Any
    private: Any
    leaf_hash: str
    position: int | None
    logged_hash: str | None


class OpeningOut(Schema):
    """What opens one private field: the commitment is HMAC-SHA256 under `salt` of its name, a zero byte, the value."""

    salt: str
    value: Any


class FactWhole(FactOut):
    """A fact with those of its private fields that everybody may read just now."""

    openings: dict[str, OpeningOut]


class FactListed(FactOut):
    """A fact of a list; with `openings=true` also what opens its public values."""

    openings: dict[str, OpeningOut] | None = None


class JournalOut(Schema):
    """A page of facts, newest first. `next` is the `before` of the following page, absent on the last one."""

    facts: list[FactListed]
    next: UUID | None


class Asked(Schema):
    """Which page of the journal is asked for."""

    city: str = ""
    kind: str = ""
    subject: UUID | None = None
    before: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = queries.PAGE
    openings: bool = False


@router.get("/journal", response=JournalOut, summary="The public journal, newest first", url_name="journal")
def facts(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Read the facts recorded before the fact `before`, of one city, one kind or one subject.

    With `openings`, each comes with what opens its public values: a verifier compares whole pages.
    """
    codes = {one.id: one.code for one in services.cities()}
    city_id = next((one for one, code in codes.items() if code == asked.city), None)
    if asked.city and city_id is None:
        raise Refused(Refusal("journal.unknown-city", "city"))
    lines = queries.facts_page(
        city_id=city_id,
        kind=asked.kind or None,
        subject_id=asked.subject,
        before=asked.before,
        limit=asked.limit + 1,
    )
    shown = lines[: asked.limit]
    facts = _facts(shown, codes)
    if asked.openings:
        opened = _openings(shown)
        facts = [{**one, "openings": opened.get(one["id"], {})} for one in facts]
    return {"facts": facts, "next": shown[-1].id if len(lines) > asked.limit else None}


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
    opened = _openings(lines).get(fact_id, {})
    return {**_facts(lines, {one.id: one.code for one in services.cities()})[0], "openings": opened}


def _openings(lines: list[FactLine]) -> dict[UUID, dict[str, dict[str, Any]]]:
    """What opens the public values of facts: three reads, however many they are."""
    fields = services.open_fields_of([line.ref for line in lines if line.private])
    found = queries.openings_of(
        {line.id: fields[line.ref] for line in lines if line.private and line.ref in fields}
    )
    return {
        fact_id: {name: {"salt": _b64(one.salt), "value": one.value} for name, one in opened.items()}
        for fact_id, opened in found.items()
    }


def _facts(lines: list[FactLine], codes: dict[UUID, str]) -> list[dict[str, Any]]:
    places = queries.places_of([line.id for line in lines])
    return [
        {
            "id": line.id,
            "kind": line.kind,
            "subject_kind": line.ref.kind,
            "subject_id": line.ref.id,
            "city": codes.get(line.city_id) if line.city_id else None,
            "city_id": line.city_id,
            "at": moment(line.at),
            "body": line.body,
            "private": line.private,
            "leaf_hash": _b64(line.leaf_hash),
            "position": place,
            "logged_hash": _b64(logged) if logged is not None else None,
        }
        for line in lines
        for place, logged in [places.get(line.id, (None, None))]
    ]


def _b64(content: bytes) -> str:
    return b64encode(content).decode()
