"""The API for readers: the same public reports as the pages, and nothing more."""

import json
from datetime import timedelta

import pytest
from tests.cast import IN_THE_EAST, person_of

from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/perm/reports"


def get(client, path, **query):
    return client.get(path, query)


def numbers(response):
    assert response.status_code == 200, response.content
    return [one["number"] for one in response.json()["reports"]]


@pytest.fixture
def several(perm, alice, now):
    """Five reports, the newest last."""
    made = [
        filed(perm, alice, now=now + timedelta(minutes=n), text=f"Яма номер {n} на дороге") for n in range(4)
    ]
    return [
        *made,
        filed(perm, alice, now=now, category="dark-yard", point=IN_THE_EAST, text="Темно во дворе"),
    ]


def test_the_directory_of_cities_places_and_offices(perm, client):
    (city,) = get(client, "/api/v1/cities").json()
    assert (city["code"], city["tz"]) == ("perm", "Asia/Yekaterinburg")
    places = {one["code"]: one for one in get(client, "/api/v1/perm/places").json()}
    assert places["east"]["parent"] in places
    assert places["east"]["names"]["ru"]
    offices = {one["code"]: one for one in get(client, "/api/v1/perm/offices").json()}
    assert {"roads", "parks"} <= set(offices)
    assert all(one["parent"] is None or one["parent"] in offices for one in offices.values())


def test_categories_with_their_questions(perm, client):
    found = {one["code"]: one for one in get(client, "/api/v1/perm/categories").json()}
    assert found["pothole"]["group"] == "roads"
    assert "roads" not in found


def test_a_list_is_newest_first_and_pages_never_overlap(several, client):
    seen, before = [], ""
    while True:
        page = get(client, REPORTS, limit=2, before=before)
        seen += numbers(page)
        before = page.json()["next"]
        if before is None:
            break
    assert seen == [number_of(one.serial) for one in reversed(several)]


def test_a_full_last_page_has_no_next(several, client):
    assert get(client, REPORTS, limit=5).json()["next"] is None
    assert get(client, REPORTS, limit=4).json()["next"] is not None


def test_a_report_filed_meanwhile_does_not_move_the_pages(several, perm, alice, now, client):
    first = get(client, REPORTS, limit=2)
    filed(perm, alice, now=now)
    second = get(client, REPORTS, limit=2, before=first.json()["next"])
    assert numbers(first) + numbers(second) == [number_of(one.serial) for one in reversed(several)][:4]


def test_filters_narrow_the_list(several, boris, now, client):
    moved(several[0], "answer", boris, now=now)
    Report.objects.filter(pk=several[1].pk).update(overdue=True)
    first, second, dark = (number_of(several[n].serial) for n in (0, 1, 4))
    assert numbers(get(client, REPORTS, status="answered")) == [first]
    assert numbers(get(client, REPORTS, overdue="true")) == [second]
    assert numbers(get(client, REPORTS, category="dark-yard")) == [dark]
    assert dark not in numbers(get(client, REPORTS, group="roads"))
    assert numbers(get(client, REPORTS, place="east")) == [dark]
    assert len(numbers(get(client, REPORTS, office="roads"))) == 4
    assert numbers(get(client, REPORTS, office="nobody")) == []
    assert numbers(get(client, REPORTS, category="nothing")) == []


