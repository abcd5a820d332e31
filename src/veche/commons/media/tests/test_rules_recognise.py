import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.media.rules import may_add, recognise, shown_name
from veche.commons.media.terms import Claim, Kind, Limits
from veche.kernel.refusals import Refusal

LIMITS = Limits()
JPEG = b"\xff\xd8\xff\xe0rest"
PNG = b"\x89PNG\r\n\x1a\nrest"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
HEIF_OF_HEVC = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"
AVIF = b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"
AVIF_UNDER_MIF1 = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42"


def seen(head: bytes, name: str = "", content_type: str = "") -> Kind | str:
    answer = recognise(Claim(name, content_type, len(head)), head, LIMITS)
    return answer.code if isinstance(answer, Refusal) else answer


@pytest.mark.parametrize(
    ("head", "kind"),
    [(JPEG, Kind.JPEG), (PNG, Kind.PNG), (WEBP, Kind.WEBP), (HEIC, Kind.HEIC), (HEIF_OF_HEVC, Kind.HEIC)],
)
def test_a_picture_is_known_by_its_content_without_any_name(head, kind):
    assert seen(head) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf \n<?xml version='1.0'?><!DOCTYPE svg><svg/>",
        b"<!-- harmless --><SVG/>",
        b"GIF89a\x01\x00",
        b"%PDF-1.7",
        b"II*\x00",
        b"BM6\x00",
        AVIF,
        AVIF_UNDER_MIF1,
        MP4,
        b"PK\x03\x04",
    ],
)
@pytest.mark.parametrize("name", ["photo.jpg", "photo.svg", ""])
def test_other_kinds_are_named_and_refused_whatever_they_are_called(head, name):
    assert seen(head, name, "image/jpeg") == "media.kind-not-taken"


@pytest.mark.parametrize(
    "head", [b"hello, this is text", b"MZ\x90\x00", b"<html><svg></svg></html>", b"\xff\xd8"]
)
def test_what_is_no_picture_is_refused(head):
    assert seen(head, "photo.jpg", "image/jpeg") == "media.not-a-picture"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.png", ""), ("a.PNG", "image/jpeg"), ("a.gif", ""), ("a.svg", "image/svg+xml"), ("a", "image/png"),
     ("a.jpg", "text/html"), ("a.pdf", "application/octet-stream"), ("a.html", "")],
)  # fmt: skip
def test_a_jpeg_under_a_wrong_label_is_refused(name, content_type):
    assert seen(JPEG, name, content_type) == "media.mislabelled"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("a.jpg", "image/jpeg"), ("A.JPEG", "image/jpg"), ("a", ""), (".jpg", ""), ("DSC 1.05.2026", ""),
     ("blob", "application/octet-stream"), ("a.jpe", "IMAGE/JPEG; charset=binary")],
)  # fmt: skip
def test_a_jpeg_under_no_label_or_a_true_one_is_taken(name, content_type):
    assert seen(JPEG, name, content_type) is Kind.JPEG


def test_heif_and_heic_are_one_label():
    assert seen(HEIC, "IMG_1.HEIF", "image/heif") is Kind.HEIC


def test_an_empty_file_and_a_heavy_one_are_refused_before_anything_else():
    assert recognise(Claim("a.jpg", "", 0), b"", LIMITS).code == "media.empty"
    assert recognise(Claim("a.jpg", "", LIMITS.octets + 1), JPEG, LIMITS).code == "media.too-heavy"
    assert recognise(Claim("a.jpg", "", LIMITS.octets), JPEG, LIMITS) is Kind.JPEG


def test_the_eleventh_photo_is_refused():
    assert may_add(9, LIMITS) is None
    assert may_add(10, LIMITS).code == "media.too-many"


@given(st.binary(max_size=200), st.text(max_size=40), st.text(max_size=30))
def test_any_bytes_under_any_name_get_an_answer(head, name, content_type):
    answer = recognise(Claim(name, content_type, len(head)), head, LIMITS)
    assert isinstance(answer, Kind | Refusal)


@given(st.text(max_size=300))
def test_a_name_that_is_shown_is_short_and_of_one_line(name):
    shown = shown_name(name)
    assert 0 < len(shown) <= 60
    assert shown.isprintable()
    assert "/" not in shown
