"""Who is told what, and that everybody is told once."""

from datetime import timedelta

from tests.cast import an_officer

from veche.commons.casework.services import sweep_deadlines
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import filed, moved, notices_of, unrouted


def test_a_new_report_is_told_to_the_officers_of_its_office_and_leads_them_to_the_workplace(
    perm, alice, boris, olga, dina, now, deliver
):
    number = number_of(filed(perm, alice, now=now).serial)
    deliver()
    assert notices_of(boris) == [
        (f"New report {number} for Roads department.", f"/perm/work/{number}/"),
    ]
    assert notices_of(olga) == notices_of(dina) == notices_of(alice) == []


def test_what_no_rule_routes_is_told_to_the_dispatcher(perm, alice, boris, dina, now, deliver):
    number = number_of(unrouted(perm, alice, now=now).serial)
    deliver()
    assert notices_of(dina) == [
        (f"Report {number} waits for you to choose an office.", f"/perm/work/{number}/"),
    ]
    assert notices_of(boris) == []


def test_an_answer_is_told_to_the_author_and_to_those_who_joined_and_not_to_the_officer(
    perm, alice, clara, boris, now, deliver
):
    report = filed(perm, alice, now=now)
    services.join_report(report.pk, by=clara, now=now)
    deliver()
    before = len(notices_of(boris))
    moved(report, "answer", boris, now=now)
    deliver()
    number = number_of(report.serial)
    page = f"/perm/reports/{number}"
    said = f"№\u00a0{number}. Roads department answered. Now it is for the author to confirm."
    assert notices_of(alice)[-1:] == [(said, page)]
    assert notices_of(clara)[-1:] == [(said, page)]
    assert len(notices_of(boris)) == before


def test_not_ours_names_the_office_that_said_so_and_calls_the_dispatcher(
    perm, alice, boris, dina, now, deliver
):
    report = filed(perm, alice, now=now)
    moved(report, "not_ours", boris, now=now)
    deliver()
    assert "Roads department says that this is not theirs" in notices_of(alice)[-1][0]
    assert "waits for you to choose an office" in notices_of(dina)[-1][0]


def test_a_late_delivery_names_the_office_of_the_step_and_not_the_newest(
    perm, alice, boris, dina, office_id, now, deliver
):
    report = filed(perm, alice, now=now)
    moved(report, "not_ours", boris, now=now)
    services.route_report(report.pk, office_id("parks"), by=dina, now=now)
    deliver()
    told = [sentence for sentence, _ in notices_of(alice)]
    assert "Roads department says" in told[0]
    assert told[1].endswith(". We passed the report to Parks department.")


def test_a_late_delivery_names_the_day_that_was_planned_though_the_answer_came_first(
    perm, alice, boris, now, deliver
):
    report = filed(perm, alice, now=now)
    moved(report, "plan", boris, now=now, planned_on=now.date() + timedelta(days=9))
    moved(report, "plan", boris, now=now, planned_on=now.date() + timedelta(days=12))
    moved(report, "answer", boris, now=now)
    deliver()
    told = [sentence for sentence, _ in notices_of(alice) if "planned the work for" in sentence]
    days = [now.date() + timedelta(days=later) for later in (9, 12)]
    written = [f"for {day.day}\u00a0{day:%B %Y}." for day in days]
    assert [sentence.rpartition("work ")[2] for sentence in told] == written


def test_handing_over_tells_the_new_officers_and_the_author(
    perm, alice, boris, olga, office_id, now, deliver
):
    report = filed(perm, alice, now=now)
    services.hand_over_report(report.pk, office_id("parks"), reason="", by=boris, now=now)
    before = len(notices_of(boris))
    deliver()
    number = number_of(report.serial)
    assert notices_of(olga) == [
        (f"Report {number} waits for an answer of Parks department.", f"/perm/work/{number}/")
    ]
    assert notices_of(alice) == [
        (
            f"Report {number} was handed over to Parks department; the clock runs on.",
            f"/perm/reports/{number}",
        )
    ]
    assert all("handed over" not in sentence for sentence, _ in notices_of(boris)[before:])


def test_a_duplicate_names_the_earlier_report(perm, alice, boris, now, deliver):
    first = filed(perm, alice, now=now)
    second = filed(perm, alice, now=now)
    moved(second, "duplicate", boris, now=now, duplicate_of=first.pk)
    deliver()
    said = notices_of(alice)[-1][0]
    assert said.startswith(f"№\u00a0{number_of(second.serial)}. ")
    assert said.endswith(f" follow it under number {number_of(first.serial)}.")


def test_an_officer_who_wrote_the_report_is_told_once(perm, boris, now, deliver):
    report = filed(perm, boris, now=now)
    moved(report, "answer", boris, now=now)
    moved(report, "send_back", boris, now=now)
    deliver()
    assert notices_of(boris) == []


def test_one_colleague_acts_and_the_other_hears_what_comes_back(perm, alice, boris, office_id, now, deliver):
    gleb = an_officer("gleb", perm, office_id("roads"), now=now)
    report = filed(perm, alice, now=now)
    moved(report, "answer", boris, now=now)
    moved(report, "send_back", alice, now=now)
    deliver()
    assert [s for s, _ in notices_of(gleb) if "waits for an answer" in s]
    assert [s for s, _ in notices_of(boris) if "waits for an answer" in s]
    assert not [s for s, _ in notices_of(alice) if "sent the answer back" in s]


def test_the_same_facts_delivered_twice_tell_once(perm, alice, boris, now, deliver):
    from veche.commons.journal.models import Delivery, FactRow, Outbox

    report = filed(perm, alice, now=now)
    moved(report, "answer", boris, now=now)
    deliver()
    once = notices_of(alice)
    Delivery.objects.filter(listener__contains="notices").delete()
    Outbox.objects.bulk_create([Outbox(fact=row, due_at=now) for row in FactRow.objects.all()])
    deliver()
    assert notices_of(alice) == once


def test_a_missed_term_flags_the_report_and_tells_both_sides(perm, alice, boris, now, deliver):
    report = filed(perm, alice, now=now, category="snow")
    later = now + timedelta(days=10)
    sweep_deadlines(later)
    deliver(later)
    report.refresh_from_db()
    assert report.overdue
    assert "has passed; Roads department still owes the answer" in notices_of(alice)[-1][0]
    assert "has passed" in notices_of(boris)[-1][0]


def test_a_term_missed_before_anybody_was_chosen_is_told_to_the_dispatcher(perm, alice, dina, now, deliver):
    unrouted(perm, alice, now=now)
    later = now + timedelta(days=20)
    sweep_deadlines(later)
    deliver(later)
    assert "has passed; the dispatcher still owes the answer" in notices_of(dina)[-1][0]


def test_silence_confirms_an_answer_and_says_so(perm, alice, boris, now, deliver):
    report = filed(perm, alice, now=now)
    moved(report, "answer", boris, now=now)
    later = now + timedelta(days=9)
    sweep_deadlines(later)
    deliver(later)
    report.refresh_from_db()
    assert report.status == "confirmed"
    assert "did not object within the term" in notices_of(alice)[-1][0]


def test_silence_after_a_refusal_changes_nothing_but_the_clock(perm, alice, boris, now, deliver):
    report = filed(perm, alice, now=now)
    moved(report, "refuse", boris, now=now)
    later = now + timedelta(days=9)
    sweep_deadlines(later)
    deliver(later)
    found = Report.objects.get(pk=report.pk)
    assert (found.status, found.due_at, found.overdue) == ("refused", None, False)
