"""The forms of the workplace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import QueryDict

from veche.commons.casework.terms import Move
from veche.commons.places.terms import CityView
from veche.kernel.ids import serial_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports.models import Report
from veche.modules.reports.queries import WorkFilter, WorkKey


@dataclass(frozen=True, slots=True)
class Bulk:
    """Several reports and what to do with them."""

    report_ids: tuple[UUID, ...]
    act: str
    officer_id: UUID | None


def as_uuid(text: str | None) -> UUID | None:
    """A UUID out of a form; what is none counts as empty."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def move_of(raw: QueryDict, city: CityView) -> Move:
    """One step of the workflow as an officer, a dispatcher or the author typed it.

    Refuses: `reports.date-wrong`, `ids.not-a-number`, `ids.mistyped-number`, `reports.not-found`.
    """
    return Move(
        verb=raw.get("verb", ""),
        text=raw.get("text", "").strip(),
        reason=raw.get("reason", ""),
        planned_on=_day(raw.get("planned_on", "")),
        office_id=as_uuid(raw.get("office")),
        duplicate_of=_report(raw.get("duplicate_of", ""), city),
        template_id=as_uuid(raw.get("template")),
    )


def bulk_of(raw: QueryDict) -> Bulk:
    """The ticked lines of a queue."""
    ids = tuple(found for text in raw.getlist("report") if (found := as_uuid(text)))
    return Bulk(ids, raw.get("act", ""), as_uuid(raw.get("officer")))


def work_filter_of(raw: QueryDict, me: UUID | None) -> WorkFilter:
    """What the queue is narrowed to by its address."""
    whose = raw.get("whose", "")
    return WorkFilter(
        status=raw.get("status", ""),
        group=raw.get("group", ""),
        overdue=raw.get("overdue") == "1",
        officer_id=me if whose == "mine" else None,
        unassigned=whose == "nobody",
        done=raw.get("done") == "1",
    )


def work_key_of(raw: Mapping[str, str]) -> WorkKey | None:
    """Where a page of the queue goes on; anything unreadable starts at the beginning."""
    overdue, _, rest = raw.get("after", "").partition("~")
    moment, _, serial = rest.partition("~")
    try:
        return WorkKey(overdue == "1", datetime.fromisoformat(moment), int(serial))
    except ValueError:
        return None


def write_key(key: WorkKey | None) -> str:
    """The key as it stands in an address."""
    return f"{int(key.overdue)}~{key.due_at.isoformat()}~{key.serial}" if key else ""


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(Refusal("reports.date-wrong", "planned_on")) from None


def _report(text: str, city: CityView) -> UUID | None:
    if not text.strip():
        return None
    serial = serial_of(text)
    if isinstance(serial, Refusal):
        raise Refused(Refusal(serial.code, "duplicate_of"))
    found = Report.objects.filter(serial=serial, city_id=city.id).values_list("id", flat=True).first()
    if found is None:
        raise Refused(Refusal("reports.not-found", "duplicate_of"))
    return found
