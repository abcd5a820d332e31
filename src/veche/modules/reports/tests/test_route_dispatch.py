"""The dispatcher: what no rule routed or came back, and teaching the table."""

from uuid import uuid4

from django.utils import timezone
from tests.cast import IN_THE_EAST

from veche.commons.journal.models import FactRow
from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import filed, moved, unrouted

DISPATCH = "/perm/work/dispatch/"


def route(client, report, office, **fields):
    return client.post(DISPATCH, {"report": str(report.pk), "office": str(office), **fields})


def test_an_officer_and_a_citizen_have_no_dispatchers_queue(perm, boris, alice, signed_in):
    assert signed_in(boris).get(DISPATCH).status_code == 403
    assert signed_in(alice).get(DISPATCH).status_code == 403


def test_the_dispatcher_begins_at_the_dispatchers_queue(perm, dina, signed_in):
    assert signed_in(dina).get("/perm/work/")["Location"] == DISPATCH


def test_it_shows_what_no_rule_routed_and_what_came_back_with_the_reason(
    perm, alice, boris, dina, now, signed_in
):
    dark, hole, kept = (
        unrouted(perm, alice, now=now),
        filed(perm, alice, now=now),
        filed(perm, alice, now=now),
    )
    moved(hole, "not_ours", boris, now=now, text="Это двор, он частный.")
    page = signed_in(dina, language="en").get(DISPATCH).content.decode()
    assert f"/work/{number_of(dark.serial)}/" in page
    assert f"/work/{number_of(hole.serial)}/" in page
    assert f"/work/{number_of(kept.serial)}/" not in page
    assert "Roads department gave it back: Private land" in page
    assert "Это двор, он частный." in page


def test_the_likely_offices_come_first_and_never_the_one_that_has_just_said_no(
    perm, alice, boris, dina, office_id, now, signed_in
):
    hole = filed(perm, alice, now=now)
    moved(hole, "not_ours", boris, now=now)
    page = signed_in(dina, language="en").get(DISPATCH).content.decode()
    likely, others = page.split('label="Most likely"')[1].split('label="All offices"')
    assert "Roads of the east district" in likely
    assert f'value="{office_id("roads")}"' not in likely
    assert f'value="{office_id("roads")}"' in others


def test_one_click_routes_this_one_only(perm, alice, dina, office_id, now, signed_in):
    report = unrouted(perm, alice, now=now)
    answer = route(signed_in(dina), report, office_id("parks"))
    assert answer["Location"] == DISPATCH
    report.refresh_from_db()
    assert (report.status, report.office_id) == ("routed", office_id("parks"))
    assert unrouted(perm, alice, now=now).office_id is None


def test_always_route_so_teaches_the_table_and_routes_the_next_one_there(
    perm, alice, dina, office_id, now, signed_in
):
    client = signed_in(dina, language="en")
    route(client, unrouted(perm, alice, now=now), office_id("parks"), always="1")
    following = unrouted(perm, alice, now=timezone.now())
    assert (following.status, following.office_id) == ("routed", office_id("parks"))
    assert following.why["origin"] == "dispatcher"
    assert unrouted(perm, alice, now=timezone.now(), point=IN_THE_EAST).office_id is None
    assert FactRow.objects.filter(kind="offices.RouteLearned").count() == 1
    assert "goes there by itself from now on" in client.get(DISPATCH).content.decode()


def test_what_the_dispatcher_teaches_outdoes_the_pack(perm, alice, boris, dina, office_id, now, signed_in):
    report = filed(perm, alice, now=now)
    moved(report, "not_ours", boris, now=now)
    route(signed_in(dina), report, office_id("parks"), always="1")
    assert filed(perm, alice, now=timezone.now()).office_id == office_id("parks")


def test_an_office_that_does_not_exist_is_refused(perm, alice, dina, now, signed_in):
    report = unrouted(perm, alice, now=now)
    client = signed_in(dina, language="en")
    assert route(client, report, uuid4()).status_code == 422
    assert route(client, report, "").status_code == 422
    assert client.post(DISPATCH, {"report": "x", "office": "y"}).status_code == 422
    assert Report.objects.get(pk=report.pk).status == "new"


def test_the_second_dispatcher_hears_that_somebody_was_quicker(
    perm, alice, boris, dina, office_id, now, signed_in
):
    report = unrouted(perm, alice, now=now)
    client = signed_in(dina, language="en")
    route(client, report, office_id("roads"))
    moved(report, "take", boris, now=now)
    answer = route(client, report, office_id("parks"), always="1")
    assert answer.status_code == 422
    assert "somebody may have been quicker" in answer.content.decode()
    assert not FactRow.objects.filter(kind="offices.RouteLearned").exists()


def test_a_refusal_stands_beside_the_office_of_its_report_and_nowhere_else(perm, alice, dina, now, signed_in):
    wrong, other = unrouted(perm, alice, now=now), unrouted(perm, alice, now=now)
    page = route(signed_in(dina, language="en"), wrong, "").content.decode()
    assert f'aria-describedby="wrong-{wrong.pk}"' in page
    beside = page.split(f'id="wrong-{wrong.pk}"')[1].split("</p>")[0]
    assert "Choose an office." in beside
    assert f"wrong-{other.pk}" not in page
