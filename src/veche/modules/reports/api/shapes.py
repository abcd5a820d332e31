"""What goes in and out of the API of reports."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field

from veche.modules.reports.terms import Status

# Nothing longer is read at all; the rules judge the rest in the reader's language.
LONGEST = 100_000
MOST = 100


class ReportIn(Schema):
    """A report to file. `id` is a UUID of the client's making: sending it again files nothing new."""

    category: str = Field(max_length=60)
    text: str = Field(max_length=LONGEST)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    id: UUID | None = None
    address: str = Field("", max_length=LONGEST)
    anonymous: bool = True
    answers: dict[str, str] = Field(default_factory=dict)


class MoveIn(Schema):
    """A step of the workflow. Which fields it needs, the refusals say."""

    verb: str = Field(max_length=24)
    text: str = Field("", max_length=LONGEST)
    reason: str = Field("", max_length=40)
    planned_on: date | None = None
    office: str = Field("", max_length=60)
    duplicate_of: str = Field("", max_length=24)


class OfficeOut(Schema):
    """An office by its code and names."""

    code: str
    names: dict[str, str]


class ReportOut(Schema):
    """A report as everybody may see it."""

    number: str
    category: str
    status: str
    overdue: bool
    title: str
    address: str
    place: str
    lat: float
    lon: float
    office: OfficeOut | None
    filed_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    supporters: int


class ReceiptOut(BaseModel):
    """What proves that the report was taken in. `promise` is a note signed with the key of the journal.

    `code` leads to /receipts/<code>, where the proof of its place in the public log follows within seconds.
    """

    code: str
    fact: str = Field(json_schema_extra={"format": "uuid"})
    leaf_hash: str
    promise: str


class ReportFiledOut(ReportOut):
    """A report that was just filed, with its receipt."""

    receipt: ReceiptOut | None


class StepOut(Schema):
    """One step of the timeline."""

    at: datetime
    verb: str
    status: str
    role: str
    text: str
    reason: str


class ClockOut(Schema):
    """One clock of the case, with its term and the source of the term."""

    stage: str
    days: int
    kind: str
    source: dict[str, Any]
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    missed_at: datetime | None


class ReportWhole(ReportOut):
    """A report with its words, its clocks and its timeline."""

    text: str
    answers: dict[str, str]
    why: dict[str, str]
    planned_on: date | None
    not_ours: int
    clocks: list[ClockOut]
    steps: list[StepOut]


class ReportPage(Schema):
    """A page of a list; `next` is the number to give as `before`."""

    reports: list[ReportOut]
    next: str | None


class FilterIn(Schema):
    """What a list is narrowed to."""

    group: str = Field("", max_length=60)
    category: str = Field("", max_length=60)
    status: Status | Literal[""] = ""
    place: str = Field("", max_length=60)
    office: str = Field("", max_length=60)
    overdue: bool = False
    q: str = Field("", max_length=200)
    before: str = Field("", max_length=24)
    limit: int = Field(20, ge=1, le=MOST)


class CategoryOut(Schema):
    """A category that can be reported, with its questions."""

    code: str
    group: str
    names: dict[str, str]
    hints: dict[str, str]
    questions: list[dict[str, Any]]
