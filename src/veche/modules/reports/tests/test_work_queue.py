"""The officer's queue: order, filters, paging, bulk acts."""

from datetime import timedelta

import pytest
from django.utils.html import escape
from tests.cast import a_person, an_officer

from veche.commons.casework.models import Case
from veche.commons.casework.services import sweep_deadlines
from veche.kernel.ids import number_of
from veche.modules.reports import queries
from veche.modules.reports.models import Report
from veche.modules.reports.queries import WorkFilter
from veche.modules.reports.tests.work_cast import filed, moved, unrouted

QUEUE = "/perm/work/"


def serials(rows):
    return [one.row.serial for one in rows]


def tick(client, *reports, **fields):
    return client.post(QUEUE, {"report": [str(one.pk) for one in reports], **fields})


def test_a_visitor_is_asked_to_sign_in_and_comes_back(perm, client):
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/perm/work/"


def test_a_citizen_has_no_workplace(perm, alice, signed_in):
    assert signed_in(alice).get(QUEUE).status_code == 403


def test_overdue_comes_first_then_what_is_due_soonest(perm, alice, boris, now, deliver, office_id):
    early = filed(perm, alice, now=now - timedelta(days=20), category="snow")
    later = filed(perm, alice, now=now - timedelta(hours=2))
    soon = filed(perm, alice, now=now - timedelta(days=2))
    sweep_deadlines(now)
    deliver()
    rows = queries.office_queue([office_id("roads")], WorkFilter())
    assert serials(rows) == [early.serial, soon.serial, later.serial]


def test_what_has_no_term_comes_last_and_is_not_lost_between_pages(perm, alice, boris, now, office_id):
    reports = [filed(perm, alice, now=now + timedelta(days=day)) for day in range(4)]
    Report.objects.filter(pk=reports[0].pk).update(due_at=None)
    Report.objects.filter(pk=reports[2].pk).update(overdue=True)
    offices, seen, key = [office_id("roads")], [], None
    while rows := queries.office_queue(offices, WorkFilter(), after=key, limit=1):
        seen += serials(rows)
        key = rows[-1].key
    assert seen == [reports[at].serial for at in (2, 1, 3, 0)]


def test_answered_ones_are_paged_too(perm, alice, boris, now, office_id):
    reports = [moved(filed(perm, alice, now=now), "refuse", boris, now=now) for _ in range(3)]
    Report.objects.update(due_at=None)
    first = queries.office_queue([office_id("roads")], WorkFilter(done=True), limit=2)
    rest = queries.office_queue([office_id("roads")], WorkFilter(done=True), after=first[-1].key, limit=2)
    assert serials(first + rest) == [one.serial for one in reversed(reports)]


def test_the_queue_shows_only_the_own_office(perm, alice, boris, olga, now, signed_in):
    mine = filed(perm, alice, now=now)
    theirs = filed(perm, alice, now=now, category="broken-bench", answers={"parts": "seat"})
    page = signed_in(boris).get(QUEUE).content.decode()
    assert f"/work/{number_of(mine.serial)}/" in page
    assert f"/work/{number_of(theirs.serial)}/" not in page


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("?q=яма", {0, 1}),
        ("?q=ЁЛКИ", set()),
        ("?group=roads", {0, 1}),
        ("?group=crime", set()),
        ("?status=in_work", {1}),
        ("?whose=mine", {1}),
        ("?whose=nobody", {0}),
        ("?overdue=1", set()),
        ("?done=1", set()),
    ],
)
def test_filters_narrow_the_queue(question, found, perm, alice, boris, now, signed_in):
    reports = [filed(perm, alice, now=now), moved(filed(perm, alice, now=now), "take", boris, now=now)]
    page = signed_in(boris).get(QUEUE + question).content.decode()
    shown = {at for at, one in enumerate(reports) if f"/work/{number_of(one.serial)}/" in page}
    assert shown == found


def test_a_number_typed_into_the_search_finds_its_report(perm, alice, boris, now, signed_in):
    first, second = filed(perm, alice, now=now), filed(perm, alice, now=now)
    page = signed_in(boris).get(QUEUE, {"q": f"№ {number_of(second.serial)}"}).content.decode()
    assert f"/work/{number_of(second.serial)}/" in page
    assert f"/work/{number_of(first.serial)}/" not in page


