"""A foreign file of reports: good rows in, bad rows out with the reason, nothing twice."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import override, pgettext

from veche.commons.casework.services import PastMove
from veche.commons.casework.terms import ActorRole, Move
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.commons.submissions import queries as submissions
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import queries
from veche.modules.reports.rules.importing import ImportedRow, read_row
from veche.modules.reports.rules.mapping import ImportMapping, mapping_from
from veche.modules.reports.services.takeover import BATCH, PastReport, take_over
from veche.modules.reports.terms import NewReport, Status

_DELIMITERS = ",;\t|"
_OPEN = frozenset({Status.NEW, Status.ROUTED})


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that stayed outside: its number in the file (the header is row 1), its cells, the reasons."""

    row: int
    cells: tuple[str, ...]
    refusals: tuple[Refusal, ...]


@dataclass(slots=True)
class ImportResult:
    """What became of a file."""

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    header: tuple[str, ...] = ()
    rejects: list[Reject] = field(default_factory=list)


def import_reports(
    path: Path,
    raw_mapping: Mapping[str, Any],
    *,
    city: CityView,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportResult:
    """Take over a file of reports. A second run adds nothing; a run that is cut off leaves whole batches only.

    Refuses: `reports.mapping-…`, `reports.file-unreadable`, `-file-encoding`, `-file-empty`, `-file-column`.
    """
    mapping = mapping_from(raw_mapping, tz=city.tz)
    if isinstance(mapping, list):
        raise Refused(*mapping)
    header, rows = _table(path, mapping)
    result = ImportResult(header=header)
    _check_columns(header, mapping)
    good = _good(rows, header, mapping, city=city, now=now, result=result, progress=progress)
    if dry_run:
        _foresee(good, mapping, city=city, result=result)
        return result
    for created in take_over(good, city=city, now=now):
        result.imported += sum(created)
        result.duplicates += len(created) - sum(created)
    return result


def _foresee(
    good: Iterable[PastReport], mapping: ImportMapping, *, city: CityView, result: ImportResult
) -> None:
    """Count what a run would add, as `take_over` would, and write nothing."""
    waiting = iter(good)
    while batch := [one.external_id or "" for one in islice(waiting, BATCH)]:
        known = len(submissions.known_rows(city.id, mapping.source, batch))
        result.imported += len(batch) - known
        result.duplicates += known


def count_lines(path: Path) -> int:
    """How many lines a file has: for the progress bar."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _table(path: Path, mapping: ImportMapping) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    text = _text(path, mapping)
    first = text.split("\n", 1)[0]
    delimiter = mapping.delimiter
    if delimiter == "auto":
        delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = tuple(cell.strip() for cell in next(reader))
    except StopIteration:
        raise Refused(Refusal("reports.file-empty")) from None
    return header, _records(reader)


def _records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line each begins at; a row without cells is one that cannot be read."""
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, []
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells


def _text(path: Path, mapping: ImportMapping) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise Refused(Refusal("reports.file-unreadable", params={"file": path.name})) from None
    for encoding in mapping.encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Refusal("reports.file-encoding", params={"encodings": ", ".join(mapping.encodings)}))


def _check_columns(header: tuple[str, ...], mapping: ImportMapping) -> None:
    missing = [
        Refusal("reports.file-column", name, {"column": " / ".join(mapping.columns[name])})
        for name in mapping.required
        if not set(mapping.columns.get(name, ())) & set(header)
    ]
    if missing:
        raise Refused(*missing)


def _good(
    rows: Iterable[tuple[int, list[str]]],
    header: tuple[str, ...],
    mapping: ImportMapping,
    *,
    city: CityView,
    now: datetime,
    result: ImportResult,
    progress: Callable[[int], None],
) -> Iterator[PastReport]:
    catalogue, known = queries.catalogue(city), offices.directory(city.id).offices.values()
    categories = {one.code for one in catalogue.by_id.values() if not one.is_group}
    by_code = {one.code: one.id for one in known}
    seen: set[str] = set()
    for number, cells in rows:
        result.read += 1
        progress(1)
        answer = _judged(cells, header, mapping, categories=categories, offices=by_code, city=city, now=now)
        if isinstance(answer, tuple):
            result.rejects.append(Reject(number, tuple(cells), answer))
        elif answer.external_id in seen:
            result.duplicates += 1
        else:
            seen.add(answer.external_id)
            yield _past(answer, mapping, by_code.get(answer.office), city=city)


def _judged(
    cells: list[str],
    header: tuple[str, ...],
    mapping: ImportMapping,
    *,
    categories: set[str],
    offices: Mapping[str, UUID],
    city: CityView,
    now: datetime,
) -> ImportedRow | tuple[Refusal, ...]:
    if not cells:
        return (Refusal("reports.row-unreadable"),)
    if mapping.extra_fields:
        cells = [*cells[: len(header)], *[""] * (len(header) - len(cells))]
    if len(cells) != len(header):
        return (Refusal("reports.row-fields", params={"found": len(cells), "wanted": len(header)}),)
    row = read_row(
        dict(zip(header, cells, strict=True)), mapping, categories=categories, offices=offices, now=now
    )
    if isinstance(row, list):
        return tuple(row)
    place = places.locate(city.id, row.point)
    if isinstance(place, Refusal):
        return (Refusal(place.code, "lat", place.params),)
    if row.status in _OPEN or row.office:
        return row
    category = queries.catalogue(city).by_code[row.category]
    route = queries.route_for(city, category, place, on=city.calendar.local_date(row.filed_at))
    return row if route else (Refusal("reports.row-no-office", "office"),)


def _past(row: ImportedRow, mapping: ImportMapping, office_id: UUID | None, *, city: CityView) -> PastReport:
    new = NewReport(
        id=new_id(),
        city_id=city.id,
        category=row.category,
        text=row.text,
        point=row.point,
        address=row.address,
        language=mapping.language,
        channel="import",
    )
    return PastReport(
        new=new,
        filed_at=row.filed_at,
        moves=_moves(row, mapping.language),
        office_id=office_id,
        source=mapping.source,
        external_id=row.external_id,
        due_at=row.due_at,
    )


def _moves(row: ImportedRow, language: str) -> tuple[PastMove, ...]:
    at = row.closed_at or row.filed_at
    with override(language):
        text = row.answer or pgettext("import", "Closed in the earlier system; no text was kept.")
    if row.status == Status.REFUSED:
        return (PastMove(at, Move("refuse", text=text, reason=row.reason), ActorRole.OFFICER),)
    if row.status in {Status.ANSWERED, Status.CONFIRMED}:
        answer = PastMove(at, Move("answer", text=text), ActorRole.OFFICER)
        if row.status == Status.ANSWERED:
            return (answer,)
        return (answer, PastMove(at, Move("confirm_by_silence"), ActorRole.SYSTEM))
    if row.status == Status.IN_WORK:
        return (PastMove(at, Move("take"), ActorRole.OFFICER),)
    return ()
