"""One row of a foreign file: read, cleaned, masked, judged."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from veche.commons.submissions.rules import check_address, check_text, clean
from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal
from veche.modules.reports.rules.mapping import ImportMapping, folded
from veche.modules.reports.terms import Status

_MASKED = ("text", "answer", "address")
_TIMES = ("%H", "%I", "%T", "%X", "%c")  # a format without one of these gives only a date
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row that can be taken over. An empty office leaves it to the routing table."""

    external_id: str
    filed_at: datetime
    text: str
    category: str
    point: Point
    status: Status
    reason: str = ""
    answer: str = ""
    address: str = ""
    office: str = ""
    due_at: datetime | None = None
    closed_at: datetime | None = None


def read_row(
    cells: Mapping[str, str],
    mapping: ImportMapping,
    *,
    categories: Collection[str],
    offices: Collection[str],
    now: datetime,
) -> ImportedRow | list[Refusal]:
    """Turn a row into a report that was, or say everything that is wrong with it.

    Units: the file's dates are local to `mapping.tz`; the row's moments are UTC.
    Refuses: `reports.row-blank`, `-row-date`, `-row-future`, `-row-closed-early`, `-row-point`, `-row-category`,
    `-row-status`, `-row-too-long`, and what submissions say of texts and addresses, beside the field.
    """
    values = {field: _field(field, cells, mapping) for field in mapping.columns}
    blank = [Refusal("reports.row-blank", field) for field in mapping.required if not values.get(field)]
    if blank:
        return blank
    row = _Row(values, mapping)
    moments = {name: row.moment(name) for name in ("filed_at", "due_at", "closed_at")}
    point, status = row.point(), row.status(cells)
    category = row.category(cells, categories)
    refusals = [one for one in (*moments.values(), point, status, category) if isinstance(one, Refusal)]
    refusals += [*_order(moments, now), *_words(values)]
    if refusals:
        return refusals
    office = mapping.offices.get(folded(values.get("office", "")), "")
    return ImportedRow(
        external_id=values["external_id"],
        filed_at=moments["filed_at"],  # type: ignore[arg-type]
        due_at=moments["due_at"],  # type: ignore[arg-type]
        closed_at=moments["closed_at"],  # type: ignore[arg-type]
        text=values["text"],
        category=category,  # type: ignore[arg-type]
        point=point,  # type: ignore[arg-type]
        status=status[0],  # type: ignore[index]
        reason=status[1],  # type: ignore[index]
        answer=values.get("answer", ""),
        address=values.get("address", ""),
        office=office if office in offices else "",
    )


class _Row:
    def __init__(self, values: Mapping[str, str], mapping: ImportMapping) -> None:
        self.values = values
        self.mapping = mapping

    def moment(self, field: str) -> datetime | Refusal | None:
        text = self.values.get(field, "")
        if not text:
            return None
        for pattern in self.mapping.formats:
            try:
                found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the mapping's
            except ValueError:
                continue
            if not any(sign in pattern for sign in _TIMES):
                found = datetime.combine(found, self.mapping.missing_time)
            return _utc(found, self.mapping.tz) or Refusal("reports.row-date", field, {"value": text[:40]})
        return Refusal("reports.row-date", field, {"value": text[:40]})

    def point(self) -> Point | Refusal:
        try:
            found = Point(float(self.values["lat"]), float(self.values["lon"]))
        except ValueError:
            return Refusal("reports.row-point", "lat")
        good = abs(found.lat) <= 90 and abs(found.lon) <= 180 and (found.lat or found.lon)
        return found if good else Refusal("reports.row-point", "lat")

    def status(self, cells: Mapping[str, str]) -> tuple[Status, str] | Refusal:
        for one in self.mapping.status_when:
            # As the file has it: cleaning may cut just this phrase out.
            if folded(one.contains) in folded(_raw(one.field, cells, self.mapping)):
                return Status(one.status), one.reason
        found = self.mapping.statuses.get(folded(self.values.get("status", "")))
        if found is None:
            return Refusal("reports.row-status", "status", {"value": self.values.get("status", "")[:40]})
        return Status(found), ""

    def category(self, cells: Mapping[str, str], known: Collection[str]) -> str | Refusal:
        for column in self.mapping.columns["category"]:
            found = self.mapping.categories.get(folded(cells.get(column, "")))
            if found in known:
                return found or ""
        return Refusal("reports.row-category", "category", {"value": self.values["category"][:60]})


def _words(values: Mapping[str, str]) -> Iterator[Refusal]:
    if len(values["external_id"]) > _LONGEST_ID:
        yield Refusal("reports.row-too-long", "external_id", {"limit": _LONGEST_ID})
    answers = (check_text(values["text"]), check_address(values.get("address", "")))
    yield from (one for one in answers if one)


def _utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:  # the first and the last day of all calendars
        return None


def _order(moments: Mapping[str, datetime | Refusal | None], now: datetime) -> list[Refusal]:
    filed, closed = moments["filed_at"], moments["closed_at"]
    if not isinstance(filed, datetime):
        return []
    if filed > now:
        return [Refusal("reports.row-future", "filed_at")]
    if isinstance(closed, datetime) and closed < filed:
        return [Refusal("reports.row-closed-early", "closed_at")]
    return []


def _field(field: str, cells: Mapping[str, str], mapping: ImportMapping) -> str:
    text = clean(_raw(field, cells, mapping))
    for one in mapping.clean:
        if one.field == field:
            text = one.pattern.sub(one.replace, text)
    if field in _MASKED:
        for one in mapping.mask:
            text = one.pattern.sub(one.replace, text)
    return " ".join(text.split())


def _raw(field: str, cells: Mapping[str, str], mapping: ImportMapping) -> str:
    columns = mapping.columns.get(field, ())
    return next((found for column in columns if (found := cells.get(column, "").strip())), "")