@pytest.mark.parametrize("after", ["x", "1~x~y", "1~2026-01-01~3", "0~never~999999999999999999999999", "~~"])
def test_a_broken_page_key_begins_at_the_beginning(after, perm, alice, boris, now, signed_in):
    report = filed(perm, alice, now=now)
    answer = signed_in(boris).get(QUEUE, {"after": after})
    assert answer.status_code == 200
    assert f"/work/{number_of(report.serial)}/" in answer.content.decode()


def test_bulk_take_gives_them_to_the_taker(perm, alice, boris, now, signed_in):
    reports = [filed(perm, alice, now=now) for _ in range(3)]
    answer = tick(signed_in(boris), *reports, act="take")
    assert answer.status_code == 302
    assert set(Report.objects.values_list("status", flat=True)) == {"in_work"}
    assert set(Case.objects.values_list("officer_id", flat=True)) == {boris.person_id}


def test_one_that_fails_stops_no_other_and_is_named(perm, alice, boris, now, signed_in):
    good, bad = filed(perm, alice, now=now), moved(filed(perm, alice, now=now), "take", boris, now=now)
    answer = tick(signed_in(boris, language="en"), good, bad, act="take")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "somebody may have been quicker" in page
    assert f"<b>№&nbsp;{number_of(bad.serial)}</b>" in page
    good.refresh_from_db()
    assert good.status == "in_work"


def test_bulk_assigning_to_an_officer_who_is_not_chosen_changes_nothing(perm, alice, boris, now, signed_in):
    report = moved(filed(perm, alice, now=now), "take", boris, now=now)
    answer = tick(signed_in(boris, language="en"), report, act="officer", officer="")
    assert answer.status_code == 422
    assert "Choose the officer" in answer.content.decode()
    assert Case.objects.get(pk=report.case_id).officer_id == boris.person_id


def test_bulk_with_an_unknown_act_changes_nothing(perm, alice, boris, now, signed_in):
    report = moved(filed(perm, alice, now=now), "take", boris, now=now)
    assert tick(signed_in(boris), report, act="drop").status_code == 422
    assert Case.objects.get(pk=report.case_id).officer_id == boris.person_id


def test_nothing_ticked_is_said(perm, boris, signed_in):
    answer = tick(signed_in(boris, language="en"), act="take")
    assert answer.status_code == 422
    assert escape("Tick at least one report first.") in answer.content.decode()


def test_reports_of_another_office_cannot_be_taken_in_bulk(perm, alice, olga, now, signed_in):
    report = filed(perm, alice, now=now)
    assert tick(signed_in(olga), report, act="take").status_code == 422
    assert tick(signed_in(olga), report, act="mine").status_code == 422
    report.refresh_from_db()
    assert report.status == "routed"


def test_a_colleague_can_be_given_several_at_once_and_they_go_back_to_all(
    perm, alice, boris, office_id, now, signed_in
):
    gleb = an_officer("gleb", perm, office_id("roads"), now=now)
    reports = [filed(perm, alice, now=now) for _ in range(2)]
    client = signed_in(boris)
    assert tick(client, *reports, act="officer", officer=str(gleb.person_id)).status_code == 302
    assert set(Case.objects.values_list("officer_id", flat=True)) == {gleb.person_id}
    assert tick(client, *reports, act="nobody").status_code == 302
    assert set(Case.objects.values_list("officer_id", flat=True)) == {None}


def test_somebody_from_elsewhere_cannot_be_given_a_report(perm, alice, boris, now, signed_in):
    stranger = a_person("stranger", now=now)
    answer = tick(
        signed_in(boris), filed(perm, alice, now=now), act="officer", officer=str(stranger.person_id)
    )
    assert answer.status_code == 422


def test_fifty_rows_cost_no_more_questions_than_one(
    perm, alice, boris, now, signed_in, django_assert_max_num_queries
):
    client = signed_in(boris)
    filed(perm, alice, now=now)
    client.get(QUEUE)
    with django_assert_max_num_queries(10) as one:
        client.get(QUEUE)
    for _ in range(49):
        moved(filed(perm, alice, now=now), "take", boris, now=now)
    with django_assert_max_num_queries(10) as fifty:
        page = client.get(QUEUE).content.decode()
    assert page.count("<tr data-row>") == 50
    assert len(fifty) <= len(one) + 1


def test_the_dispatchers_queue_costs_the_same_for_many_rows(
    perm, alice, dina, now, signed_in, django_assert_max_num_queries
):
    client = signed_in(dina)
    for _ in range(20):
        unrouted(perm, alice, now=now)
    client.get("/perm/work/dispatch/")
    with django_assert_max_num_queries(10):
        page = client.get("/perm/work/dispatch/").content.decode()
    assert page.count("data-row") == 20
