"""`veche reports import FILE --city CITY --mapping MAP.toml`: what it prints, writes and answers."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.shared import needs_shared

from veche.modules.reports.models import Report
from veche.modules.reports.tests.foreign_files import COMPLAINTS, MAP_FILE, row, written
from veche.site.console import main

pytestmark = pytest.mark.django_db
KEYS = ["read", "imported", "duplicates", "rejected", "rejects_file"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(
        tmp_path / "year.csv",
        [row(), row(case_enquiry_id="2", case_status="Pending", case_title="Ünruly, “quoted”"), row()],
    )


def run(*words: Any, mapping: Path = MAP_FILE, city: str = "boston") -> int:
    return main(["reports", "import", *map(str, words), "--city", city, "--mapping", str(mapping)])


def test_json_prints_exactly_the_figures(boston: Any, file: Path, capsys: Any) -> None:
    assert run(file, "--json") == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert list(figures) == KEYS
    assert err == ""
    rejects = file.with_name("year.rejects.csv")
    assert figures == {"read": 3, "imported": 1, "duplicates": 1, "rejected": 1, "rejects_file": str(rejects)}


def test_the_rejects_file_holds_the_row_its_number_and_the_reason(
    boston: Any, file: Path, capsys: Any
) -> None:
    assert run(file) == 0
    with file.with_name("year.rejects.csv").open(encoding="utf-8", newline="") as stream:
        (reject,) = csv.DictReader(stream)
    assert reject["row_number"] == "3"
    assert "Pending" in reject["reject_reason"]
    assert reject["reject_reason"].startswith("status: ")
    assert reject["case_title"] == "Ünruly, “quoted”"
    assert reject["latitude"] == "42.3634"


def test_a_mended_rejects_file_can_be_imported_itself(boston: Any, file: Path, capsys: Any) -> None:
    run(file)
    rejects = file.with_name("year.rejects.csv")
    rejects.write_text(rejects.read_text(encoding="utf-8").replace(",Pending,", ",Open,"), encoding="utf-8")
    capsys.readouterr()
    assert run(rejects, "--json") == 0
    assert json.loads(capsys.readouterr().out)["imported"] == 1
    assert Report.objects.count() == 2


def test_rejects_go_where_they_are_told(boston: Any, file: Path, tmp_path: Path, capsys: Any) -> None:
    assert run(file, "--rejects", tmp_path / "bad.csv") == 0
    assert (tmp_path / "bad.csv").is_file()
    assert not file.with_name("year.rejects.csv").exists()


def test_nowhere_to_write_rejects_is_said_before_anything_is_taken_over(
    boston: Any, file: Path, tmp_path: Path, capsys: Any
) -> None:
    assert run(file, "--rejects", tmp_path / "no" / "folder.csv") == 1
    assert "--rejects" in capsys.readouterr().err
    assert not Report.objects.exists()


def test_a_dry_run_leaves_no_trace(boston: Any, file: Path, capsys: Any) -> None:
    assert run(file, "--dry-run", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures == {"read": 3, "imported": 1, "duplicates": 1, "rejected": 1, "rejects_file": None}
    assert not Report.objects.exists()
    assert [one.name for one in file.parent.iterdir()] == ["year.csv"]


def test_a_dry_run_for_people_tells_the_reasons(boston: Any, file: Path, capsys: Any) -> None:
    assert run(file, "--dry-run") == 0
    out = capsys.readouterr().out
    assert "Pending" in out
    assert [line.split()[0] for line in out.splitlines()[:5]] == KEYS


def test_a_file_without_bad_rows_leaves_no_rejects_file(boston: Any, tmp_path: Path, capsys: Any) -> None:
    file = written(tmp_path / "good.csv", [row()])
    assert run(file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["rejects_file"] is None
    assert [one.name for one in tmp_path.iterdir()] == ["good.csv"]


@needs_shared
def test_the_broken_file_of_boston(boston: Any, tmp_path: Path, capsys: Any) -> None:
    file = Path(shutil.copy(COMPLAINTS / "boston311-100-bad.tsv", tmp_path))
    assert run(file, "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert [figures[key] for key in KEYS[:4]] == [100, 99, 0, 1]
    assert len(Path(figures["rejects_file"]).read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("wrong", ["city", "file", "folder", "mapping", "toml", "key", "empty"])
def test_what_cannot_be_done_is_one_sentence(
    wrong: str, boston: Any, file: Path, tmp_path: Path, capsys: Any
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("= nothing" if wrong == "toml" else 'colour = "red"')
    (tmp_path / "empty.csv").touch()
    answers = {
        "city": lambda: run(file, city="atlantis"),
        "file": lambda: run(tmp_path / "nothing.csv"),
        "folder": lambda: run(tmp_path),
        "mapping": lambda: run(file, mapping=tmp_path / "nothing.toml"),
        "toml": lambda: run(file, mapping=bad),
        "key": lambda: run(file, mapping=bad),
        "empty": lambda: run(tmp_path / "empty.csv"),
    }
    assert answers[wrong]() == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err) > 10
    assert "Traceback" not in err
    assert not Report.objects.exists()


def test_wrong_usage_is_two(boston: Any, capsys: Any) -> None:
    assert main(["reports", "import"]) == 2
    assert "usage" in capsys.readouterr().err
