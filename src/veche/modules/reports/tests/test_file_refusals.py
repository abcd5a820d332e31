from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from veche.commons.media.models import Photo
from veche.commons.submissions.models import Draft
from veche.modules.reports.models import Report
from veche.modules.reports.tests.filing_cast import CHECK, TEXT, refused, told, up_to_check, visitor


@pytest.fixture
def client(perm):
    return visitor("en")


def at_details(client, category="pothole"):
    client.post("/perm/report", {"category": category})
    client.post("/perm/report/where", {"lat": "58.0", "lon": "56.1", "act": "next"})
    return client


@pytest.mark.parametrize("category", ["", "roads", "no-such", "Б" * 500])
def test_a_report_is_about_a_subcategory(client, category):
    answer = client.post("/perm/report", {"category": category})
    assert answer.status_code == 422
    assert "Choose what the report is about." in told(answer)


def test_a_step_that_was_left_out_is_shown_first(client):
    assert client.get(CHECK)["Location"] == "/perm/report"
    client.post("/perm/report", {"category": "pothole"})
    assert client.get("/perm/report/details")["Location"] == "/perm/report/where"


def test_without_a_place_nothing_goes_on(client):
    client.post("/perm/report", {"category": "pothole"})
    answer = client.post("/perm/report/where", {"act": "next", "address": "Ленина, 10"})
    assert answer.status_code == 422
    assert "Show the place" in told(answer)
    assert 'value="Ленина, 10"' in answer.content.decode()


@pytest.mark.parametrize(("lat", "lon"), [("55.75", "37.62"), ("0", "0"), ("-90", "180")])
def test_a_pin_outside_the_city_is_refused_beside_the_map(client, lat, lon):
    client.post("/perm/report", {"category": "pothole"})
    answer = client.post("/perm/report/where", {"lat": lat, "lon": lon, "act": "next"})
    assert answer.status_code == 422
    assert refused(answer) == [("places.outside-city", "pin")]
    assert client.get("/perm/report/details")["Location"] == "/perm/report/where"


@pytest.mark.parametrize(("lat", "lon"), [("nan", "56"), ("x", "y"), ("inf", "56"), ("58", ""), ("91", "56")])
def test_a_pin_that_is_no_point_counts_as_none(client, lat, lon):
    client.post("/perm/report", {"category": "pothole"})
    answer = client.post("/perm/report/where", {"lat": lat, "lon": lon, "act": "next"})
    assert [code for code, _ in refused(answer)] == ["reports.no-point"]


def test_a_long_address_is_refused_and_kept(client):
    client.post("/perm/report", {"category": "pothole"})
    address = "улица " * 60
    answer = client.post(
        "/perm/report/where", {"lat": "58", "lon": "56.1", "act": "next", "address": address}
    )
    assert [code for code, _ in refused(answer)] == ["submissions.address-too-long"]
    assert address.strip() in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "submissions.text-missing"),
        ("да", "submissions.text-too-short"),
        ("!!! ??? ...", "submissions.text-without-words"),
        ("яма " * 1200, "submissions.text-too-long"),
    ],
)
def test_a_wrong_text_is_refused_and_kept(client, text, code):
    answer = at_details(client).post(
        "/perm/report/details", {"text": text, "email": "a@b.org", "act": "next"}
    )
    assert answer.status_code == 422
    assert [code for code, _ in refused(answer)] == [code]
    assert text.strip() in answer.content.decode()
    assert 'value="a@b.org"' in answer.content.decode()


def test_a_text_too_large_for_a_draft_still_stands_on_the_page(client):
    answer = at_details(client).post("/perm/report/details", {"text": "яма " * 60_000, "act": "next"})
    assert answer.status_code == 422
    assert "submissions.draft-too-large" in [code for code, _ in refused(answer)]
    assert answer.content.decode().count("яма ") > 50_000


def test_required_questions_bite_and_every_wrong_answer_has_its_sentence(client):
    answer = at_details(client, "broken-bench").post(
        "/perm/report/details", {"text": TEXT, "email": "a@b.org", "act": "next"}
    )
    assert refused(answer) == [("reports.answer-missing", "answer-parts")]
    page = answer.content.decode()
    assert 'id="f-answer-parts-error"' in page
    answer = client.post(
        "/perm/report/details", {"text": TEXT, "email": "a@b.org", "answer-parts": "leg", "act": "next"}
    )
    assert [code for code, _ in refused(answer)] == ["reports.answer-not-a-choice"]


@pytest.mark.parametrize(
    ("email", "code"), [("", "email-needed"), ("alice", "email-wrong"), ("a b@c.d", "email-wrong")]
)
def test_a_visitor_leaves_an_address_that_can_be_one(client, email, code):
    answer = at_details(client).post("/perm/report/details", {"text": TEXT, "email": email, "act": "next"})
    assert refused(answer) == [(f"reports.{code}", "email")]
    assert TEXT in answer.content.decode()


def test_a_refused_photo_takes_nothing_else_with_it(client):
    file = SimpleUploadedFile("яма.jpg", b"this is no picture at all", "image/jpeg")
    answer = at_details(client).post(
        "/perm/report/details", {"text": TEXT, "email": "a@b.org", "photos": file, "act": "next"}
    )
    assert answer.status_code == 422
    assert refused(answer) == [("media.not-a-picture", "photos")]
    assert TEXT in answer.content.decode()
    assert not Photo.objects.exists()
    assert Draft.objects.get().values["text"] == TEXT


@pytest.mark.slow
def a_picture(shade):
    file = BytesIO()
    Image.new("RGB", (8, 8), (shade * 19, 100, 100)).save(file, "JPEG")
    return SimpleUploadedFile(f"{shade}.jpg", file.getvalue(), "image/jpeg")


def test_the_same_photo_sent_again_is_the_one_that_is_there(client):
    at_details(client)
    for _ in range(2):
        typed = {"text": TEXT, "email": "a@b.org", "photos": [a_picture(1), a_picture(2), a_picture(1)]}
        client.post("/perm/report/details", typed)
    assert Photo.objects.count() == 2


def test_photos_beyond_the_tenth_are_refused_in_one_sentence_and_the_ten_stay(client):
    photos = [a_picture(at) for at in range(13)]
    answer = at_details(client).post(
        "/perm/report/details", {"text": TEXT, "email": "a@b.org", "photos": photos, "act": "next"}
    )
    assert refused(answer) == [("media.too-many", "photos")]
    assert told(answer).count("There may be no more than 10 photos.") == 2  # at the top, and beside the field
    assert Photo.objects.count() == 10


def test_a_refusal_speaks_the_readers_language(perm):
    answer = visitor("ru").post("/perm/report", {"category": ""})
    assert "Выберите, о чём сообщение." in told(answer)


def test_no_step_may_be_kept_by_a_cache(client):
    up_to_check(client, email="a@b.org")
    for step in ("", "/where", "/details", "/check"):
        assert client.get(f"/perm/report{step}")["Cache-Control"] == "no-store"
    assert not Report.objects.exists()
