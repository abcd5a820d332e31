"""What an import does with rows that are wrong, and with files that are none."""

from pathlib import Path
from typing import Any

import pytest

from veche.commons.casework.models import Clock, Step
from veche.commons.submissions.models import Submission
from veche.kernel.refusals import Refused
from veche.modules.reports.models import Report
from veche.modules.reports.services import ImportResult, import_reports, takeover
from veche.modules.reports.tests.foreign_files import mapping, row, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def run(path: Path, city: Any, now: Any, raw: dict[str, Any] | None = None) -> ImportResult:
    return import_reports(path, raw or mapping(), city=city, now=now)


WRONG = [
    ({"open_dt": ""}, "reports.row-blank", "filed_at"),
    ({"open_dt": "2022-02-30 10:00:00"}, "reports.row-date", "filed_at"),
    ({"open_dt": "0001-01-01 00:00:00", "target_dt": "9999-12-31 23:59:59"}, "reports.row-date", "due_at"),
    ({"open_dt": "2030-01-01 10:00:00"}, "reports.row-future", "filed_at"),
    ({"closed_dt": "2021-01-01 10:00:00"}, "reports.row-closed-early", "closed_at"),
    ({"closed_dt": "yesterday"}, "reports.row-date", "closed_at"),
    ({"latitude": "north"}, "reports.row-point", "lat"),
    ({"latitude": "nan"}, "reports.row-point", "lat"),
    ({"latitude": "0", "longitude": "0"}, "reports.row-point", "lat"),
    ({"latitude": "1e400"}, "reports.row-point", "lat"),
    ({"latitude": "58.0", "longitude": "56.2"}, "places.outside-city", "lat"),
    ({"type": "Mermaids", "reason": "Sea"}, "reports.row-category", "category"),
    ({"case_status": "Pending"}, "reports.row-status", "status"),
    ({"case_title": "x" * 4001}, "submissions.text-too-long", "text"),
    ({"case_title": "!!! ???"}, "submissions.text-without-words", "text"),
    ({"location": "x" * 301}, "submissions.address-too-long", "address"),
    ({"case_enquiry_id": "9" * 81}, "reports.row-too-long", "external_id"),
    (
        {"case_status": "Closed", "department": "GEN", "type": "Employee & General Comments"},
        "reports.row-no-office",
        "office",
    ),
]


@pytest.mark.parametrize(
    ("changes", "code", "field"), WRONG, ids=[f"{one[1]}-{n}" for n, one in enumerate(WRONG)]
)
def test_a_wrong_row_stays_outside_and_says_why(
    changes: Any, code: str, field: str, boston: Any, now: Any, file: Path
) -> None:
    result = run(
        written(file, [row(), row(case_enquiry_id="2") | changes, row(case_enquiry_id="3")]), boston, now
    )
    assert (result.read, result.imported, len(result.rejects)) == (3, 2, 1)
    assert result.rejects[0].row == 3
    assert (code, field) in {(one.code, one.field) for one in result.rejects[0].refusals}
    assert Report.objects.count() == 2


def test_a_row_with_a_line_break_and_a_blank_line_keep_the_numbers_right(
    boston: Any, now: Any, file: Path
) -> None:
    written(file, [row(case_title="two\nlines"), row(case_enquiry_id="2", case_status="?")])
    head, _, rest = file.read_text().partition("\n")
    file.write_text(f"{head}\n\n{rest}")
    (reject,) = run(file, boston, now).rejects
    assert reject.row == 5  # header, blank, two lines of one row, then the wrong one
    assert Submission.objects.get().text == "two lines"


def test_a_quote_that_never_ends_spoils_its_own_row_only(boston: Any, now: Any, file: Path) -> None:
    written(file, [row(), row(case_enquiry_id="2")])
    with file.open("a") as more:
        more.write('3,"' + "x" * 200_000 + "\n")
    result = run(file, boston, now)
    assert (result.imported, len(result.rejects)) == (2, 1)
    assert result.rejects[0].refusals[0].code == "reports.row-unreadable"


def test_a_date_without_a_time_is_noon_there(boston: Any, now: Any, file: Path) -> None:
    days = ["2022-01-21", "21/01/2022", "21.01.2022", "21-01-2022"]
    run(written(file, [row(case_enquiry_id=day, open_dt=day) for day in days]), boston, now)
    moments = set(Submission.objects.values_list("received_at", flat=True))
    assert [one.isoformat() for one in moments] == ["2022-01-21T17:00:00+00:00"]
    assert Submission.objects.count() == 4


def test_the_night_the_clocks_change_is_read(boston: Any, now: Any, file: Path) -> None:
    times = ["2022-03-13 02:30:00", "2022-11-06 01:30:00"]  # one never was, one was twice
    run(written(file, [row(case_enquiry_id=one, open_dt=one, target_dt="") for one in times]), boston, now)
    assert [
        one.isoformat()
        for one in Submission.objects.order_by("received_at").values_list("received_at", flat=True)
    ] == [
        "2022-03-13T07:30:00+00:00",
        "2022-11-06T05:30:00+00:00",
    ]


def test_without_a_zone_of_its_own_a_file_is_in_the_zone_of_the_city(
    boston: Any, now: Any, file: Path
) -> None:
    raw = mapping()
    del raw["dates"]["tz"]
    run(written(file, [row()]), boston, now, raw)
    assert Submission.objects.get().received_at.isoformat() == "2022-01-21T18:47:00+00:00"


