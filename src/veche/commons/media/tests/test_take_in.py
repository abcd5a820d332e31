from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from veche.commons.media import queries, services
from veche.commons.media.models import Photo
from veche.commons.media.terms import SENTENCES, Size
from veche.commons.media.tests.conftest import CITY, NOW
from veche.commons.media.tests.pictures import picture, png_bomb, talkative_jpeg, upload
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refused

pytestmark = pytest.mark.django_db


def take(file, subject, **options) -> Photo:
    return services.take_in(file, subject=subject, city_id=CITY, owner_id=None, now=NOW, **options)


def test_a_photo_is_kept_with_what_its_camera_said(draft, shelf):
    photo = take(upload(talkative_jpeg()), draft)
    row = Photo.objects.get()
    assert row.id == photo.id
    assert (row.lat, row.lon) == (58.01, 56.25)
    assert row.taken_at == datetime(2026, 5, 17, 8, 30, tzinfo=UTC)
    assert (row.width, row.height, row.position) == (256, 256, 0)
    assert len(row.digest) == 64
    hint = queries.camera_hint(draft)
    assert (hint.point.lat, hint.point.lon) == (58.01, 56.25)
    for size in Size:
        with shelf.take(photo.id, size) as file:
            assert file.read(3) == b"\xff\xd8\xff"


def test_the_process_of_the_darkroom_does_the_same(draft, real_darkroom):
    assert take(upload(talkative_jpeg()), draft).lat == 58.01


def test_photos_keep_the_order_in_which_they_came(draft):
    ids = [take(upload(picture()), draft).id for _ in range(3)]
    assert [view.id for view in queries.photos_of([draft.id])[draft.id]] == ids


def test_one_photo_more_than_allowed_is_refused_beside_its_field(draft):
    take(upload(picture()), draft, at_most=1)
    with pytest.raises(Refused) as refused:
        take(upload(picture()), draft, at_most=1, field="answer_photos")
    assert refused.value.codes == ("media.too-many",)
    assert refused.value.refusals[0].field == "answer_photos"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ((b"", "a.jpg", ""), "media.empty"),
        ((b"<svg onload='alert(1)'/>", "a.svg", "image/svg+xml"), "media.kind-not-taken"),
        ((b"<svg onload='alert(1)'/>", "a.jpg", "image/jpeg"), "media.kind-not-taken"),
        ((picture("GIF", mode="P"), "a.jpg", "image/jpeg"), "media.kind-not-taken"),
        ((b"%PDF-1.4 ...", "a.pdf", "application/pdf"), "media.kind-not-taken"),
        ((picture(), "a.png", "image/png"), "media.mislabelled"),
        ((picture("PNG"), "a.jpg", ""), "media.mislabelled"),
        ((b"just words", "a.jpg", "image/jpeg"), "media.not-a-picture"),
        ((picture()[:900], "a.jpg", "image/jpeg"), "media.broken"),
        ((png_bomb(20_000, 20_000), "a.png", "image/png"), "media.too-many-pixels"),
        ((b"\xff\xd8\xff" + b"\0" * (25 * 1024 * 1024), "a.jpg", "image/jpeg"), "media.too-heavy"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence_and_nothing_is_kept(file, code, draft, shelf):
    with pytest.raises(Refused) as refused:
        take(upload(*file), draft)
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.field) == (code, "photos")
    assert SENTENCES[code] % refusal.params  # every figure of the sentence is there
    assert not Photo.objects.exists()
    assert not list(shelf.older_than(datetime(2100, 1, 1, tzinfo=UTC)))


def test_a_file_that_weighs_more_than_it_says_is_refused(draft):
    file = upload(b"\xff\xd8\xff" + b"\0" * (25 * 1024 * 1024))
    file.size = 1000
    with pytest.raises(Refused, match=r"media\.too-heavy"):
        take(file, draft)


def test_files_do_not_outlive_a_row_that_could_not_be_written(draft, shelf, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Photo, "save", fail)
    with pytest.raises(IntegrityError):
        take(upload(picture()), draft)
    assert not list(shelf.older_than(datetime(2100, 1, 1, tzinfo=UTC)))


def test_a_camera_without_a_zone_is_read_in_the_zone_of_its_city(draft):
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:05:17 14:00:00"
    photo = take(upload(picture(exif=exif)), draft, zone=ZoneInfo("Asia/Yekaterinburg"))
    assert photo.taken_at == datetime(2026, 5, 17, 9, 0, tzinfo=UTC)


# Django itself takes no file that is called like a folder.
_NAMES = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=20).filter(
    lambda name: name not in {".", ".."}
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=600), name=_NAMES, content_type=st.text(max_size=20))
def test_any_bytes_at_all_are_a_photo_or_a_refusal(real_darkroom, content, name, content_type):
    file = upload(content, "x", "y")
    file.name, file.content_type = name, content_type
    with pytest.raises(Refused) as refused:
        take(file, SubjectRef("submissions.draft", new_id()))
    assert set(refused.value.codes) <= SENTENCES.keys()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 3000), at=st.integers(0, 3000), octet=st.integers(0, 255))
def test_a_torn_and_scratched_photo_is_a_photo_or_a_refusal(real_darkroom, cut, at, octet):
    content = bytearray(_WHOLE[: len(_WHOLE) - cut])
    content[min(at, len(content) - 1)] = octet
    codes: tuple[str, ...] = ()
    try:
        take(upload(bytes(content)), SubjectRef("submissions.draft", new_id()))
    except Refused as refused:
        codes = refused.codes
    assert set(codes) <= SENTENCES.keys()


_WHOLE = talkative_jpeg()
