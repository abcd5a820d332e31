"""What readers do on the page of a report: join, leave, confirm, send back."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import person_of

from veche.commons.submissions import queries as submissions
from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.terms import Status
from veche.modules.reports.tests.work_cast import filed, moved


@pytest.fixture
def soon():
    return timezone.now()


@pytest.fixture
def pothole(perm, alice, soon):
    return filed(perm, alice, now=soon)


@pytest.fixture
def answered(pothole, boris, soon):
    return moved(pothole, "answer", boris, now=soon)


def address(report, act=""):
    return f"/perm/reports/{number_of(report.serial)}{act}"


def again(report):
    return Report.objects.get(pk=report.pk)


def test_joining_counts_once_and_comes_back_to_the_page(signed_in, clara, pothole):
    browser = signed_in(clara, language="en")
    for _ in range(2):
        answer = browser.post(address(pothole, "/join"))
        assert (answer.status_code, answer.url) == (302, address(pothole))
    assert again(pothole).supporters == 1
    page = browser.get(address(pothole)).content.decode()
    assert "You joined. We will tell you about every step." in page
    assert "You joined this report." in page


def test_leaving_takes_it_back(signed_in, clara, pothole):
    browser = signed_in(clara)
    browser.post(address(pothole, "/join"))
    browser.post(address(pothole, "/leave"))
    browser.post(address(pothole, "/leave"))
    assert again(pothole).supporters == 0
    assert not submissions.is_supporter(pothole.submission_id, clara.person_id)


def test_a_visitor_signs_in_first_and_comes_back(client, pothole):
    answer = client.post(address(pothole, "/join"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert number_of(pothole.serial) in answer.url
    assert again(pothole).supporters == 0


def test_nobody_joins_their_own_report(signed_in, alice, pothole):
    answer = signed_in(alice, language="en").post(address(pothole, "/join"))
    assert answer.status_code == 422
    assert "It is your own report: you follow it already." in answer.content.decode()


def test_acts_are_posts_only_and_guarded(signed_in, alice, pothole):
    browser = signed_in(alice)
    assert browser.get(address(pothole, "/confirm")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person_of(alice), backend="veche.commons.accounts.adapters.SignIn")
    assert strict.post(address(pothole, "/confirm")).status_code == 403


def test_the_author_confirms(signed_in, alice, answered):
    browser = signed_in(alice, language="en")
    assert "Yes, it is done" in browser.get(address(answered)).content.decode()
    assert browser.post(address(answered, "/confirm")).status_code == 302
    assert again(answered).status == Status.CONFIRMED


def test_only_the_author_is_asked(signed_in, clara, answered):
    browser = signed_in(clara, language="en")
    assert "Yes, it is done" not in browser.get(address(answered)).content.decode()
    answer = browser.post(address(answered, "/confirm"))
    assert answer.status_code == 422
    assert again(answered).status == Status.ANSWERED


def test_the_author_sends_an_answer_back(signed_in, alice, answered):
    browser = signed_in(alice)
    browser.post(
        address(answered, "/send-back"), {"reason": "not-done", "text": "Яма осталась, ничего не сделано."}
    )
    assert again(answered).status == Status.SENT_BACK
    page = browser.get(address(answered)).content.decode()
    assert "Яма осталась" in page


def test_a_refusal_keeps_everything_that_was_typed(signed_in, alice, answered):
    browser = signed_in(alice, language="en")
    answer = browser.post(
        address(answered, "/send-back"), {"reason": "", "text": "Ничего не сделано <вообще>"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a reason." in page
    assert "Ничего не сделано &lt;вообще&gt;" in page
    assert 'aria-invalid="true"' in page
    assert again(answered).status == Status.ANSWERED


def test_photos_of_a_refused_objection_are_kept_and_go_with_the_next(signed_in, alice, answered, tmp_path):
    from PIL import Image

    from veche.commons.media import queries as media

    browser = signed_in(alice, language="en")
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#557755").save(picture, "JPEG")
    picture.seek(0)
    picture.name = "pit.jpg"
    answer = browser.post(
        address(answered, "/send-back"), {"reason": "", "text": "Не сделано!", "photos": picture}
    )
    assert answer.status_code == 422
    assert "key=" in answer.content.decode()
    browser.post(
        address(answered, "/send-back"), {"reason": "not-done", "text": "Не сделано, вот фотография."}
    )
    step = again(answered).case.steps.get(verb="send_back")
    assert len(media.photos_of([step.pk])[step.pk]) == 1


def test_a_closed_report_cannot_be_joined(signed_in, alice, clara, answered):
    signed_in(alice).post(address(answered, "/confirm"))
    browser = signed_in(clara, language="en")
    assert "Me too" not in browser.get(address(answered)).content.decode()
    assert browser.post(address(answered, "/join")).status_code == 422


def test_leaving_leaves_a_fact(signed_in, clara, pothole):
    from veche.commons.journal import queries as journal

    browser = signed_in(clara)
    browser.post(address(pothole, "/join"))
    browser.post(address(pothole, "/leave"))
    kinds = [line.kind for line in journal.facts_page(subject_id=pothole.pk)]
    assert kinds[:2] == ["reports.ReportLeft", "reports.ReportJoined"]
