"""The rows of a report told in the language of the log, so that anybody can compare them: no private value is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from veche.commons.casework import queries as casework
from veche.commons.casework.models import Case
from veche.commons.casework.rules import next_clock
from veche.commons.casework.terms import CaseAssigned, CaseHandedOver, CaseMoved, Need, StepView
from veche.commons.journal import queries as journal
from veche.commons.journal.terms import FactLine
from veche.commons.media import queries as media
from veche.commons.places.terms import CityView
from veche.commons.submissions.models import Submission
from veche.commons.submissions.rules import fold
from veche.kernel.geo import Point, cell_of
from veche.kernel.ids import serial_of
from veche.kernel.refusals import Refusal
from veche.modules.reports.models import Report
from veche.modules.reports.rules import title_of
from veche.modules.reports.terms import REPORT, WORKFLOW, ReportFiled

MOST_FACTS = 2000
_STEPS = {CaseMoved.kind, CaseHandedOver.kind}


@dataclass(frozen=True, slots=True)
class Record:
    """A report as its rows hold it now. `private` are commitments made anew; None where the key was destroyed.

    `differs` names columns that should repeat another row and do not.
    """

    report: Report
    submission: Submission
    case: Case
    private: Mapping[str, str] | None
    steps: Sequence[tuple[StepView, Mapping[str, str] | None]]
    assigned: str | None
    differs: Sequence[str]


def private_of(submission: Submission, photos: Sequence[str] = ()) -> dict[str, object]:
    """What the journal keeps of a report under the key of its author; what is empty is left out."""
    origin = f"{submission.source} {submission.external_id or ''}".strip()
    values: dict[str, object] = {
        "point": [submission.lat, submission.lon],
        # How it was handed in, in one line: each value costs filing a commitment.
        "form": f"{submission.anonymous:d} {submission.language} {submission.channel} {origin}",
    }
    if submission.text:
        values["text"] = submission.text
    if submission.address:
        values["address"] = submission.address
    if submission.details:
        values["details"] = submission.details
    if submission.author_id:
        values["person"] = str(submission.author_id)
    if photos:
        values["photos"] = list(photos)
    return values


def record_of(city: CityView, number: str) -> Record | Refusal:
    """The rows of a report, hidden or not, beside its facts.

    Refuses: `ids.not-a-number`, `ids.mistyped-number`, `reports.not-found`.
    """
    serial = serial_of(number)
    if isinstance(serial, Refusal):
        return serial
    rows = Report.objects.select_related("submission", "case", "category__parent")
    report = rows.filter(serial=serial, city_id=city.id).first()
    if report is None:
        return Refusal("reports.not-found", "number")
    facts = journal.facts_page(subject_id=report.pk, limit=MOST_FACTS)[::-1]
    steps = casework.private_steps_of(report.case_id)
    values = _values(report, steps, facts)
    committed = journal.recommitted(values)
    for line in facts:
        # What had nothing private then has nothing to compare with: whatever is there now was put in.
        if line.id in values and not line.private:
            committed[line.id] = dict.fromkeys(values[line.id], "")
    filed = next((line.id for line in facts if line.kind == ReportFiled.kind), None)
    by_position = {line.body["position"]: line.id for line in facts if line.kind in _STEPS}
    assigned = _assigning(facts)
    return Record(
        report=report,
        submission=report.submission,
        case=report.case,
        private=committed.get(filed) if filed else None,
        steps=[(step, committed.get(by_position.get(step.position, step.id))) for step, _ in steps],
        assigned=committed.get(assigned, {}).get("officer") if assigned else None,
        differs=_differs(report, [step for step, _ in steps]),
    )


def _values(
    report: Report, steps: Sequence[tuple[StepView, Mapping[str, Any]]], facts: Sequence[FactLine]
) -> dict[UUID, Mapping[str, Any]]:
    """What the rows hold now of what each fact committed to."""
    of_steps = {step.position: values for step, values in steps}
    found: dict[UUID, Mapping[str, Any]] = {}
    for line in facts:
        if line.kind == ReportFiled.kind:
            found[line.id] = private_of(report.submission, media.digests_of(report.submission_id))
        elif line.kind in _STEPS and line.body["position"] in of_steps:
            found[line.id] = of_steps[line.body["position"]]
    assigned = _assigning(facts)
    if assigned is not None:
        found[assigned] = {"officer": str(report.case.officer_id or "")}
    return found


def _assigning(facts: Sequence[FactLine]) -> UUID | None:
    """The last fact that says which officer has the case, if the case has not left the office since."""
    for line in reversed(facts):
        if line.kind == CaseAssigned.kind:
            return line.id
        if line.kind == CaseHandedOver.kind or line.body.get("verb") in {"route", "not_ours"}:
            return None
    return None


def _differs(report: Report, steps: Sequence[StepView]) -> list[str]:
    pairs = {**_repeated(report), **_followed(report, steps)}
    return [name for name, (one, other) in pairs.items() if one != other]


def _repeated(report: Report) -> dict[str, tuple[object, object]]:
    """Columns that repeat the submission, each beside what it repeats."""
    submission, case = report.submission, report.case
    cell, title = cell_of(Point(submission.lat, submission.lon)), title_of(submission.text)
    photos = {one.id for one in media.photos_of([submission.pk]).get(submission.pk, [])}
    return {
        "reports.serial": (report.serial, submission.serial),
        "reports.point": ((report.lat, report.lon), (submission.lat, submission.lon)),
        "reports.place": (report.place_id, submission.place_id),
        "reports.address": (report.address, submission.address),
        "reports.cell": (report.cell, cell),
        "submissions.cell": (submission.cell, cell),
        "reports.title": (report.title, title),
        "reports.folded": (report.folded, fold(title)),
        "reports.photo": (report.photo_id is None or report.photo_id in photos, True),
        "reports.filed_at": (report.filed_at, submission.received_at),
        "reports.city": (report.city_id, submission.city_id),
        "reports.group": (report.group, report.category.parent.code if report.category.parent else ""),
        "casework.city": (case.city_id, submission.city_id),
        "casework.subject": ((case.subject_kind, case.subject_id), (REPORT, report.pk)),
        "casework.workflow": (case.workflow, WORKFLOW.name),
        "casework.opened_at": (case.opened_at, submission.received_at),
    }


def _followed(report: Report, steps: Sequence[StepView]) -> dict[str, tuple[object, object]]:
    """Columns that follow from the steps and the clocks, each beside what follows."""
    case = report.case
    clock = next_clock(casework.clocks_of(case.pk))
    moves = [step for step in steps if WORKFLOW.transition(step.verb)]
    last = WORKFLOW.transition(moves[-1].verb) if moves else None
    planned = moves[-1].details.get("planned_on") if last and Need.DATE in last.needs else None
    repeats = [step.details.get("duplicate_of") for step in moves if step.details.get("duplicate_of")]
    return {
        "casework.steps_count": (case.steps_count, len(steps)),
        "casework.clock": ((case.clock, case.due_at), (clock.stage, clock.due_at) if clock else ("", None)),
        "casework.planned_on": (str(case.planned_on or ""), str(planned or "")),
        "reports.duplicate_of": (str(report.duplicate_of_id or ""), str(repeats[-1] if repeats else "")),
    }