def test_a_refusal_is_known_by_its_phrase_though_cleaning_cuts_it_out(
    boston: Any, now: Any, file: Path
) -> None:
    raw = mapping()
    raw["clean"].append({"field": "answer", "pattern": r"(?i)case\s+invalid", "replace": ""})
    said = "CASE  INVALID This is a private street."
    run(
        written(file, [row(case_status="Closed", closed_dt="2022-01-22 10:00:00", closure_reason=said)]),
        boston,
        now,
        raw,
    )
    step = Step.objects.get()
    assert (step.verb, step.reason, step.text) == ("refuse", "invalid", "This is a private street.")
    assert Report.objects.get().status == "refused"


def test_a_target_before_the_filing_is_no_target(boston: Any, now: Any, file: Path) -> None:
    run(written(file, [row(target_dt="2022-01-20 00:00:00")]), boston, now)
    assert Clock.objects.get().term == "service-2w"


def test_more_cells_than_columns_may_be_ignored_where_the_mapping_says_so(
    boston: Any, now: Any, file: Path
) -> None:
    written(file, [row()])
    file.write_text(file.read_text().rstrip() + ",surplus,surplus\n")
    raw = mapping()
    assert run(file, boston, now).imported == 0
    raw["file"]["extra_fields"] = "ignore"
    assert run(file, boston, now, raw).imported == 1


@pytest.mark.parametrize(
    ("word", "sign"), [("tab", "\t"), (";", ";"), ("auto", "\t"), ("auto", ";"), ("auto", "|")]
)
def test_delimiters(word: str, sign: str, boston: Any, now: Any, file: Path) -> None:
    raw = mapping()
    raw["file"]["delimiter"] = word
    assert run(written(file, [row()], delimiter=sign), boston, now, raw).imported == 1


def test_control_characters_do_not_reach_the_database(boston: Any, now: Any, file: Path) -> None:
    run(
        written(file, [row(case_title="Pot\0hole \x07 here", closure_reason="\0done", case_status="Closed")]),
        boston,
        now,
    )
    assert Submission.objects.get().text == "Pothole here"
    assert not any("\0" in text for text in Step.objects.values_list("text", flat=True))


def test_a_run_that_dies_leaves_whole_batches_and_the_next_completes_it(
    boston: Any, now: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(file, [row(case_enquiry_id=str(n)) for n in range(25)])
    monkeypatch.setattr(takeover, "BATCH", 10)
    calls = []

    def dies(*args: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        true(*args, **more)

    true = takeover._follow
    monkeypatch.setattr(takeover, "_follow", dies)  # the last write of a batch
    with pytest.raises(KeyboardInterrupt):
        run(file, boston, now)
    assert Report.objects.count() == Submission.objects.count() == Clock.objects.count() == 20
    monkeypatch.setattr(takeover, "_follow", true)
    second = run(file, boston, now)
    assert (second.imported, second.duplicates) == (5, 20)
    assert Report.objects.count() == Submission.objects.count() == Clock.objects.count() == 25


BAD_MAPPINGS: list[tuple[Any, str, str]] = [
    (lambda raw: raw.update(colour="red"), "reports.mapping-unknown", "colour"),
    (lambda raw: raw["columns"].update(colour="red"), "reports.mapping-unknown", "columns.colour"),
    (lambda raw: raw.pop("statuses"), "reports.mapping-missing", "statuses"),
    (lambda raw: raw.pop("source"), "reports.mapping-missing", "source"),
    (lambda raw: raw["columns"].pop("lat"), "reports.mapping-missing", "columns.lat"),
    (lambda raw: raw["columns"].pop("status"), "reports.mapping-missing", "columns.status"),
    (lambda raw: raw.update(columns="all"), "reports.mapping-wrong", "columns"),
    (lambda raw: raw["dates"].update(tz="Mars/Olympus"), "reports.mapping-wrong", "Mars"),
    (lambda raw: raw["dates"].update(missing_time="noon"), "reports.mapping-wrong", "noon"),
    (lambda raw: raw["mask"].append({"pattern": "("}), "reports.mapping-wrong", "unterminated"),
    (lambda raw: raw["mask"].append({"pattern": "a", "replace": r"\9"}), "reports.mapping-wrong", "group"),
    (lambda raw: raw["mask"].append({"replace": ""}), "reports.mapping-wrong", "pattern"),
    (lambda raw: raw["statuses"].update(Open="sleeping"), "reports.mapping-wrong", "sleeping"),
    (lambda raw: raw["status_when"].append({"phrase": "x"}), "reports.mapping-wrong", "phrase"),
    (
        lambda raw: raw["clean"].append({"field": "colour", "pattern": "a"}),
        "reports.mapping-unknown",
        "colour",
    ),
    (lambda raw: raw["file"].update(delimiter="::"), "reports.mapping-wrong", "delimiter"),
    (lambda raw: raw.update(source="x" * 41), "reports.mapping-wrong", "source"),
]


@pytest.mark.parametrize(
    ("spoil", "code", "says"), BAD_MAPPINGS, ids=[str(n) for n in range(len(BAD_MAPPINGS))]
)
def test_a_wrong_mapping_is_refused_before_the_first_row(
    spoil: Any, code: str, says: str, boston: Any, now: Any, file: Path
) -> None:
    raw = mapping()
    spoil(raw)
    with pytest.raises(Refused) as caught:
        run(written(file, [row()]), boston, now, raw)
    assert any(one.code == code and says in str(one.params["key"]) for one in caught.value.refusals)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "reports.file-empty"),
        (b"\xef\xbb\xbf", "reports.file-empty"),
        (b"a,b,c\n1,2,3\n", "reports.file-column"),
        (b"\x81\x8d\x8f\x90", "reports.file-encoding"),
    ],
)
def test_a_wrong_file_is_refused(content: bytes, code: str, boston: Any, now: Any, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(Refused) as caught:
        run(file, boston, now)
    assert caught.value.codes[0] == code


def test_a_folder_is_no_file(boston: Any, now: Any, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"reports\.file-unreadable"):
        run(tmp_path, boston, now)
