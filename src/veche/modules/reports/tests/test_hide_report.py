"""Hiding leaves a public trace, and only moderators do it."""

import pytest

from veche.commons.journal.models import FactRow
from veche.commons.media.models import Photo
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refused
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import a_draft_with_a_photo, filed, moved


@pytest.mark.parametrize("who", ["alice", "boris", "dina", "adele"])
def test_only_a_moderator_hides(who, perm, alice, now, request):
    report = filed(perm, alice, now=now)
    with pytest.raises(Refused) as caught:
        services.hide_report(report.pk, "insult", by=request.getfixturevalue(who), now=now)
    assert [one.code for one in caught.value.refusals] == ["access.denied"]
    assert not Report.objects.get(pk=report.pk).hidden


def test_a_reason_of_the_list_is_needed(perm, alice, mila, now):
    report = filed(perm, alice, now=now)
    with pytest.raises(Refused) as caught:
        services.hide_report(report.pk, "i-do-not-like-it", by=mila, now=now)
    assert [(one.code, one.field) for one in caught.value.refusals] == [("reports.hide-reason", "reason")]


def test_hiding_twice_is_once_and_stands_in_the_journal(perm, alice, mila, now):
    report = filed(perm, alice, now=now)
    for _ in range(2):
        services.hide_report(report.pk, "insult", by=mila, now=now)
    fact = FactRow.objects.get(kind="reports.ReportHidden")
    assert fact.body["reason"] == "insult"


def test_the_moderator_hides_and_shows_it_from_its_public_page(perm, alice, mila, now, signed_in, client):
    report = filed(perm, alice, now=now)
    page = f"/perm/reports/{number_of(report.serial)}"
    moderator = signed_in(mila, language="en")
    assert moderator.post(f"{page}/hide", {}).status_code == 422
    assert moderator.post(f"{page}/hide", {"hide_reason": "insult"}).status_code == 302
    seen = client.get(page)
    assert seen.status_code == 410
    assert report.title not in seen.content.decode()
    assert moderator.get(page).status_code == 200
    assert moderator.post(f"{page}/show", {"hide_reason": "by-mistake"}).status_code == 302
    assert client.get(page).status_code == 200


@pytest.mark.slow
def test_the_photos_of_a_hidden_report_open_only_to_its_author_and_the_citys_people(
    perm, alice, boris, clara, mila, now, signed_in, client
):
    report = filed(perm, alice, now=now, photos_from=a_draft_with_a_photo(perm, alice, now=now))
    photos = a_draft_with_a_photo(perm, boris, now=now)
    moved(report, "answer", boris, now=now, photos_from=photos)
    pages = [f"/media/{one}/m.jpg" for one in Photo.objects.values_list("id", flat=True)]
    assert [client.get(page).status_code for page in pages] == [200, 200]

    services.hide_report(report.pk, "personal-data", by=mila, now=now)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert [signed_in(clara).get(page).status_code for page in pages] == [404, 404]
    for who in (alice, mila, boris):
        answer = signed_in(who).get(pages[0])
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, max-age=600")

    services.show_report(report.pk, "by-mistake", by=mila, now=now)
    assert [client.get(page).status_code for page in pages] == [200, 200]


@pytest.mark.slow
def test_photos_of_a_step_taken_while_the_report_is_hidden_are_closed_too(
    perm, alice, boris, mila, now, client
):
    report = filed(perm, alice, now=now)
    services.hide_report(report.pk, "personal-data", by=mila, now=now)
    moved(report, "answer", boris, now=now, photos_from=a_draft_with_a_photo(perm, boris, now=now))
    assert client.get(f"/media/{Photo.objects.get().pk}/m.jpg").status_code == 404
