"""The darkrooms: the same promises for the process and for its plain twin."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.shared import SHARED, needs_shared

from veche.commons.media.adapters.darkroom import InlineDarkroom
from veche.commons.media.rules import HEAD_OCTETS, position_of, recognise
from veche.commons.media.terms import Claim, Developed, Kind, Limits, Size
from veche.commons.media.tests.pictures import markers, picture, png_bomb, quartered, talkative_jpeg
from veche.kernel.refusals import Refusal

LIMITS = Limits()
SMALL = Limits(megapixels=1)
PHOTOS = SHARED / "images"
FORMS = [("WEBP", Kind.WEBP), ("HEIF", Kind.HEIC), ("JPEG", Kind.JPEG), ("PNG", Kind.PNG)]
STARTS = {
    Kind.JPEG: b"\xff\xd8\xff",
    Kind.PNG: b"\x89PNG\r\n\x1a\n",
    Kind.WEBP: b"RIFF\xff\0\0\0WEBPVP8X",
    Kind.HEIC: b"\0\0\0\x18ftypheic",
}
INNOCENT = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
_SEEDS = {form: picture(form, size=(64, 48)) for form in ("PNG", "WEBP", "HEIF")} | {"JPEG": talkative_jpeg()}


@pytest.fixture(params=["process", "inline"])
def darkroom(request, warm_darkroom):
    return warm_darkroom if request.param == "process" else InlineDarkroom()


def opened(developed: Developed | Refusal, size: Size = Size.LARGE) -> Image.Image:
    assert isinstance(developed, Developed), developed
    return Image.open(io.BytesIO(developed.files[size]), formats=["JPEG"])


def code(answer: Developed | Refusal) -> str:
    assert isinstance(answer, Refusal)
    return answer.code


def test_a_photo_is_kept_in_three_sizes_by_its_longest_side(darkroom):
    developed = darkroom.develop(picture(size=(2000, 1500)), Kind.JPEG, LIMITS)
    assert [opened(developed, size).size for size in Size] == [(320, 240), (800, 600), (1600, 1200)]
    assert (developed.width, developed.height) == (1600, 1200)


def test_a_small_photo_is_never_enlarged(darkroom):
    assert [opened(darkroom.develop(picture(size=(60, 40)), Kind.JPEG, LIMITS), s).size for s in Size] == [
        (60, 40)
    ] * 3


def test_a_hair_thin_photo_keeps_a_pixel_of_width(darkroom):
    assert opened(darkroom.develop(picture(size=(9000, 1)), Kind.JPEG, LIMITS)).size == (1600, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_comes_out_upright(darkroom, orientation):
    upright = opened(darkroom.develop(quartered(orientation), Kind.JPEG, LIMITS))
    assert upright.size == (60, 40)
    corners = [upright.getpixel(at) for at in ((10, 8), (50, 8), (10, 32), (50, 32))]
    assert [max(range(3), key=corner.__getitem__) for corner in corners] == [0, 1, 2, 2]


def test_nothing_the_camera_or_its_owner_wrote_is_left(darkroom):
    developed = darkroom.develop(talkative_jpeg(), Kind.JPEG, LIMITS)
    assert isinstance(developed, Developed)
    for body in developed.files.values():
        for trace in (b"SECRET", b"Exif", b"GPS", b"http", b"xmp", b"ICC_PROFILE", b"<svg", b"Photoshop"):
            assert trace not in body
        # the JFIF head, tables, one progressive frame, the scan: no place for words
        assert set(markers(body)) <= {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
        assert body.endswith(b"\xff\xd9")
        assert opened(developed).info.keys() <= INNOCENT


def test_the_camera_s_place_is_handed_over_beside_the_picture(darkroom):
    point = position_of(darkroom.develop(talkative_jpeg(), Kind.JPEG, LIMITS).notes)
    assert (point.lat, point.lon) == (58.01, 56.25)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_becomes_a_photo(darkroom, mode):
    content = picture("PNG", mode="I;16") if mode == "I;16" else picture("PNG", mode=mode)
    assert opened(darkroom.develop(content, Kind.PNG, LIMITS)).mode == "RGB"


def test_a_sixteen_bit_grey_keeps_its_lights_and_shadows(darkroom):
    deep = Image.new("I;16", (64, 64), 40000)
    out = io.BytesIO()
    deep.save(out, "PNG")
    assert abs(opened(darkroom.develop(out.getvalue(), Kind.PNG, LIMITS)).getpixel((9, 9))[0] - 156) <= 2


def test_what_was_transparent_is_white(darkroom):
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    assert min(opened(darkroom.develop(out.getvalue(), Kind.PNG, LIMITS)).getpixel((25, 25))) > 250


@pytest.mark.parametrize(
    ("form", "kind", "mode"),
    [
        ("WEBP", Kind.WEBP, "RGBA"),
        ("HEIF", Kind.HEIC, "RGB"),
        ("JPEG", Kind.JPEG, "CMYK"),
        ("JPEG", Kind.JPEG, "L"),
    ],
)
def test_webp_heic_print_and_grey_pictures_are_taken(darkroom, form, kind, mode):
    content = picture(form, mode=mode)
    assert recognise(Claim("", "", len(content)), content[:HEAD_OCTETS], LIMITS) is kind
    assert opened(darkroom.develop(content, kind, LIMITS)).size == (400, 300)


def test_a_picture_of_fifty_million_pixels_is_too_large_by_one_row(darkroom):
    assert code(darkroom.develop(png_bomb(10_000, 5_001), Kind.PNG, LIMITS)) == "media.too-many-pixels"


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_a_bomb_of_a_few_kilobytes_is_refused_unopened(darkroom, side):
    assert code(darkroom.develop(png_bomb(side, side), Kind.PNG, LIMITS)) == "media.too-many-pixels"


@pytest.mark.parametrize(("form", "kind"), FORMS)
def test_the_limit_of_pixels_holds_for_every_kind(darkroom, form, kind):
    assert code(darkroom.develop(picture(form, size=(1200, 900)), kind, SMALL)) == "media.too-many-pixels"


@pytest.mark.parametrize(("form", "kind"), FORMS)
def test_half_a_picture_is_refused_as_broken(darkroom, form, kind):
    whole = picture(form, size=(900, 700))
    assert code(darkroom.develop(whole[: len(whole) // 2], kind, LIMITS)) == "media.broken"


def test_a_picture_of_another_kind_than_ordered_is_broken(darkroom):
    assert code(darkroom.develop(picture("GIF", mode="P"), Kind.JPEG, LIMITS)) == "media.broken"
    assert code(darkroom.develop(b"", Kind.PNG, LIMITS)) == "media.broken"


@needs_shared
@pytest.mark.parametrize(
    "name", ["30-type_error.jpg", "33-type_error.jpg", "corrupted.jpg", "image01137.jpg", "image01551.jpg"]
)
def test_pictures_whose_notes_are_broken_are_taken_for_their_pixels(darkroom, name):
    content = (PHOTOS / "broken" / name).read_bytes()
    opened(darkroom.develop(content, Kind.JPEG, LIMITS)).load()


@needs_shared
@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("DSCN0010.jpg", 43.46745, 11.88513),
        ("DSCN0021.jpg", 43.46708, 11.88454),
        ("Kodak_CX7530.jpg", -0.37130, 36.05642),
    ],
)
def test_the_place_in_a_real_camera_s_notes_is_read(darkroom, name, lat, lon):
    point = position_of(darkroom.develop((PHOTOS / "gps" / name).read_bytes(), Kind.JPEG, LIMITS).notes)
    assert (round(point.lat, 5), round(point.lon, 5)) == (lat, lon)


@needs_shared
@pytest.mark.parametrize("name", ["landscape_1.jpg", "landscape_6.jpg", "landscape_8.jpg", "portrait_3.jpg"])
def test_real_pictures_held_in_all_ways_show_their_sky_above_and_their_own_shape(darkroom, name):
    upright = opened(darkroom.develop((PHOTOS / "orientation" / name).read_bytes(), Kind.JPEG, LIMITS))
    assert upright.size == ((600, 450) if name.startswith("landscape") else (450, 600))
    # the waterfall's sky lies at the top, the dark water and grass below
    grey = upright.convert("L").resize((1, 10))
    assert grey.getpixel((0, 0)) > grey.getpixel((0, 9))


@needs_shared
def test_a_real_heic_is_taken(darkroom):
    content = (PHOTOS / "heic" / "samplefilehub.heif").read_bytes()
    assert opened(darkroom.develop(content, Kind.HEIC, LIMITS)).size == (640, 426)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_picture_with_flipped_bytes_is_a_picture_or_a_refusal(warm_darkroom, data):
    form, kind = data.draw(st.sampled_from(FORMS))
    content = bytearray(_SEEDS[form])
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    answer = warm_darkroom.develop(bytes(content), kind, LIMITS)
    assert isinstance(answer, Developed) or answer.code in {
        "media.broken",
        "media.too-many-pixels",
        "media.too-hard",
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(Kind)), st.binary(max_size=400))
def test_noise_behind_a_true_beginning_is_refused(warm_darkroom, kind, noise):
    assert isinstance(warm_darkroom.develop(STARTS[kind] + noise, kind, LIMITS), Refusal | Developed)


def test_the_process_answers_as_its_twin(warm_darkroom):
    content = talkative_jpeg()
    assert warm_darkroom.develop(content, Kind.JPEG, LIMITS) == InlineDarkroom().develop(
        content, Kind.JPEG, LIMITS
    )