@pytest.mark.parametrize(
    "wrong",
    [{"status": "sleeping"}, {"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"overdue": "perhaps"}],
)
def test_a_wrong_filter_is_said_and_not_guessed(wrong, perm, client):
    answer = get(client, REPORTS, **wrong)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert next(iter(wrong)) in answer.json()["errors"][0]["field"]


def test_a_mistyped_number_is_a_sentence_in_the_language_asked_for(several, client):
    right = number_of(several[0].serial)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    said = {}
    for language in ("ru", "en"):
        answer = client.get(f"{REPORTS}/{wrong}", headers={"Accept-Language": language})
        assert answer.json()["code"] == "ids.mistyped-number"
        said[language] = answer.json()["detail"]
    assert said["en"].startswith("One digit")
    assert said["ru"] != said["en"]
    client.cookies["lang"] = "en"
    assert client.get(f"{REPORTS}/{wrong}", headers={"Accept-Language": "ru"}).json()["detail"] == said["en"]
    assert client.get(f"{REPORTS}/{wrong}")["Vary"]


def test_what_is_not_there_is_a_problem_and_no_page(perm, client):
    for path in (
        "/api/v1/atlantis/reports",
        "/api/v1/perm/nothing",
        "/api/v1/nothing",
        f"{REPORTS}/999999-9",
    ):
        answer = client.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code in {404, 422}, path
        assert answer["Content-Type"] == "application/problem+json", path
        assert answer.json()["detail"], path


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(perm, client):
    answer = client.delete(REPORTS)
    assert answer.status_code == 405
    assert answer.json()["code"] == "site.not-allowed"
    assert {"GET", "POST"} <= {one.strip() for one in answer["Allow"].split(",")}


def test_one_report_tells_its_words_clocks_and_steps(perm, alice, boris, now, client):
    report = filed(perm, alice, now=now)
    moved(report, "answer", boris, now=now)
    whole = client.get(f"{REPORTS}/{number_of(report.serial)}").json()
    assert whole["status"] == "answered"
    assert whole["office"]["code"] == "roads"
    assert [one["verb"] for one in whole["steps"]] == ["answer"]
    assert whole["steps"][0]["text"] == ANSWER
    assert {one["stage"] for one in whole["clocks"]} >= {"answer", "confirm"}
    assert all(one["source"]["titles"] for one in whole["clocks"])
    assert whole["why"]


def test_nobody_is_named(perm, alice, boris, now, client, signed_in):
    """Neither the author nor the officer: not their ids, their addresses of mail or their names."""
    report = filed(perm, alice, now=now, anonymous=True)
    moved(report, "take", boris, now=now)
    moved(report, "answer", boris, now=now)
    secrets = [
        str(word)
        for who in (alice, boris)
        for word in (who.person_id, person_of(who).email, person_of(who).name)
    ]
    for reader in (client, signed_in(boris), signed_in(alice)):
        for path in (
            REPORTS,
            f"{REPORTS}/{number_of(report.serial)}",
            "/api/v1/journal",
            "/api/v1/perm/offices",
        ):
            body = reader.get(path).content.decode()
            assert not [secret for secret in secrets if secret in body], path


def test_a_hidden_report_is_seen_by_its_author_and_the_moderator_only(
    perm, alice, clara, mila, now, client, signed_in
):
    report = filed(perm, alice, now=now)
    services.hide_report(report.pk, "insult", by=mila, now=now)
    path = f"{REPORTS}/{number_of(report.serial)}"
    for reader in (client, signed_in(clara)):
        answer = reader.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "reports.not-found"
        assert report.title not in answer.content.decode()
        assert numbers(get(reader, REPORTS)) == []
    for reader in (signed_in(alice), signed_in(mila)):
        assert reader.get(path).status_code == 200
        assert numbers(get(reader, REPORTS)) == []


def test_the_report_of_another_city_is_not_here(perm, boston, alice, now, client):
    report = filed(perm, alice, now=now)
    assert client.get(f"/api/v1/boston/reports/{number_of(report.serial)}").status_code == 404


def test_the_journal_tells_what_happened(perm, alice, now, client):
    report = filed(perm, alice, now=now)
    facts = client.get("/api/v1/journal", {"city": "perm", "subject": str(report.pk)}).json()["facts"]
    assert {one["kind"] for one in facts} == {"reports.ReportFiled", "casework.CaseOpened"}
    assert client.get("/api/v1/journal", {"city": "atlantis"}).status_code == 404


def test_the_description_is_openapi_3_1_with_its_problems(db, client):
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert {
        "/api/v1/cities",
        "/api/v1/{city}/places",
        "/api/v1/{city}/offices",
        "/api/v1/{city}/reports",
    } <= set(description["paths"])
    post = description["paths"]["/api/v1/{city}/reports"]["post"]
    assert {"201", "401", "403", "404", "422"} <= set(post["responses"])
    assert list(post["responses"]["422"]["content"]) == ["application/problem+json"]
    assert json.dumps(description).count("operationId") == len(
        {one["operationId"] for methods in description["paths"].values() for one in methods.values()}
    )


def test_the_page_of_the_description_loads_only_our_files(db, client):
    page = client.get("/api/v1/docs").content.decode()
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "//" not in page.replace("<!--", "")
    assert "validatorUrl" in page
