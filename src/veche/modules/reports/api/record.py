"""The rows of a report for verifiers: to compare with the log, no private value in them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from veche.commons.journal.api import Moment
from veche.commons.journal.rules.leaves import moment
from veche.commons.places.api import city_named
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import queries

router = Router(tags=["reports"])


class StepRecord(Schema):
    """A step as its row holds it now."""

    position: int
    at: Moment
    verb: str
    from_status: str
    to_status: str
    role: str
    office_id: UUID | None
    reason: str
    private: dict[str, str] | None


class RecordOut(Schema):
    """The rows of a report, hidden or not, in the language of the journal's log.

    `private` are commitments made anew from the rows under the salts of the facts: those of the log as long as nobody
    changed a row. `differs` names columns that should repeat others and do not.
    """

    id: UUID
    number: str
    hidden: bool
    filed_at: Moment
    category: str
    group: str
    place: str
    status: str
    office_id: UUID | None
    due_at: Moment | None
    overdue: bool
    answered_at: Moment | None
    supporters: int
    source: str
    case: dict[str, Any]
    private: dict[str, str] | None
    assigned: str | None
    steps: list[StepRecord]
    differs: list[str]


@router.get(
    "/{city}/reports/{number}/record",
    response=RecordOut,
    summary="The rows of a report, to compare with the log",
    url_name="report-record",
)
def get_record(request: HttpRequest, city: str, number: str) -> RecordOut:
    """What the database holds of a report just now; private values only as commitments."""
    here = city_named(city)
    found = queries.record_of(here, number)
    if isinstance(found, Refusal):
        raise Refused(found)
    return _record(found, here)


def _record(found: queries.Record, city: CityView) -> RecordOut:
    report, case = found.report, found.case
    return RecordOut(
        id=report.pk, number=number_of(found.submission.serial), hidden=report.hidden,
        filed_at=moment(found.submission.received_at), category=report.category.code, group=report.group,
        place=queries.place_named(city, found.submission.place_id).code, status=report.status,
        office_id=report.office_id, due_at=_exact(report.due_at), overdue=report.overdue,
        answered_at=_exact(report.answered_at), supporters=report.supporters, source=found.submission.source,
        private=_known(found.private), assigned=found.assigned, differs=list(found.differs),
        case={
            "status": case.status, "office_id": case.office_id, "due_at": _exact(case.due_at),
            "overdue": case.overdue_at is not None, "answered_at": _exact(case.answered_at),
            "closed_at": _exact(case.closed_at), "not_ours": case.not_ours_count,
            "has_officer": case.officer_id is not None,
        },
        steps=[
            StepRecord(
                position=one.position, at=moment(one.at), verb=one.verb, from_status=one.from_status,
                to_status=one.to_status, role=one.actor_role, office_id=one.office_id, reason=one.reason,
                private=_known(private),
            )
            for one, private in found.steps
        ],
    )  # fmt: skip


def _exact(at: datetime | None) -> str | None:
    return moment(at) if at else None


def _known(private: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if private is None else dict(private)
