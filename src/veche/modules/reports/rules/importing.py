"""One row of a foreign file: read, cleaned, masked, judged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal
from veche.modules.reports.rules.mapping import ImportMapping, folded
from veche.modules.reports.terms import Status

_MASKED = ("text", "answer", "address")
_NO_TIME = 11  # a date without a time is at most ten characters long


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
    `-row-status`, beside the field.
    """
    values = {field: _field(field, cells, mapping) for field in mapping.columns}
    blank = [Refusal("reports.row-blank", field) for field in mapping.required if not values.get(field)]
    if blank:
        return blank
    row = _Row(values, mapping)
    moments = {name: row.moment(name) for name in ("filed_at", "due_at", "closed_at")}
    point, status = row.point(), row.status()
    category = row.category(cells, categories)
    refusals = [one for one in (*moments.values(), point, status, category) if isinstance(one, Refusal)]
    refusals += _order(moments, now)
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
            if len(text) < _NO_TIME:
                found = datetime.combine(found, time.fromisoformat(self.mapping.missing_time))
            return found.replace(tzinfo=self.mapping.tz).astimezone(UTC)
        return Refusal("reports.row-date", field, {"value": text[:40]})

    def point(self) -> Point | Refusal:
        try:
            found = Point(float(self.values["lat"]), float(self.values["lon"]))
        except ValueError:
            return Refusal("reports.row-point", "lat")
        good = abs(found.lat) <= 90 and abs(found.lon) <= 180 and (found.lat or found.lon)
        return found if good else Refusal("reports.row-point", "lat")

    def status(self) -> tuple[Status, str] | Refusal:
        for one in self.mapping.status_when:
            if one.contains.casefold() in self.values.get(one.field, "").casefold():
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
    text = next(
        (found for column in mapping.columns[field] if (found := (cells.get(column) or "").strip())), ""
    )
    for one in mapping.clean:
        if one.field == field:
            text = one.pattern.sub(one.replace, text)
    if field in _MASKED:
        for one in mapping.mask:
            text = one.pattern.sub(one.replace, text)
    return " ".join(text.split())
