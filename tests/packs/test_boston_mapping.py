"""The mapping of Boston's exports names only what the pack has, and covers every row of the shared samples."""

import csv
import re
import tomllib

import pytest
from tests.shared import PACKS, SHARED, needs_shared

from veche.kernel.pack import read_pack

MAPPING = tomllib.loads((PACKS / "boston" / "import.toml").read_text(encoding="utf-8"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def cleaned(field: str, text: str) -> str:
    for rule in MAPPING["clean"]:
        if rule["field"] == field:
            text = re.sub(rule["pattern"], rule["replace"], text)
    for mask in MAPPING["mask"]:
        text = re.sub(mask["pattern"], mask["replace"], text)
    return text.strip()


def rows(name: str) -> list[dict[str, str]]:
    with (SHARED / "complaints" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_mapping_names_only_what_the_pack_has() -> None:
    pack = read_pack(PACKS / "boston")
    assert set(MAPPING["categories"].values()) <= {one.code for one in pack.categories if one.parent}
    assert set(MAPPING["offices"].values()) <= {one.code for one in pack.offices}
    refused = {reason.code for reason in pack.reasons if reason.group == "refused"}
    assert {rule["reason"] for rule in MAPPING["status_when"]} <= refused


@needs_shared
@pytest.mark.parametrize(
    "name", ["boston311-100.csv", "boston311-dmy-100.csv", "boston311-100-with-nonascii.csv"]
)
def test_every_row_finds_a_category_and_a_status(name: str) -> None:
    known = {squeezed(word) for word in MAPPING["categories"]}
    for row in rows(name):
        assert any(squeezed(row[column]) in known for column in MAPPING["columns"]["category"]), row
        assert row[MAPPING["columns"]["status"]] in MAPPING["statuses"]


@needs_shared
def test_personal_data_is_masked() -> None:
    answers = [cleaned("answer", row["closure_reason"]) for row in rows("boston311-100-with-fake-pii.csv")]
    whole = "\n".join(answers)
    for secret in ("212-555-1234", "987-65-4320", "378734493671000", "joeblows@aol.com", "212-123-5432"):
        assert secret not in whole
    assert whole.count("[telephone hidden]") >= 2
