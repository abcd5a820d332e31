"""One report on the desk: who may do what, what is refused, and that nothing typed is lost."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from veche.commons.casework.models import AnswerTemplate, Case, Step
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved, unrouted

QUICKER = "somebody may have been quicker"


def address(report):
    return f"/perm/work/{number_of(report.serial)}/"


def act(client, report, verb, **fields):
    return client.post(address(report), {"verb": verb, **fields})


def status_of(report):
    return Report.objects.values_list("status", flat=True).get(pk=report.pk)


def a_picture(name="after.jpg"):
    file = BytesIO()
    Image.new("RGB", (64, 48), "green").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


@pytest.fixture
def report(perm, alice, now):
    return filed(perm, alice, now=now)


@pytest.fixture
def desk(boris, signed_in):
    return signed_in(boris, language="en")


def test_taking_a_report_keeps_the_officer_on_its_page_and_gives_it_to_him(report, boris, desk):
    answer = act(desk, report, "take")
    assert answer["Location"] == address(report)
    assert status_of(report) == "in_work"
    assert Case.objects.get(pk=report.case_id).officer_id == boris.person_id


def test_an_answer_leads_back_to_the_queue_as_it_was_narrowed(report, desk):
    answer = act(desk, report, "answer", text=ANSWER, **{"from": "whose=mine&overdue=1&evil=1"})
    assert answer["Location"] == "/perm/work/?whose=mine&overdue=1"
    assert status_of(report) == "answered"
    page = desk.get(answer["Location"]).content.decode()
    assert f"Report {number_of(report.serial)} is now: answered." in page


def test_an_answer_without_text_is_refused_beside_the_field(report, desk):
    answer = act(desk, report, "answer", text="   ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-text-answer-error"' in page
    assert "Write a few words here" in page
    assert status_of(report) == "routed"


def test_a_text_that_is_too_short_stays_in_its_field(report, desk):
    answer = act(desk, report, "answer", text="Сделали")
    assert answer.status_code == 422
    assert ">Сделали</textarea>" in answer.content.decode()


@pytest.mark.slow
def test_photos_of_a_refused_answer_wait_for_the_next_one(report, desk):
    from veche.commons.media.queries import photos_of

    first = desk.post(address(report), {"verb": "answer", "text": "", "photos": [a_picture()]})
    assert first.status_code == 422
    assert "These photos go with the answer" in first.content.decode()
    assert act(desk, report, "answer", text=ANSWER).status_code == 302
    step = Step.objects.get(case_id=report.case_id, verb="answer")
    assert len(photos_of([step.id])[step.id]) == 1


def test_a_template_is_put_after_what_was_typed_without_scripts(report, desk):
    template = AnswerTemplate.objects.create(
        city_id=report.city_id, title="Done", text="We have mended it.", language="en", verb="answer"
    )
    answer = act(desk, report, "answer", text="My own words.", insert=str(template.pk))
    assert answer.status_code == 200
    assert "My own words.\n\nWe have mended it.</textarea>" in answer.content.decode()
    assert status_of(report) == "routed"


def test_a_plan_in_the_past_is_refused_and_what_was_typed_stays(report, desk):
    answer = act(desk, report, "plan", planned_on="2020-01-01", text="Когда сойдёт снег.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="2020-01-01"' in page
    assert ">Когда сойдёт снег.</textarea>" in page
    assert status_of(report) == "routed"


def test_a_plan_with_no_date_at_all_is_refused(report, desk):
    assert act(desk, report, "plan", planned_on="завтра").status_code == 422
    assert act(desk, report, "plan").status_code == 422


def test_a_refusal_needs_a_reason_of_the_list(report, desk):
    assert act(desk, report, "refuse", text=ANSWER).status_code == 422
    assert act(desk, report, "refuse", text=ANSWER, reason="because").status_code == 422
    assert act(desk, report, "refuse", text=ANSWER, reason="no-funds").status_code == 302
    assert status_of(report) == "refused"


def test_not_ours_gives_it_to_the_dispatcher_and_does_not_shut_the_door_on_the_officer(report, desk):
    answer = desk.post(address(report), {"verb": "not_ours", "reason": "private-land"}, follow=True)
    assert answer.status_code == 200
    assert status_of(report) == "not_ours"
    assert desk.get(address(report)).status_code == 200


def test_a_duplicate_needs_the_number_of_another_report(report, perm, alice, now, desk):
    other = filed(perm, alice, now=now)
    for typed in ("", "12-9", number_of(report.serial), number_of(999_999)):
        assert act(desk, report, "duplicate", duplicate_of=typed).status_code == 422, typed
    assert act(desk, report, "duplicate", duplicate_of=number_of(other.serial)).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.duplicate_of_id) == ("duplicate", other.pk)


def test_handing_over_to_a_stranger_is_refused_and_to_a_sister_is_done(report, desk, office_id, boris):
    assert act(desk, report, "hand_over").status_code == 422
    own = act(desk, report, "hand_over", office=str(office_id("roads")))
    assert own.status_code == 422
    answer = desk.post(address(report), {"verb": "hand_over", "office": str(office_id("parks"))}, follow=True)
    assert answer.status_code == 200
    report.refresh_from_db()
    assert report.office_id == office_id("parks")
    assert act(desk, report, "answer", text=ANSWER).status_code == 422


def test_an_officer_of_another_office_may_look_but_not_act(report, olga, signed_in):
    client = signed_in(olga, language="en")
    page = client.get(address(report))
    assert page.status_code == 200
    assert "There is nothing for you to do here now." in page.content.decode()
    for verb, fields in {
        "take": {},
        "answer": {"text": ANSWER},
        "assign": {"officer": str(olga.person_id)},
        "hand_over": {"office": str(report.office_id)},
        "route": {"office": str(report.office_id)},
    }.items():
        answer = act(client, report, verb, **fields)
        assert answer.status_code == 422, verb
        assert "class=summary" in answer.content.decode().replace('"', ""), verb
    assert status_of(report) == "routed"


def test_a_citizen_cannot_answer(report, alice, signed_in):
    client = signed_in(alice)
    assert client.get(address(report)).status_code == 403
    assert act(client, report, "answer", text=ANSWER).status_code == 403
    assert status_of(report) == "routed"


def test_the_second_of_two_officers_hears_that_somebody_was_quicker_and_keeps_the_text(
    report, boris, now, desk
):
    moved(report, "answer", boris, now=now)
    answer = act(desk, report, "answer", text="Другой ответ на то же сообщение.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert QUICKER in page
    assert "Другой ответ на то же сообщение." in page
    assert Step.objects.filter(case_id=report.case_id, verb="answer").count() == 1


def test_after_not_ours_the_colleague_hears_it_too(report, boris, now, desk):
    moved(report, "not_ours", boris, now=now)
    assert QUICKER in act(desk, report, "take").content.decode()


def test_an_unknown_verb_and_a_broken_officer_change_nothing(report, desk):
    assert act(desk, report, "explode").status_code == 422
    assert act(desk, report, "assign", officer="nobody").status_code == 422


def test_a_hidden_report_is_for_its_office_and_the_moderators_only(report, mila, boris, olga, now, signed_in):
    services.hide_report(report.pk, "insult", by=mila, now=now)
    assert signed_in(boris).get(address(report)).status_code == 200
    assert signed_in(mila).get(address(report)).status_code == 200
    assert signed_in(olga).get(address(report)).status_code == 403


def test_the_moderator_is_led_to_the_public_page_to_hide_it(report, mila, signed_in):
    page = signed_in(mila, language="en").get(address(report)).content.decode()
    assert f'href="/perm/reports/{number_of(report.serial)}#moderation"' in page
    assert "Hide it" in page


@pytest.mark.parametrize("number", ["1-2", "abc", "999999", "%00"])
def test_a_number_of_nothing_is_not_found(number, perm, desk):
    assert desk.get(f"/perm/work/{number}/").status_code == 404


def test_the_page_costs_few_questions_however_long_its_history(
    perm, alice, boris, now, desk, django_assert_max_num_queries
):
    report = filed(perm, alice, now=now)
    for _ in range(5):
        moved(report, "answer", boris, now=now)
        moved(report, "send_back", alice, now=now)
    with django_assert_max_num_queries(30):
        page = desk.get(address(report)).content.decode()
    assert page.count("The author sent the answer back") == 5


def test_the_page_of_an_unrouted_report_offers_the_dispatcher_an_office(
    perm, alice, dina, office_id, now, signed_in
):
    report = unrouted(perm, alice, now=now)
    client = signed_in(dina, language="en")
    assert (
        escape("Always route so: this category in this place") in client.get(address(report)).content.decode()
    )
    assert act(client, report, "route").status_code == 422
    assert act(client, report, "route", office=str(office_id("parks")), always="1").status_code == 302
    assert unrouted(perm, alice, now=timezone.now()).office_id == office_id("parks")
