"""A moderator takes one photograph out of sight; the report stays, and the journal says why."""

import pytest

from veche.commons.media.models import Photo
from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import a_draft_with_a_photo, filed, moved

pytestmark = pytest.mark.slow


@pytest.fixture
def report(perm, alice, now):
    return filed(perm, alice, now=now, photos_from=a_draft_with_a_photo(perm, alice, now=now, photos=2))


def photos():
    return list(Photo.objects.order_by("subject_kind", "position").values_list("id", flat=True))


def page_of(photo):
    return f"/media/{photo}/s.jpg"


def hide(client, report, photo, reason="personal"):
    form = {"verb": "hide_photo", "photo": str(photo), "reason": reason}
    return client.post(f"/perm/work/{number_of(report.serial)}/", form)


def test_the_photo_is_gone_the_other_takes_its_place_in_lists_and_the_journal_says_why(
    report, mila, client, signed_in
):
    first, second = photos()
    public = f"/perm/reports/{number_of(report.serial)}"
    moderator = signed_in(mila, language="en")
    assert f"{number_of(report.serial)}/#move-hide_photo" in moderator.get(public).content.decode()
    assert hide(moderator, report, first).status_code == 302

    assert [client.get(page_of(one)).status_code for one in (first, second)] == [404, 200]
    assert moderator.get(page_of(first)).status_code == 404
    assert Report.objects.get(pk=report.pk).photo_id == second
    assert str(first) not in client.get(public).content.decode()
    said = client.get("/journal", headers={"cookie": "lang=en"}).content.decode()
    assert "A moderator hid a photo. Reason: it shows somebody" in said
    hide(moderator, report, second)
    assert Report.objects.get(pk=report.pk).photo_id is None


def test_a_photo_of_an_answer_can_be_hidden_too(perm, report, boris, mila, now, signed_in, client):
    before = set(photos())
    moved(report, "answer", boris, now=now, photos_from=a_draft_with_a_photo(perm, boris, now=now))
    (added,) = set(photos()) - before
    assert hide(signed_in(mila), report, added).status_code == 302
    assert client.get(page_of(added)).status_code == 404
    assert Report.objects.get(pk=report.pk).photo_id in before


def test_without_a_photo_or_a_reason_nothing_is_hidden_and_the_field_says_so(report, mila, signed_in):
    moderator = signed_in(mila, language="en")
    for photo, reason, field in (("", "personal", "photo"), (photos()[0], "because", "reason")):
        answer = hide(moderator, report, photo, reason)
        assert answer.status_code == 422
        assert f'id="f-{field}-hide_photo-error"' in answer.content.decode()
    assert not Photo.objects.filter(hidden=True).exists()


def test_nobody_hides_a_photo_of_another_report_or_without_being_a_moderator(
    perm, alice, report, boris, mila, now, signed_in
):
    other = filed(perm, alice, now=now)
    assert hide(signed_in(mila), other, photos()[0]).status_code == 422
    assert hide(signed_in(boris), report, photos()[0]).status_code == 422
    assert hide(signed_in(alice), report, photos()[0]).status_code == 403
    assert not Photo.objects.filter(hidden=True).exists()
