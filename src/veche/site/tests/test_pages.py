import pytest
from django.test import Client, override_settings

from veche.site import errors
from veche.site.shell import look_of


def test_pages_are_russian_until_the_reader_says_otherwise(client, db):
    page = client.get("/")
    assert b'<html lang="ru"' in page.content
    assert page["Content-Language"] == "ru"
    assert "Cookie" in page["Vary"]


def test_the_language_is_kept_and_the_reader_comes_back(client, db):
    answer = client.get("/language/en?next=/styleguide")
    assert answer.headers["Location"] == "/styleguide"
    assert b'<html lang="en"' in client.get("/").content


def test_an_address_from_elsewhere_is_not_gone_to(client, db):
    assert client.get("/language/en?next=https://evil.example/").headers["Location"] == "/"
    assert client.post("/look", {"next": "//evil.example/"}).headers["Location"] == "/"


def test_an_unknown_language_is_not_found(client, db):
    assert client.get("/language/xx").status_code == 404


def test_the_low_vision_version_is_kept_in_a_cookie(client, db):
    chosen = {"size": "3", "contrast": "inverse", "spacing": "wide", "images": "off", "theme": "dark"}
    client.post("/look", chosen)
    page = client.get("/").content.decode()
    for mark in ('data-size="3"', 'data-contrast="inverse"', 'data-images="off"', 'data-theme="dark"'):
        assert mark in page
    client.post("/look", {"usual": "1"})
    assert "data-size" not in client.get("/").content.decode()


@pytest.mark.parametrize("cookie", ["", "size-9", "size", "....", "size-2.contrast-<b>", "x" * 5000])
def test_a_damaged_cookie_means_pages_as_usual(cookie):
    assert look_of(cookie)["contrast"] == "normal"


def test_the_home_page_offers_the_cities(client, perm):
    page = client.get("/").content.decode()
    assert f'href="/{perm.code}/"' in page


def test_the_page_of_a_city_begins_with_reporting_a_problem(client, perm):
    page = client.get(f"/{perm.code}/").content.decode()
    assert f'href="/{perm.code}/report"' in page


def test_an_unknown_city_is_answered_with_those_we_have(client, perm):
    page = client.get("/atlantis/")
    assert page.status_code == 404
    assert f'href="/{perm.code}/"' in page.content.decode()


def test_a_frame_that_was_kept_still_leads_back_to_its_own_page(client, perm):
    assert '"<script>' not in client.get('/nowhere/2?a="<script>').content.decode()
    first, second = (client.get(f"/styleguide?n={n}").content.decode() for n in (1, 2))
    assert "next=/styleguide%3Fn%3D1" in first
    assert "next=/styleguide%3Fn%3D2" in second
    assert "--next--" not in first + second


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_styleguide_shows_every_part(client, db, language):
    client.cookies["lang"] = language
    assert client.get("/styleguide").status_code == 200


def test_the_cabinet_asks_to_sign_in_first(client, db):
    assert client.get("/cabinet/").headers["Location"].startswith("/accounts/login/")


def test_the_cabinet_of_somebody_new_says_why_it_is_empty(perm, alice, signed_in):
    page = signed_in(alice).get("/cabinet/")
    assert page.status_code == 200


@pytest.mark.parametrize("path", ["login/", "login/password/", "inactive/"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_pages_of_signing_in_are_ours(client, db, path, language):
    client.cookies["lang"] = language
    page = client.get(f"/accounts/{path}").content.decode()
    assert f'<html lang="{language}"' in page
    assert "site/veche" in page


def test_a_form_that_grew_old_says_that_nothing_was_lost(db):
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", {"email": "a@example.org"})
    assert page.status_code == 403
    assert "написанное" in page.content.decode()


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_every_error_says_what_to_do(rf, status):
    page = errors.page(rf.get("/"), status)
    assert page.status_code == status
    assert "<h1>" in page.content.decode()


def test_a_failure_asks_nothing_of_the_database(rf):
    request = rf.get("/")
    request.COOKIES["lang"] = "en"
    page = errors.failure(request)
    assert page.status_code == 500
    assert "Something broke" in page.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_too_much_at_once_is_said_so(client, db):
    page = client.post("/look", data="a=" + "x" * 50, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 413
