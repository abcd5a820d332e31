"""Every file that Boston exported goes into the house as it stands."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from tests.shared import needs_shared

from veche.commons.casework.models import Case, Clock, Step
from veche.commons.journal.models import FactRow, Outbox
from veche.commons.notices.models import Notice
from veche.commons.submissions.models import Submission
from veche.modules.reports.models import Report
from veche.modules.reports.services import ImportResult, import_reports
from veche.modules.reports.tests.foreign_files import COMPLAINTS, mapping, rows_of

pytestmark = [needs_shared, pytest.mark.django_db]
NEW_YORK = ZoneInfo("America/New_York")
FILES = {
    "boston311-100.csv": (100, 100, 0, 0),
    "boston311-dmy-100.csv": (100, 100, 0, 0),
    "boston311-100-with-nonascii.csv": (100, 100, 0, 0),
    "boston311-100-with-fake-pii.csv": (100, 100, 0, 0),
    "boston311-100-20dupes-random.csv": (100, 80, 20, 0),
    "boston311-100-bad.tsv": (100, 99, 0, 1),
}


def taken(name: str, city: Any, now: datetime, **more: Any) -> ImportResult:
    return import_reports(COMPLAINTS / name, mapping(), city=city, now=now, **more)


def figures(result: ImportResult) -> tuple[int, int, int, int]:
    return result.read, result.imported, result.duplicates, len(result.rejects)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=NEW_YORK).astimezone(UTC)


def everything() -> str:
    """Every value of every table, as text."""
    return "\n".join(
        str(values) for model in apps.get_models() for values in model._default_manager.values_list()
    )


def table() -> list[tuple[object, ...]]:
    reports = Report.objects.order_by("submission__external_id")
    return list(
        reports.values_list(
            "submission__external_id",
            "filed_at",
            "due_at",
            "answered_at",
            "status",
            "overdue",
            "title",
            "lat",
        )
    )


@pytest.mark.parametrize("name", FILES)
def test_the_figures_of_each_file(name: str, boston: Any, now: datetime) -> None:
    read, imported, duplicates, rejected = FILES[name]
    assert figures(taken(name, boston, now)) == (read, imported, duplicates, rejected)
    assert Report.objects.count() == Case.objects.count() == Submission.objects.count() == imported


@pytest.mark.parametrize("name", FILES)
def test_a_second_run_adds_nothing(name: str, boston: Any, now: datetime) -> None:
    first = taken(name, boston, now)
    before = table(), FactRow.objects.count(), Clock.objects.count(), Step.objects.count()
    second = taken(name, boston, now)
    assert figures(second) == (first.read, 0, first.imported + first.duplicates, len(first.rejects))
    assert (table(), FactRow.objects.count(), Clock.objects.count(), Step.objects.count()) == before


def test_a_dry_run_foresees_and_writes_nothing(boston: Any, now: datetime) -> None:
    empty = everything()
    foreseen = taken("boston311-100-20dupes-random.csv", boston, now, dry_run=True)
    assert everything() == empty
    assert figures(foreseen) == figures(taken("boston311-100-20dupes-random.csv", boston, now))
    again = taken("boston311-100.csv", boston, now, dry_run=True)
    assert figures(again) == figures(taken("boston311-100.csv", boston, now))


def test_day_first_dates_equal_the_iso_ones(boston: Any, now: datetime) -> None:
    taken("boston311-100.csv", boston, now)
    iso = table()
    rows = {
        external: (filed, due)
        for external, filed, due in Submission.objects.values_list("external_id", "received_at", "id")
    }
    other = mapping() | {"source": "day-first"}
    import_reports(COMPLAINTS / "boston311-dmy-100.csv", other, city=boston, now=now)
    both: dict[str, set[datetime]] = {}
    for external, received in Submission.objects.values_list("external_id", "received_at"):
        both.setdefault(str(external), set()).add(received)
    assert len(both) == len(rows) == len(iso) == 100
    assert all(len(moments) == 1 for moments in both.values())
    clocks = [
        sorted(
            Clock.objects.filter(
                case__subject_id__in=Submission.objects.filter(source=source).values("id")
            ).values_list("stage", "started_at", "due_at", "stopped_at", "missed_at"),
            key=str,
        )
        for source in ("boston311", "day-first")
    ]
    assert clocks[0] == clocks[1]


def test_dates_are_those_of_new_york(boston: Any, now: datetime) -> None:
    taken("boston311-100.csv", boston, now)
    received = dict(Submission.objects.values_list("external_id", "received_at"))
    assert received == {
        one["case_enquiry_id"]: moment(one["open_dt"]) for one in rows_of("boston311-100.csv")
    }
    assert received["101004143000"] == datetime(2022, 1, 21, 18, 47, tzinfo=UTC)


def test_the_clocks_agree_with_the_file(boston: Any, now: datetime) -> None:
    """Where the file gives a target, our clock runs to it and is missed exactly where the file says OVERDUE."""
    taken("boston311-100.csv", boston, now)
    ours = {
        subject: (due, missed is not None)
        for subject, due, missed in Clock.objects.filter(stage="answer", term="imported").values_list(
            "case__subject_id", "due_at", "missed_at"
        )
    }
    ids = dict(Submission.objects.values_list("external_id", "id"))
    theirs = {
        ids[one["case_enquiry_id"]]: (moment(one["target_dt"]), one["ontime"] == "OVERDUE")
        for one in rows_of("boston311-100.csv")
        if one["target_dt"]
    }
    assert ours == theirs
    assert Counter(late for _, late in ours.values()) == {True: 17, False: 72}


def test_rows_without_a_target_get_the_term_of_the_pack(boston: Any, now: datetime) -> None:
    taken("boston311-100.csv", boston, now)
    terms = Counter(Clock.objects.filter(stage="answer").values_list("term", flat=True))
    assert terms["imported"] == 89
    assert terms.total() == 100
    assert set(terms) == {"imported", "service-30", "service-2w"}


def test_what_was_closed_there_is_answered_and_confirmed_here(boston: Any, now: datetime) -> None:
    taken("boston311-100.csv", boston, now)
    status = dict(Report.objects.values_list("submission__external_id", "status"))
    answered = dict(Report.objects.values_list("submission__external_id", "answered_at"))
    for one in rows_of("boston311-100.csv"):
        key = one["case_enquiry_id"]
        if one["case_status"] == "Open":
            assert status[key] == "routed"
            assert answered[key] is None
        else:
            assert status[key] == ("refused" if "Case Invalid" in one["closure_reason"] else "confirmed")
            assert answered[key] == moment(one["closed_dt"])


def test_an_office_of_the_file_wins_over_the_routing_table(boston: Any, now: datetime) -> None:
    taken("boston311-100.csv", boston, now)
    offices = dict(Report.objects.values_list("submission__external_id", "office__code"))
    assert offices["101004143000"] == "btd"  # a comment, filed under the Transportation Department
    assert offices["101004154423"] == "water-sewer"  # INFO is no office of ours, so the table decides


def test_letters_outside_ascii_are_kept(boston: Any, now: datetime) -> None:
    taken("boston311-100-with-nonascii.csv", boston, now)
    assert Step.objects.get(case__subject_id=_id("101004114021"), verb="answer").text == "Dëad rat picked up"
    assert (
        Submission.objects.get(external_id="101004115281").address == "211 Sàratoga St East Boston MA 02128"
    )


def test_personal_data_is_nowhere_in_the_database(boston: Any, now: datetime) -> None:
    taken("boston311-100-with-fake-pii.csv", boston, now)
    whole = everything()
    for secret in ("212-555-1234", "987-65-4320", "378734493671000", "joeblows", "aol.com", "212-123-5432"):
        assert secret not in whole, secret
    assert "[telephone hidden]" in whole
    assert "[e-mail hidden]" in whole


def test_twenty_repeated_rows_are_counted_once(boston: Any, now: datetime) -> None:
    taken("boston311-100-20dupes-random.csv", boston, now)
    assert Submission.objects.values("external_id").distinct().count() == 80


def test_the_broken_row_is_named_with_its_number_and_its_reason(boston: Any, now: datetime) -> None:
    (broken,) = taken("boston311-100-bad.tsv", boston, now).rejects
    lines = (COMPLAINTS / "boston311-100-bad.tsv").read_text().splitlines()
    assert lines[broken.row - 1].split("\t") == list(broken.cells)
    (refusal,) = broken.refusals
    assert refusal.code == "reports.row-fields"
    assert dict(refusal.params) == {"found": 30, "wanted": 29}


def test_nobody_is_told_of_the_past(boston: Any, now: datetime, deliver: Any) -> None:
    taken("boston311-100.csv", boston, now)
    waiting = Outbox.objects.values("fact_id")
    kinds = (
        FactRow.objects.filter(id__in=waiting)
        .exclude(kind__startswith="places.")
        .exclude(kind__startswith="offices.")
    )
    assert list(kinds.values_list("kind", flat=True)) == ["reports.ReportsImported"]
    deliver()
    assert not Notice.objects.exists()


def test_all_files_together_are_one_set_of_reports(boston: Any, now: datetime) -> None:
    for name in FILES:
        taken(name, boston, now)
    every = {one["case_enquiry_id"] for name in FILES for one in rows_of(name) if None not in one}
    assert set(Submission.objects.values_list("external_id", flat=True)) == every


def _id(external: str) -> UUID:
    return Submission.objects.get(external_id=external).id
