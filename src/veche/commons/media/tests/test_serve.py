import io

import pytest
from django.urls import reverse
from PIL import Image

from veche.commons.accounts.terms import SYSTEM
from veche.commons.media import queries, services
from veche.commons.media.terms import PhotoView, Size
from veche.commons.media.tests.conftest import CITY, NOW
from veche.commons.media.tests.pictures import talkative_jpeg, upload
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

pytestmark = [pytest.mark.django_db, pytest.mark.urls("veche.commons.media.tests.addresses")]


def shown(subject: SubjectRef) -> PhotoView:
    services.take_in(upload(talkative_jpeg()), subject=subject, city_id=CITY, owner_id=None, now=NOW)
    (view,) = queries.photos_of([subject.id])[subject.id]
    return view


@pytest.fixture
def public() -> PhotoView:
    return shown(SubjectRef("submissions.submission", new_id()))


@pytest.mark.parametrize("size", list(Size))
def test_a_photo_is_served_to_everybody_and_may_be_kept_for_a_day(client, public, size):
    answer = client.get(public.url(size), headers={"accept-encoding": "gzip, br"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert Image.open(io.BytesIO(answer.content)).size == (public.width, public.height)
    assert b"SECRET" not in answer.content


def test_the_address_a_page_writes_is_the_one_that_is_served(public):
    for size in Size:
        assert public.url(size) == reverse("media:photo", args=[public.id, size])


def test_who_has_the_photo_already_gets_no_second_copy(client, public):
    etag = client.get(public.url("m"))["ETag"]
    again = client.get(public.url("m"), headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again["ETag"] == etag
    assert not again.content


def test_only_looking_is_possible(client, public):
    assert client.head(public.url()).status_code == 200
    assert client.post(public.url()).status_code == 405


def test_the_photo_of_a_draft_opens_only_with_its_key(client, draft):
    view = shown(draft)
    address, _, key = view.url("s").partition("?key=")
    assert client.get(view.url("s")).status_code == 200
    assert client.get(view.url("s"))["Cache-Control"].startswith("private")
    other = queries.draft_key(new_id())
    for wrong in ("", "?key=", f"?key={other}", "?key=%00%FF", f"?key={key}x"):
        assert client.get(address + wrong).status_code == 404


def test_an_adopted_photo_needs_no_key_any_more(client, draft):
    shown(draft)
    submission = SubjectRef("submissions.submission", new_id())
    services.adopt(draft, submission)
    (view,) = queries.photos_of([submission.id])[submission.id]
    assert "key" not in view.url()
    assert client.get(view.url()).status_code == 200


def test_a_hidden_photo_is_not_found_any_more(client, public):
    services.hide(public.id, reason="personal", by=SYSTEM, now=NOW)
    assert client.get(public.url()).status_code == 404


@pytest.mark.parametrize(
    "address", ["/media/{0}/x.jpg", "/media/{0}/l.png", "/media/{0}/../l.jpg", "/media/1/l.jpg"]
)
def test_other_addresses_lead_nowhere(client, public, address):
    assert client.get(address.format(public.id)).status_code == 404


def test_unknown_photos_and_lost_files_are_not_found(client, public, shelf):
    assert client.get(f"/media/{new_id()}/l.jpg").status_code == 404
    shelf.clear([public.id])
    assert client.get(public.url()).status_code == 404


def test_a_page_knows_how_much_room_each_size_needs():
    view = PhotoView(new_id(), 1600, 1200)
    assert (view.width_of("s"), view.height_of("s")) == (320, 240)
    assert (view.width_of("l"), view.height_of("l")) == (1600, 1200)
