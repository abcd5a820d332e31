"""Run inside a house: is what citizens noted there, once, whole, and has everybody heard of it?"""

import base64
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db.models import Count  # noqa: E402 - Django first

from veche.commons.casework.models import Case, Clock  # noqa: E402
from veche.commons.casework.terms import CaseOpened  # noqa: E402
from veche.commons.journal.models import Delivery, FactRow, Leaf, Outbox, Unsequenced  # noqa: E402
from veche.commons.journal.ports import EQUIPMENT  # noqa: E402
from veche.commons.journal.rules.tiles import WIDTH, Tile, unbundled  # noqa: E402
from veche.commons.journal.services.listening import listeners_of  # noqa: E402
from veche.commons.journal.services.sequencing import latest  # noqa: E402
from veche.commons.notices.models import Notice  # noqa: E402
from veche.commons.places.models import CellCount  # noqa: E402
from veche.commons.search.models import Document  # noqa: E402
from veche.commons.submissions.models import Submission  # noqa: E402
from veche.kernel.ids import number_of  # noqa: E402
from veche.modules.reports.models import Report  # noqa: E402
from veche.modules.reports.terms import ReportFiled  # noqa: E402

_MARK = re.compile(r"Заявка (\d\d-\d{5})\.$")
_SHOWN = 20  # so many examples of each finding are enough
Stored = dict[str, list[tuple[str, str, str]]]


def notes_of(folder: Path) -> list[dict[str, Any]]:
    """What the citizens noted. A line that a killed citizen left half was not acknowledged to anybody."""
    lines = [line for file in sorted(folder.glob("*.acknowledged")) for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines if line.endswith("}")]


def findings(folder: Path) -> dict[str, Any]:
    """Everything that is wrong, by its name; what is in order is left out."""
    notes = notes_of(folder)
    stored: Stored = defaultdict(list)
    for report_id, text, serial in Submission.objects.values_list("id", "text", "serial"):
        mark = _MARK.search(text)
        assert mark is not None, "a text nobody sent"
        stored[mark[1]].append((str(report_id), text, number_of(serial)))
    found = _against(notes, stored) | _incomplete() | _undelivered() | _unlogged(notes)
    return {name: some for name, some in found.items() if some}


def _against(notes: list[dict[str, Any]], stored: Stored) -> dict[str, Any]:
    acknowledged = [note for note in notes if "number" in note]
    marks = {note["mark"] for note in acknowledged}
    numbers = {mark: {number for _, _, number in rows} for mark, rows in stored.items()}
    return {
        "refused": [note for note in notes if "refused" in note][:_SHOWN],
        "lost": sorted(marks - stored.keys()),
        "doubled": sorted(mark for mark, rows in stored.items() if len(rows) > 1),
        "unasked": sorted(stored.keys() - marks),
        "altered": sorted({note["mark"] for note in acknowledged if not _is_as_sent(note, stored)}),
        "misnumbered": sorted(
            {note["mark"] for note in acknowledged if note["number"] not in numbers.get(note["mark"], ())}
        ),
    }


def _is_as_sent(note: dict[str, Any], stored: Stored) -> bool:
    """A lost one is counted as lost."""
    return all(
        hashlib.sha256(text.encode()).hexdigest() == note["text"] for _, text, _ in stored[note["mark"]]
    )


def _incomplete() -> dict[str, Any]:
    """Reports that lack a part, or have one too many; and parts without a report."""
    ids = {str(one) for one in Report.objects.values_list("id", flat=True)}
    parts = {
        "submission": Submission.objects.values_list("id", flat=True),
        "case": Case.objects.values_list("subject_id", flat=True),
        "document": Document.objects.values_list("subject_id", flat=True),
        "notice": FactRow.objects.filter(pk__in=Notice.objects.values("fact_id")).values_list(
            "subject_id", flat=True
        ),
        ReportFiled.kind: _subjects(ReportFiled.kind),
        CaseOpened.kind: _subjects(CaseOpened.kind),
        **{
            f"clock {stage}": Clock.objects.filter(stage=stage).values_list("case__subject_id", flat=True)
            for stage in Clock.objects.values_list("stage", flat=True).distinct()
        },
    }
    wrong: dict[str, Any] = {}
    for name, subjects in parts.items():
        counted = Counter(str(one) for one in subjects)
        wrong[f"without {name}"] = sorted(ids - counted.keys())[:_SHOWN]
        wrong[f"{name} too many"] = sorted(
            one for one, count in counted.items() if count > 1 or one not in ids
        )[:_SHOWN]
    return wrong


def _subjects(kind: str) -> Any:
    return FactRow.objects.filter(kind=kind).values_list("subject_id", flat=True)


def _undelivered() -> dict[str, Any]:
    facts = Counter(FactRow.objects.values_list("kind", flat=True))
    due = sum(len(listeners_of(kind)) * count for kind, count in facts.items())
    notices = Notice.objects.values("person_id", "fact_id").annotate(times=Count("id")).filter(times__gt=1)
    return {
        "outbox": Outbox.objects.count(),
        "put off": sorted(set(Outbox.objects.exclude(error="").values_list("error", flat=True)))[:_SHOWN],
        "deliveries missing": due - Delivery.objects.count(),
        "told twice": notices.count(),
        "miscounted": _miscounted(),
    }


def _unlogged(notes: list[dict[str, Any]]) -> dict[str, Any]:
    """Whether every fact stands in the public log as its receipt said, and the checkpoint is that of these facts."""
    leaves = list(Leaf.objects.order_by("position").values_list("fact_id", "leaf_hash"))
    hashes = [bytes(one) for _, one in leaves]
    places = {str(fact_id): base64.b64encode(bytes(one)).decode() for fact_id, one in leaves}
    checkpoint = latest(EQUIPMENT.store)
    published = [hashlib.sha256(b"\0" + entry).digest() for entry in _published(checkpoint.size)]
    return {
        "waiting for the log": Unsequenced.objects.count(),
        "without a place": FactRow.objects.count() - len(leaves),
        "published otherwise": [
            name
            for name, same in (("entries", published == hashes), ("root", checkpoint.root == _root(hashes)))
            if not same
        ],
        "receipts that prove nothing": sorted(
            {
                note["mark"]
                for note in notes
                if note.get("fact") and places.get(note["fact"]) != note["leaf_hash"]
            }
        ),
    }


def _published(size: int) -> Iterator[bytes]:
    for index in range(-(-size // WIDTH)):
        bundle = EQUIPMENT.store.read(f"tile/{Tile(None, index).file}")
        assert bundle is not None
        yield from unbundled(bundle)


def _root(hashes: list[bytes]) -> bytes:
    """RFC 6962 as it stands there, with nothing of the code under test."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(hashes[:left]) + _root(hashes[left:])).digest()


def _miscounted() -> list[Any]:
    """The map's counters beside the rows they count."""
    cells = CellCount.objects.filter(layer="reports.report", zoom=15).exclude(status="").exclude(category="")
    counted: Counter[str] = Counter()
    for status, count in cells.values_list("status", "count"):
        counted[status] += count
    rows = Counter(Report.objects.values_list("status", flat=True))
    return [] if +counted == rows else [counted, rows]


if __name__ == "__main__":
    acknowledged = {note["mark"] for note in notes_of(Path(sys.argv[1])) if "number" in note}
    print(json.dumps({"acknowledged": len(acknowledged), "findings": findings(Path(sys.argv[1]))}))  # noqa: T201
