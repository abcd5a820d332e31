"""Files of another system, for the tests of the import."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.shared import PACKS, SHARED

MAP_FILE = PACKS / "boston" / "import.toml"
COMPLAINTS = SHARED / "complaints"
COLUMNS = (
    "case_enquiry_id", "open_dt", "target_dt", "closed_dt", "case_status", "closure_reason", "case_title", "reason",
    "type", "department", "location", "location_street_name", "latitude", "longitude",
)  # fmt: skip
GOOD = {
    "case_enquiry_id": "1",
    "open_dt": "2022-01-21 13:47:00",
    "target_dt": "2022-02-04 13:47:30",
    "case_status": "Open",
    "case_title": "Request for Pothole Repair",
    "type": "Request for Pothole Repair",
    "department": "PWDx",
    "location": "42 Cross St  Boston  MA  02113",
    "latitude": "42.3634",
    "longitude": "-71.0566",
}


def mapping() -> dict[str, Any]:
    """The `import.toml` of Boston, fresh, to be changed at will."""
    return tomllib.loads(MAP_FILE.read_text(encoding="utf-8"))


def row(**changes: str) -> dict[str, str]:
    """A row that is fine, with some cells changed."""
    return GOOD | changes


def written(path: Path, rows: Sequence[Mapping[str, str]], *, delimiter: str = ",") -> Path:
    """Write rows into a file as Boston would."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one of the shared files."""
    with (COMPLAINTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t" if name.endswith(".tsv") else ","))
