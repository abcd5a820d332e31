"""How a report stands, told from its lines in the log alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from veche.commons.casework.terms import CaseAssigned, CaseHandedOver, CaseMoved, CaseOpened, Need, Stage
from veche.modules.reports.terms import (
    ERASED,
    REPORT,
    WORKFLOW,
    ReportFiled,
    ReportHidden,
    ReportJoined,
    ReportLeft,
    ReportShown,
)

_UNKNOWN = object()


@dataclass(slots=True)
class Story:
    """What the log tells of one report. Where the log does not say it, a field is `UNKNOWN`."""

    subject: str
    city: str = ""
    number: str = ""
    filed_id: str = ""
    ids: set[str] = field(default_factory=set)
    filed: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    filed_at: datetime | None = None
    status: str = ""
    office_id: object = _UNKNOWN
    due_at: object = _UNKNOWN
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    not_ours: int = 0
    supporters: object = _UNKNOWN
    hidden: bool = False
    erased: bool = False
    assigned: Mapping[str, str] | None = None
    confirming: bool = False
    steps: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    # The status in which a report stood at each step that did not change it.
    stood: dict[int, str] = field(default_factory=dict)


def is_known(value: object) -> bool:
    """Whether the log says it. Refuses: never."""
    return value is not _UNKNOWN


def retold(facts: Iterable[Mapping[str, Any]]) -> dict[str, Story]:
    """The stories of all reports of a log, from its lines in their order.

    Refuses: never; lines of other rooms are passed over.
    """
    stories: dict[str, Story] = {}
    for fact in facts:
        if not fact["subject"].startswith(f"{REPORT}:"):
            continue
        story = stories.setdefault(fact["subject"], Story(fact["subject"]))
        story.ids.add(fact["id"])
        tell = _TELLERS.get(fact["kind"])
        if tell:
            tell(story, fact, fact["body"])
    return {subject: one for subject, one in stories.items() if one.number}


def _filed(story: Story, fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.city, story.number = fact["city"] or "", body["number"]
    story.filed_id, story.filed, story.private = fact["id"], body, fact["private"]
    story.filed_at = datetime.fromisoformat(fact["at"])
    story.status = body["status"]


def _opened(story: Story, _fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.status, story.office_id = body["status"], body["office_id"]
    if "due_at" in body:
        story.due_at = _moment(body["due_at"])


def _moved(story: Story, fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.steps[body["position"]] = fact
    story.status = body["to_status"]
    at, line = datetime.fromisoformat(fact["at"]), WORKFLOW.transition(body["verb"])
    if "due_at" in body:
        story.due_at = _moment(body["due_at"])
    if line is None:
        return
    story.confirming = Stage.CONFIRM in line.starts
    story.closed_at = at if line.target in WORKFLOW.closed else None
    if line.answers:
        story.answered_at = at
    elif line.objects:
        story.answered_at = None
    if Need.OFFICE in line.needs:
        story.assigned = None
        story.office_id = body["office_id"]
    elif line.target in WORKFLOW.waiting_for_dispatcher:
        story.not_ours += body["office_id"] is not None
        story.office_id = story.assigned = None
    else:
        story.office_id = body["office_id"]


def _handed(story: Story, fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.steps[body["position"]] = fact
    story.stood[body["position"]] = story.status
    story.office_id, story.assigned = body["to_office_id"], None


def _assigned(story: Story, fact: Mapping[str, Any], _body: Mapping[str, Any]) -> None:
    story.assigned = fact["private"]


def _joined(story: Story, _fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.supporters = body["supporters"]


def _hidden(story: Story, fact: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    story.hidden = fact["kind"] == ReportHidden.kind
    story.erased = story.erased or (story.hidden and body["reason"] == ERASED)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_TELLERS = {
    ReportFiled.kind: _filed,
    CaseOpened.kind: _opened,
    CaseMoved.kind: _moved,
    CaseHandedOver.kind: _handed,
    CaseAssigned.kind: _assigned,
    ReportJoined.kind: _joined,
    ReportLeft.kind: _joined,
    ReportHidden.kind: _hidden,
    ReportShown.kind: _hidden,
}
