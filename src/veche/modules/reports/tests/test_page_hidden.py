"""Hidden by a moderator, never without a trace."""

import pytest

from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import filed


@pytest.fixture
def pothole(perm, alice, now):
    return filed(perm, alice, now=now, text="Сосед Иванов с пятого этажа сломал скамейку.")


def address(report, act=""):
    return f"/perm/reports/{number_of(report.serial)}{act}"


@pytest.fixture
def hidden(signed_in, mila, pothole):
    signed_in(mila).post(address(pothole, "/hide"), {"hide_reason": "personal-data"})
    assert Report.objects.get(pk=pothole.pk).hidden
    return pothole


def test_the_public_sees_that_it_was_hidden_by_which_role_and_why(client, hidden):
    answer = client.get(address(hidden), headers={"cookie": "lang=en"})
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "A moderator hid it from the public." in page
    assert "somebody" in page
    assert "Иванов" not in page


def test_the_author_and_moderators_still_read_it(signed_in, alice, mila, clara, hidden):
    assert "Иванов" in signed_in(alice).get(address(hidden)).content.decode()
    assert "Иванов" in signed_in(mila).get(address(hidden)).content.decode()
    assert signed_in(clara).get(address(hidden)).status_code == 410


def test_a_moderator_shows_it_again(client, signed_in, mila, hidden):
    signed_in(mila).post(address(hidden, "/show"), {"hide_reason": "by-mistake"})
    assert client.get(address(hidden)).status_code == 200


def test_without_a_reason_nothing_is_hidden(signed_in, mila, pothole):
    answer = signed_in(mila, language="en").post(address(pothole, "/hide"), {"hide_reason": ""})
    assert answer.status_code == 422
    assert "Choose the reason" in answer.content.decode()
    assert not Report.objects.get(pk=pothole.pk).hidden


def test_others_cannot_hide(signed_in, boris, pothole):
    answer = signed_in(boris).post(address(pothole, "/hide"), {"hide_reason": "insult"})
    assert answer.status_code in {403, 422}
    assert not Report.objects.get(pk=pothole.pk).hidden


def test_others_cannot_act_on_a_hidden_report(signed_in, clara, hidden):
    assert signed_in(clara).post(address(hidden, "/join")).status_code == 410
