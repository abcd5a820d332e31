"""What readers are shown in the list of the journal, beside the lines of the log."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from veche.commons.journal.ports import Broken, Deployment, Unreachable
from veche.commons.journal.rules.leaves import LeafFact, commitment, leaf_of, moment
from veche.commons.journal.rules.tree import leaf_hash
from veche.commons.journal.rules.verifying.findings import Finding, proven, told, wrong
from veche.commons.journal.rules.verifying.lines import GRACE, Lines, fact_of, written_at
from veche.commons.journal.rules.verifying.log import Progress
from veche.commons.journal.rules.verifying.remote import Absent, RemoteTiles, json_at
from veche.kernel.refs import SubjectRef

LIST = "/api/v1/journal?openings=true&limit=200"
_LONGEST = 120
_FIELDS = {
    "at": "at",
    "body": "body",
    "city": "city",
    "kind": "kind",
    "private": "private",
    "subject": "subject",
}
_MALFORMED = (KeyError, TypeError, AttributeError, ValueError)


def check_rows(
    deployment: Deployment, lines: Lines, tiles: RemoteTiles, *, progress: Progress
) -> list[Finding]:
    """Whether each line has its row and each row its line, all fields equal.

    Refuses: never; raises `Unreachable` when the list cannot be read.
    """
    found: list[Finding] = []
    seen: set[UUID] = set()
    try:
        for row in _rows(deployment):
            fact_id = UUID(row["id"])
            seen.add(fact_id)
            progress("rows", len(seen), len(lines.places))
            found += _read(row, fact_id, lines, tiles)
    except Broken:
        # Whoever broke a row keeps the whole page from being shown, and what is on it from being told apart.
        return [*found, wrong("rows.broken")]
    except _MALFORMED as error:
        raise Unreachable("the list of the journal does not read as that of a Veche deployment") from error
    for fact_id, place in lines.places.items():
        if fact_id not in seen:
            fact = _logged(place, tiles)
            found.append(
                wrong("row.missing", kind=fact["kind"], subject=fact["subject"], fact=fact_id, line=place + 1)
            )
    return found or [proven("rows.same", count=len(lines.places))]


def _rows(deployment: Deployment) -> Iterator[Mapping[str, Any]]:
    before = ""
    while True:
        page = json_at(deployment, LIST + before)
        if page is None:
            raise Unreachable("the deployment shows no list of its journal")
        yield from page["facts"]
        if not page["next"]:
            return
        before = f"&before={UUID(page['next'])}"


def _read(row: Mapping[str, Any], fact_id: UUID, lines: Lines, tiles: RemoteTiles) -> list[Finding]:
    """One row that cannot be read must not keep the others from being compared."""
    try:
        return list(_judged(row, fact_id, lines, tiles))
    except _MALFORMED:
        return [wrong("row.unreadable", fact=fact_id)]


def _judged(row: Mapping[str, Any], fact_id: UUID, lines: Lines, tiles: RemoteTiles) -> Iterator[Finding]:
    about = {"fact": fact_id, "kind": row["kind"], "subject": f"{row['subject_kind']}:{row['subject_id']}"}
    place = lines.places.get(fact_id)
    if place is None:
        # What came after the checkpoint may wait, and what a later checkpoint holds is not ours to judge.
        patience = timedelta(seconds=lines.delay_s) + GRACE
        is_later = row["position"] is not None and row["position"] >= tiles.size
        at = written_at(fact_id)
        waits = lines.now - patience <= at <= lines.now + GRACE
        if not waits and not is_later:
            yield wrong("row.unlogged", at=told(at), **about)
        return
    if row["position"] != place:
        shown = "-" if row["position"] is None else row["position"] + 1
        yield wrong("row.misplaced", shown=shown, line=place + 1, **about)
    yield from _compared(row, fact_id, place, lines, tiles)


def _compared(
    row: Mapping[str, Any], fact_id: UUID, place: int, lines: Lines, tiles: RemoteTiles
) -> Iterator[Finding]:
    about = {"fact": fact_id, "kind": row["kind"], "subject": f"{row['subject_kind']}:{row['subject_id']}"}
    leaf = lines.hash_at(place)
    if leaf_hash(_entry(row, fact_id)) != leaf:
        yield from _differences(row, fact_id, place, tiles)
    assert leaf is not None
    for field in ("leaf_hash", "logged_hash"):
        # Without its place a row has no logged hash either, and that is said already.
        if row[field] is not None and b64decode(row[field]) != leaf:
            yield wrong("row.unsound", field=field, **about)
    for name, one in row["openings"].items():
        private = row["private"] if isinstance(row["private"], dict) else {}
        if commitment(b64decode(one["salt"]), name, one["value"]) != private.get(name):
            yield wrong("row.unopened", field=name, **about)


def _entry(row: Mapping[str, Any], fact_id: UUID) -> bytes:
    try:
        city = UUID(row["city_id"]) if row["city_id"] else None
        ref = SubjectRef(row["subject_kind"], UUID(row["subject_id"]))
        at = datetime.fromisoformat(row["at"])
        return leaf_of(LeafFact(fact_id, row["kind"], ref, city, at, row["body"], row["private"]))
    except _MALFORMED:
        return b""


def _differences(row: Mapping[str, Any], fact_id: UUID, place: int, tiles: RemoteTiles) -> Iterator[Finding]:
    logged = _logged(place, tiles)
    shown = {
        **{name: row[name] for name in ("kind", "body", "private")},
        "subject": f"{row['subject_kind']}:{row['subject_id']}",
        "city": row["city_id"],
        "at": moment(datetime.fromisoformat(row["at"])),
    }
    about = {"fact": fact_id, "kind": logged["kind"], "subject": logged["subject"], "line": place + 1}
    for field in _FIELDS:
        if shown[field] != logged[field]:
            yield wrong(
                "row.differs", field=field, shown=_short(shown[field]), logged=_short(logged[field]), **about
            )


def _logged(place: int, tiles: RemoteTiles) -> Mapping[str, Any]:
    try:
        return fact_of(tiles.entry(place))
    except (Absent, ValueError, IndexError):
        return {"kind": "?", "subject": "?", **dict.fromkeys(_FIELDS)}


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
