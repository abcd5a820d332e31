"""What officers and dispatchers have before them: overdue first, then due soonest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from veche.commons.places.terms import CityView
from veche.modules.reports.models import Report
from veche.modules.reports.queries.lists import ROW
from veche.modules.reports.terms import WORKFLOW, ReportRow, Status

WORK_PAGE = 50
UNROUTED = (Status.NEW, Status.NOT_OURS)
_DONE = (Status.ANSWERED, Status.REFUSED, Status.CONFIRMED, Status.DUPLICATE)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What an officer narrows the queue to. `done` shows what the office has answered, newest first."""

    status: str = ""
    group: str = ""
    overdue: bool = False
    officer_id: UUID | None = None
    unassigned: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class WorkKey:
    """Where a page of the queue ended."""

    overdue: bool
    due_at: datetime
    serial: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A report in a queue, and the officer who has it."""

    row: ReportRow
    officer_id: UUID | None
    planned_on: date | None
    not_ours_count: int

    @property
    def key(self) -> WorkKey | None:
        """The key from which the next page goes on."""
        return WorkKey(self.row.overdue, self.row.due_at, self.row.serial) if self.row.due_at else None


def office_queue(
    office_ids: Iterable[UUID], chosen: WorkFilter, *, after: WorkKey | None = None, limit: int = WORK_PAGE
) -> list[WorkRow]:
    """What these offices owe, overdue first, then due soonest."""
    rows = _narrowed(Report.objects.filter(office_id__in=list(office_ids)), chosen)
    if chosen.done:
        rows = rows.filter(status__in=_DONE)
        if after is not None:
            rows = rows.filter(serial__lt=after.serial)
        return _read(rows.order_by("-serial"), limit)
    rows = rows.filter(status__in=WORKFLOW.waiting_for_office)
    return _read(_after(rows, after).order_by("-overdue", "due_at", "serial"), limit)


def dispatcher_queue(
    city: CityView, *, after: WorkKey | None = None, limit: int = WORK_PAGE
) -> list[WorkRow]:
    """What waits for a dispatcher to choose an office."""
    rows = Report.objects.filter(city_id=city.id, status__in=UNROUTED)
    return _read(_after(rows, after).order_by("-overdue", "due_at", "serial"), limit)


def queue_counts(office_ids: Iterable[UUID]) -> dict[str, int]:
    """How many reports these offices owe, per status, and how many of them are overdue."""
    rows = Report.objects.filter(
        office_id__in=list(office_ids), status__in=WORKFLOW.waiting_for_office
    ).values_list("status", "overdue")
    counts: dict[str, int] = {"overdue": 0}
    for status, overdue in rows.iterator():
        counts[status] = counts.get(status, 0) + 1
        counts["overdue"] += overdue
    return counts


def _narrowed(rows: QuerySet[Report], chosen: WorkFilter) -> QuerySet[Report]:
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    if chosen.group:
        rows = rows.filter(group=chosen.group)
    if chosen.overdue:
        rows = rows.filter(overdue=True)
    if chosen.officer_id:
        rows = rows.filter(case__officer_id=chosen.officer_id)
    if chosen.unassigned:
        rows = rows.filter(case__officer_id=None)
    return rows


def _after(rows: QuerySet[Report], key: WorkKey | None) -> QuerySet[Report]:
    if key is None:
        return rows
    later = Q(due_at__gt=key.due_at) | Q(due_at=key.due_at, serial__gt=key.serial)
    same = Q(overdue=key.overdue) & later
    return rows.filter(same | Q(overdue=False)) if key.overdue else rows.filter(same)


def _read(rows: QuerySet[Report], limit: int) -> list[WorkRow]:
    found = rows.values_list(*ROW, "case__officer_id", "case__planned_on", "case__not_ours_count")[:limit]
    cut = len(ROW)
    return [WorkRow(ReportRow(*row[:cut]), *row[cut:]) for row in found]
