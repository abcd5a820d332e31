from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.cast import IN_THE_EAST, OUTSIDE

from veche.commons.places.rules import box_of, frame_of
from veche.commons.submissions.models import Draft
from veche.modules.reports.tests.filing_cast import hidden, told, visitor
from veche.modules.reports.views.filing.pin import HEIGHT, WIDTH, picture

WHERE = "/perm/report/where"


@pytest.fixture
def client(perm):
    client = visitor("en")
    client.post("/perm/report", {"category": "pothole"})
    return client


def values():
    return Draft.objects.get().values


def photo_made_at(lat: float, lon: float) -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: _degrees(lat), 3: "E", 4: _degrees(lon)}
    out = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("spot.jpg", out.getvalue(), "image/jpeg")


def test_a_press_on_the_picture_puts_the_pin_where_the_picture_says(client):
    shown = hidden(client.get(WHERE), "box")
    frame = frame_of(box_of(shown), WIDTH, HEIGHT)
    wanted = frame.point_at(200, 120)
    answer = client.post(WHERE, {"box": shown, "pin.x": "200", "pin.y": "120"})
    assert answer["Location"] == f"{WHERE}#f-pin"
    assert (values()["lat"], values()["lon"]) == pytest.approx((wanted.lat, wanted.lon), abs=1e-5)


def test_a_press_comes_closer_and_the_pin_stays_on_the_picture(client):
    first = hidden(client.get(WHERE), "box")
    client.post(WHERE, {"box": first, "pin.x": "200", "pin.y": "120"})
    page = client.get(WHERE)
    near, far = (frame_of(box_of(one), WIDTH, HEIGHT) for one in (hidden(page, "box"), first))
    assert near.zoom > far.zoom
    assert f"pin={values()['lat']:.6f},{values()['lon']:.6f}" in page.content.decode()


def test_the_pin_is_drawn_under_the_next_press(perm, client):
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "here"})
    shown = picture(values(), perm)
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "box": shown.box, "pin.x": "320", "pin.y": "210"})
    assert (values()["lat"], values()["lon"]) == pytest.approx((58.0, 56.1), abs=1e-4)


def test_a_keyboard_presses_the_corner_and_means_the_middle(client):
    shown = hidden(client.get(WHERE), "box")
    middle = frame_of(box_of(shown), WIDTH, HEIGHT).point_at(WIDTH / 2, HEIGHT / 2)
    client.post(WHERE, {"box": shown, "pin.x": "0", "pin.y": "0"})
    assert (values()["lat"], values()["lon"]) == pytest.approx((middle.lat, middle.lon), abs=1e-5)


@pytest.mark.parametrize("turn", ["closer", "farther", "west", "east", "north", "south"])
def test_the_picture_turns_and_the_pin_stays(client, turn):
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "here"})
    before = hidden(client.get(WHERE), "box")
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "box": before, "turn": turn})
    assert hidden(client.get(WHERE), "box") != before
    assert values()["lat"] == 58.0


@pytest.mark.parametrize("box", ["", "1,2,3", "nan,nan,nan,nan", "180,90,-180,-90", "a,b,c,d"])
def test_a_mangled_box_counts_as_none(client, box):
    assert client.post(WHERE, {"box": box, "pin.x": "1e400", "pin.y": "x"}).status_code in {302, 422}


def test_a_pin_outside_the_city_stays_where_it_was_put_with_a_word_about_it(client):
    answer = client.post(WHERE, {"lat": str(OUTSIDE.lat), "lon": str(OUTSIDE.lon), "act": "here"})
    assert answer.status_code == 422
    assert "outside the city" in told(answer)
    assert values()["lat"] == OUTSIDE.lat


def test_a_pin_can_be_taken_away(client):
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "here"})
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "unpin"})
    assert values()["lat"] is None


def test_a_place_from_the_list_stands_for_the_pin(client):
    answer = client.post(WHERE, {"place": "east", "act": "next"})
    assert answer["Location"] == "/perm/report/details"
    assert "We would take the middle of: East district" in told(client.get(WHERE))


def test_a_district_named_in_the_address_stands_for_the_pin(client):
    answer = client.post(WHERE, {"address": "Восточный район, Ленина, 5", "act": "next"})
    assert answer["Location"] == "/perm/report/details"


def test_the_place_of_a_photo_is_offered_as_the_pin(client):
    file = photo_made_at(IN_THE_EAST.lat, IN_THE_EAST.lon)
    answer = client.post(WHERE, {"photos": file, "act": "next"})
    assert answer["Location"] == f"{WHERE}#f-pin"
    assert values()["from_photo"] is True
    assert (values()["lat"], values()["lon"]) == pytest.approx((IN_THE_EAST.lat, IN_THE_EAST.lon), abs=1e-4)
    page = client.get(WHERE)
    assert "The pin stands where your photo was made: East district" in told(page)
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "here"})
    assert values()["from_photo"] is False


def test_a_photo_moves_no_pin_that_somebody_has_put(client):
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "act": "here"})
    file = photo_made_at(IN_THE_EAST.lat, IN_THE_EAST.lon)
    client.post(WHERE, {"lat": "58.0", "lon": "56.1", "photos": file, "act": "photo"})
    assert values()["lon"] == 56.1


def test_a_photo_from_elsewhere_puts_no_pin(client):
    client.post(WHERE, {"photos": photo_made_at(OUTSIDE.lat, OUTSIDE.lon), "act": "photo"})
    assert values()["lat"] is None


def _degrees(number: float) -> tuple[float, float, float]:
    return float(int(number)), round(number % 1 * 60, 6), 0.0
