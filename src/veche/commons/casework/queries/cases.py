"""One case with its steps and clocks, and what belongs to an office."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from veche.commons.casework.models import AnswerTemplate, Case, Clock, OfficePace, Step
from veche.commons.casework.terms import CaseView, ClockView, Pace, StepView, TemplateView
from veche.kernel.refs import SubjectRef

CASE = (
    "id",
    "city_id",
    "subject_kind",
    "subject_id",
    "workflow",
    "status",
    "office_id",
    "officer_id",
    "clock",
    "due_at",
    "overdue_at",
    "planned_on",
    "not_ours_count",
    "steps_count",
    "opened_at",
    "answered_at",
    "closed_at",
)
CLOCK = ("stage", "term", "days", "kind", "source", "started_at", "due_at", "stopped_at", "missed_at")
STEP = (
    "id",
    "position",
    "at",
    "verb",
    "from_status",
    "to_status",
    "actor_role",
    "office_id",
    "text",
    "reason",
    "details",
)


def case_by_subject(subject_id: UUID) -> CaseView | None:
    """The case of a subject."""
    row = Case.objects.filter(subject_id=subject_id).values_list(*CASE).first()
    return case_view(row) if row else None


def case_by_id(case_id: UUID) -> CaseView | None:
    """The case with this id."""
    row = Case.objects.filter(pk=case_id).values_list(*CASE).first()
    return case_view(row) if row else None


def steps_of(case_id: UUID) -> list[StepView]:
    """The steps of a case, the first one first."""
    rows = Step.objects.filter(case_id=case_id).order_by("position").values_list(*STEP)
    return [StepView(*row) for row in rows]


def private_of(step: Step) -> dict[str, object]:
    """What the journal keeps of a step under the key of the person who took it."""
    person = str(step.actor_id) if step.actor_id else ""
    values = {"text": step.text, "details": step.details, "person": person}
    return {name: value for name, value in values.items() if value}


def private_steps_of(case_id: UUID) -> list[tuple[StepView, dict[str, object]]]:
    """The steps of a case as their rows hold them now, with what is private of each; only to compare with the log."""
    rows = Step.objects.filter(case_id=case_id).order_by("position", "id")
    return [(StepView(*(getattr(row, name) for name in STEP)), private_of(row)) for row in rows]


def clocks_of(case_id: UUID) -> list[ClockView]:
    """The clocks of a case, running, stopped and missed, the oldest first."""
    rows = Clock.objects.filter(case_id=case_id).order_by("started_at", "due_at").values_list(*CLOCK)
    return [ClockView(*row) for row in rows]


def pace_of(office_ids: Iterable[UUID]) -> Mapping[UUID, Pace]:
    """How fast offices usually answer; those with too few answers are left out."""
    fields = ("office_id", "median_days", "p80_days", "answers")
    rows = OfficePace.objects.filter(office_id__in=list(office_ids)).values_list(*fields)
    return {office_id: Pace(*rest) for office_id, *rest in rows}


def templates_for(
    office_id: UUID | None, city_id: UUID, language: str, *, verb: str = "", category: str = ""
) -> list[TemplateView]:
    """The templates an office may use: its own and the city's; those for the category come first."""
    rows = AnswerTemplate.objects.filter(
        Q(office_id=office_id) | Q(office_id=None), city_id=city_id, language=language
    )
    if verb:
        rows = rows.filter(verb=verb)
    if category:
        rows = rows.filter(category__in=("", category))
    fields = ("id", "office_id", "title", "text", "language", "verb", "category")
    return [TemplateView(*row) for row in rows.order_by("-category", "title", "id").values_list(*fields)]


def case_view(row: tuple[Any, ...]) -> CaseView:
    """A case out of the columns of `CASE`."""
    case_id, city_id, kind, subject_id, *rest = row
    return CaseView(case_id, city_id, SubjectRef(kind, subject_id), *rest)
