"""The forms of the workplace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from veche.commons.casework.terms import Move
from veche.commons.places.terms import CityView
from veche.commons.submissions.rules import clean, fold
from veche.kernel.ids import serial_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports.models import Report
from veche.modules.reports.queries import WorkFilter, WorkKey

_NEVER = "never"
_MOST_SERIAL = 2**62
_FILTERS = ("q", "status", "group", "whose", "overdue", "done")


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
        text=clean(raw.get("text", "")),
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
    """What the queue is narrowed to by its address. A number that is typed in names one report."""
    whose, words = raw.get("whose", ""), raw.get("q", "").strip()[:100]
    serial = serial_of(words) if words else None
    return WorkFilter(
        status=raw.get("status", ""),
        group=raw.get("group", ""),
        overdue=raw.get("overdue") == "1",
        officer_id=me if whose == "mine" else None,
        unassigned=whose == "nobody",
        done=raw.get("done") == "1",
        text=fold(words),
        serial=serial if isinstance(serial, int) else None,
    )


def narrowed_by(raw: Mapping[str, str]) -> str:
    """The address of a queue as it was narrowed, without its page: nothing but what the filters know."""
    return urlencode({name: raw[name][:100] for name in _FILTERS if raw.get(name)})


def work_key_of(raw: Mapping[str, str]) -> WorkKey | None:
    """Where a page of the queue goes on; anything unreadable starts at the beginning."""
    overdue, _, rest = raw.get("after", "").partition("~")
    moment, _, serial = rest.partition("~")
    try:
        due_at = datetime.fromisoformat(moment) if moment != _NEVER else None
        if due_at is not None and due_at.tzinfo is None:
            return None
        return WorkKey(overdue == "1", due_at, int(serial)) if abs(int(serial)) < _MOST_SERIAL else None
    except ValueError:
        return None


def write_key(key: WorkKey) -> str:
    """The key as it stands in an address."""
    moment = key.due_at.isoformat() if key.due_at else _NEVER
    return f"{int(key.overdue)}~{moment}~{key.serial}"


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
