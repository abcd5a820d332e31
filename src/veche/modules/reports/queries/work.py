"""What officers and dispatchers have before them: overdue first, then due soonest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from veche.commons.accounts.models import RoleGrant
from veche.commons.casework.models import Step
from veche.commons.offices.models import Officer
from veche.commons.places.terms import CityView
from veche.modules.reports.models import Report
from veche.modules.reports.queries.catalogue import catalogue
from veche.modules.reports.queries.lists import ROW
from veche.modules.reports.queries.routing import place_names, routing_table
from veche.modules.reports.terms import WORKFLOW, ReportRow, Status

WORK_PAGE = 50
MOST_LIKELY = 5
UNROUTED = (Status.NEW, Status.NOT_OURS)
_SOONEST = F("due_at").asc(nulls_last=True)
_DONE = (Status.ANSWERED, Status.REFUSED, Status.CONFIRMED, Status.DUPLICATE)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What an officer narrows the queue to. `done` shows what the office has answered, newest first.

    `text` is looked for in the titles, in small letters; `serial` names one report.
    """

    status: str = ""
    group: str = ""
    overdue: bool = False
    officer_id: UUID | None = None
    unassigned: bool = False
    done: bool = False
    text: str = ""
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class WorkKey:
    """Where a page of the queue ended."""

    overdue: bool
    due_at: datetime | None
    serial: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A report in a queue, and the officer who has it."""

    row: ReportRow
    officer_id: UUID | None
    planned_on: date | None
    not_ours_count: int

    @property
    def key(self) -> WorkKey:
        """The key from which the next page goes on."""
        return WorkKey(self.row.overdue, self.row.due_at, self.row.serial)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One role somebody holds in a city, with the post that goes with it."""

    id: UUID
    person_id: UUID
    email: str
    name: str
    role: str
    office_id: UUID | None
    since_at: datetime
    post: Mapping[str, str]
    is_head: bool


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
    return _read(_after(rows, after).order_by("-overdue", _SOONEST, "serial"), limit)


def dispatcher_queue(
    city: CityView, *, after: WorkKey | None = None, limit: int = WORK_PAGE
) -> list[WorkRow]:
    """What waits for a dispatcher to choose an office."""
    rows = Report.objects.filter(city_id=city.id, status__in=UNROUTED)
    return _read(_after(rows, after).order_by("-overdue", _SOONEST, "serial"), limit)


def queue_counts(office_ids: Iterable[UUID]) -> dict[str, int]:
    """How many reports these offices owe, per status, and how many of them are overdue."""
    rows = Report.objects.filter(office_id__in=list(office_ids), status__in=WORKFLOW.waiting_for_office)
    counts: dict[str, int] = {"overdue": 0}
    for status, overdue, found in rows.values_list("status", "overdue").annotate(n=Count("id")):
        counts[status] = counts.get(status, 0) + found
        counts["overdue"] += found if overdue else 0
    return counts


def unrouted_count(city: CityView) -> int:
    """How many reports wait for a dispatcher."""
    return Report.objects.filter(city_id=city.id, status__in=UNROUTED).count()


def likely_offices(city: CityView, rows: Iterable[ReportRow], *, on: date) -> Mapping[UUID, tuple[UUID, ...]]:
    """The offices a dispatcher most likely wants for each report, the likeliest first.

    Competent for its category counts most, then for its group, then for its place.
    """
    spots, known = place_names(city), catalogue(city)
    table = [line for line in routing_table(city) if line.valid_until is None or on < line.valid_until]
    found = {}
    for row in rows:
        category = known.by_id[row.category_id]
        kin = {one.code for one in known.within(category.group)} | {category.group}
        chain, spot = set(), spots.get(row.place_id)
        while spot is not None and spot.id not in chain:
            chain.add(spot.id)
            spot = spots.get(spot.parent_id) if spot.parent_id else None
        scored: dict[UUID, int] = {}
        for line in table:
            points = (
                4 * (line.category == category.code) + 2 * (line.category in kin) + (line.place_id in chain)
            )
            scored[line.office_id] = max(points, scored.get(line.office_id, 0))
        best = sorted((one for one in scored if scored[one]), key=lambda one: -scored[one])
        found[row.id] = tuple(best[:MOST_LIKELY])
    return found


def words_of_not_ours(report_ids: Iterable[UUID]) -> Mapping[UUID, tuple[UUID | None, str, str]]:
    """Which office gave a report back last, for which reason, and what it wrote."""
    rows = Step.objects.filter(case__subject_id__in=list(report_ids), verb="not_ours").order_by(
        "at", "position"
    )
    fields = ("case__subject_id", "office_id", "reason", "text")
    return {
        report_id: (office, reason, text) for report_id, office, reason, text in rows.values_list(*fields)
    }


def staff_of(city: CityView, *, after: UUID | None = None, limit: int = WORK_PAGE) -> list[StaffLine]:
    """Who holds a role in the city now: the roles for the whole city first, then office by office.

    `after` is the last role of the page before.
    """
    all_roles = RoleGrant.objects.filter(city_id=city.id)
    rows = all_roles.filter(until_at=None)
    # It may have been taken back meanwhile; its place in the order stays.
    last = all_roles.filter(pk=after).values("office_id").first() if after else None
    if last is not None:
        office = last["office_id"]
        others = Q(office_id__gt=office) if office else Q(office_id__isnull=False)
        rows = rows.filter(Q(office_id=office, id__gt=after) | others)
    fields = ("id", "person_id", "person__email", "person__name", "role", "office_id", "since_at")
    ordered = rows.order_by(F("office_id").asc(nulls_first=True), "id")
    found = list(ordered.values_list(*fields)[:limit])
    posts = _posts(city, {row[1] for row in found})
    lines = []
    for id_, person_id, email, name, role, office_id, since_at in found:
        post, is_head = posts.get((person_id, office_id), ({}, False))
        lines.append(StaffLine(id_, person_id, email, name, role, office_id, since_at, post, is_head))
    return lines


def _posts(
    city: CityView, people: Iterable[UUID]
) -> Mapping[tuple[UUID, UUID | None], tuple[Mapping[str, str], bool]]:
    """The posts of these people in the offices of a city."""
    rows = Officer.objects.filter(office__city_id=city.id, person_id__in=list(people), until_at=None)
    fields = ("person_id", "office_id", "post", "is_head")
    return {(person, office): (post, head) for person, office, post, head in rows.values_list(*fields)}


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
    if chosen.serial is not None:
        return rows.filter(serial=chosen.serial)
    return rows.filter(folded__contains=chosen.text) if chosen.text else rows


def _after(rows: QuerySet[Report], key: WorkKey | None) -> QuerySet[Report]:
    if key is None:
        return rows
    later = Q(due_at=None, serial__gt=key.serial)
    if key.due_at is not None:
        later = Q(due_at__gt=key.due_at) | Q(due_at=key.due_at, serial__gt=key.serial) | Q(due_at=None)
    same = Q(overdue=key.overdue) & later
    return rows.filter(same | Q(overdue=False)) if key.overdue else rows.filter(same)


def _read(rows: QuerySet[Report], limit: int) -> list[WorkRow]:
    found = rows.values_list(*ROW, "case__officer_id", "case__planned_on", "case__not_ours_count")[:limit]
    cut = len(ROW)
    return [WorkRow(ReportRow(*row[:cut]), *row[cut:]) for row in found]
