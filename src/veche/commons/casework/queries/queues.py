"""The queues of a workplace: overdue first, then what is due soonest; what has no deadline comes last."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from veche.commons.casework.models import Case
from veche.commons.casework.queries.cases import CASE, case_view
from veche.commons.casework.terms import CaseView, QueueFilter, QueueKey, Stage

PAGE = 50
ALL = QueueFilter()


def office_queue(
    office_ids: Collection[UUID], filters: QueueFilter = ALL, after: QueueKey | None = None, limit: int = PAGE
) -> list[CaseView]:
    """What offices owe now; cases that wait for their author's word are not among it.

    A deadline that was missed lies in the past, so the order of deadlines puts overdue cases first.
    """
    return _page(_filtered(_owed(office_ids), filters), after, limit)


def dispatcher_queue(
    city_id: UUID, filters: QueueFilter = ALL, after: QueueKey | None = None, limit: int = PAGE
) -> list[CaseView]:
    """The city's open cases that no office has."""
    return _page(_filtered(_unrouted(city_id), filters), after, limit)


def office_counts(office_ids: Collection[UUID], *, mine: UUID | None = None) -> Mapping[str, int]:
    """How many cases offices owe: `open`, `overdue`, `unassigned` and `mine`."""
    counts: dict[str, int] = _owed(office_ids).aggregate(
        open=Count("id"),
        overdue=Count("id", filter=Q(overdue_at__isnull=False)),
        unassigned=Count("id", filter=Q(officer_id=None)),
        mine=Count("id", filter=Q(officer_id=mine, officer_id__isnull=False)),
    )
    return counts


def overdue_count() -> int:
    """How many open cases are overdue, everywhere."""
    return Case.objects.filter(closed_at=None, overdue_at__isnull=False).count()


def waiting_for_dispatcher(city_id: UUID) -> int:
    """How many open cases of the city no office has."""
    return _unrouted(city_id).count()


def key_of(case: CaseView) -> QueueKey:
    """Where the next page begins when this was the last case of a page."""
    return QueueKey(case.due_at, case.id)


def _owed(office_ids: Collection[UUID]) -> QuerySet[Case]:
    return Case.objects.filter(office_id__in=list(office_ids), closed_at=None).exclude(
        clock=Stage.CONFIRM.value
    )


def _unrouted(city_id: UUID) -> QuerySet[Case]:
    return Case.objects.filter(city_id=city_id, office=None, closed_at=None)


def _filtered(rows: QuerySet[Case], filters: QueueFilter) -> QuerySet[Case]:
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.overdue:
        rows = rows.filter(overdue_at__isnull=False)
    if filters.mine is not None:
        rows = rows.filter(officer_id=filters.mine)
    if filters.unassigned:
        rows = rows.filter(officer_id=None)
    if filters.subject_kind:
        rows = rows.filter(subject_kind=filters.subject_kind)
    return rows


def _page(rows: QuerySet[Case], after: QueueKey | None, limit: int) -> list[CaseView]:
    # Two range scans instead of one sort: databases disagree about where nothing comes in an order.
    found: list[CaseView] = []
    if after is None or after.due_at is not None:
        due = rows.filter(due_at__isnull=False)
        if after is not None:
            due = due.filter(due_at__gte=after.due_at).exclude(due_at=after.due_at, id__lte=after.case_id)
        found = [case_view(row) for row in due.order_by("due_at", "id")[:limit].values_list(*CASE)]
    if len(found) < limit:
        rest = rows.filter(due_at=None)
        if after is not None and after.due_at is None:
            rest = rest.filter(id__gt=after.case_id)
        more = rest.order_by("id")[: limit - len(found)].values_list(*CASE)
        found += [case_view(row) for row in more]
    return found
