"""The API for those who act: the same services as the pages, the same refusals, in the reader's language."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from tests.cast import IN_THE_WEST, OUTSIDE, a_person, person_of

from veche.commons.accounts.terms import Level
from veche.commons.journal.models import FactRow
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/perm/reports"


def pothole(**changes):
    point = {"lat": IN_THE_WEST.lat, "lon": IN_THE_WEST.lon}
    return {
        "category": "pothole",
        "text": "Глубокая яма у перехода",
        **point,
        "address": "улица Ленина, 10",
    } | changes


def post(client, path, body=None, **headers):
    return client.post(
        path,
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())} | headers,
    )


def problem(answer, status, code):
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert body["detail"]
    return body


def at(report, rest=""):
    return f"{REPORTS}/{number_of(report.serial)}{rest}"


def test_filing_answers_the_number_the_office_and_the_deadline(perm, alice, signed_in):
    answer = post(signed_in(alice), REPORTS, pothole())
    assert answer.status_code == 201
    body = answer.json()
    report = Report.objects.get()
    assert body["number"] == number_of(report.serial)
    assert (body["office"]["code"], body["status"]) == ("roads", "routed")
    assert body["due_at"]
    assert report.submission.channel == "api"
    assert report.submission.author_id == alice.person_id


def test_the_same_id_again_files_nothing_new(perm, alice, clara, signed_in):
    body = pothole(id=str(uuid4()))
    first, second = (post(signed_in(alice), REPORTS, body) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert Report.objects.count() == 1
    assert FactRow.objects.filter(kind="reports.ReportFiled").count() == 1
    problem(post(signed_in(clara), REPORTS, body), 422, "submissions.id-taken")


def test_an_id_used_in_another_city_is_taken(perm, boston, alice, signed_in):
    body = pothole(id=str(uuid4()))
    assert post(signed_in(alice), REPORTS, body).status_code == 201
    elsewhere = body | {"lat": 42.36, "lon": -71.06}
    problem(post(signed_in(alice), "/api/v1/boston/reports", elsewhere), 422, "submissions.id-taken")


def test_a_visitor_is_told_to_sign_in(perm, client):
    for path in (REPORTS, f"{REPORTS}/1-3/join", f"{REPORTS}/1-3/moves"):
        problem(post(client, path, pothole()), 401, "access.sign-in")
        problem(post(Client(enforce_csrf_checks=True), path, pothole()), 401, "access.sign-in")


def test_a_forged_call_is_refused_and_one_with_the_token_is_not(perm, alice, signed_in):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person_of(alice), backend="veche.commons.accounts.adapters.SignIn")
    body = problem(post(client, REPORTS, pothole()), 403, "access.csrf")
    assert "X-CSRFToken" in body["detail"]
    assert not Report.objects.exists()
    client.cookies["csrftoken"] = token = "x" * 32
    answer = post(client, REPORTS, pothole(), **{"X-CSRFToken": token})
    assert answer.status_code == 201


def test_who_has_not_confirmed_an_address_may_not_file(perm, now, signed_in):
    fresh = a_person("fresh", now=now, level=Level.ANONYMOUS)
    problem(post(signed_in(fresh), REPORTS, pothole()), 403, "reports.level-too-low")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"category": "mermaid"}, "reports.unknown-category", "category"),
        ({"category": "roads"}, "reports.unknown-category", "category"),
        ({"text": ""}, "submissions.text-missing", "text"),
        ({"text": "\0\0"}, "submissions.text-missing", "text"),
        ({"text": "x" * 4001}, "submissions.text-too-long", "text"),
        ({"address": "x" * 301}, "submissions.address-too-long", "address"),
        ({"lat": OUTSIDE.lat, "lon": OUTSIDE.lon}, "places.outside-city", "point"),
    ],
)
def test_what_the_rules_refuse_stands_beside_its_field(changes, code, field, perm, alice, signed_in):
    body = problem(post(signed_in(alice, language="en"), REPORTS, pothole(**changes)), 422, code)
    assert (code, field) in {(one["code"], one["field"]) for one in body["errors"]}
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "north"},
        {"lat": 91},
        {"lon": 1e400},
        {"lat": float("nan")},
        {"id": "7"},
        {"answers": []},
        {"text": None},
    ],
)
def test_what_cannot_be_read_names_its_field(changes, perm, alice, signed_in):
    body = problem(post(signed_in(alice), REPORTS, pothole(**changes)), 422, "site.bad-input")
    assert body["errors"][0]["field"].endswith(next(iter(changes)))


def test_half_a_surrogate_cannot_be_read(perm, alice, signed_in):
    raw = json.dumps(pothole(text="яма \ud800 здесь"))
    headers = {"Idempotency-Key": str(uuid4())}
    answer = signed_in(alice).post(REPORTS, raw, content_type="application/json", headers=headers)
    problem(answer, 422, "site.bad-input")


def test_what_is_no_json_is_a_problem(perm, alice, signed_in):
    for raw in (b"{", b"\xff\xfe", b"[]", b"null", b""):
        headers = {"Idempotency-Key": str(uuid4())}
        answer = signed_in(alice).post(REPORTS, raw, content_type="application/json", headers=headers)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.status_code in {400, 422}


def test_too_much_at_once_is_a_problem(perm, alice, signed_in):
    problem(post(signed_in(alice), REPORTS, pothole(text="x" * 3_000_000)), 413, "site.too-large")


def test_refusals_speak_the_language_of_the_reader(perm, alice, signed_in):
    said = {
        one: post(signed_in(alice, language=one), REPORTS, pothole(text="")).json()["detail"]
        for one in ("ru", "en")
    }
    assert said["ru"] != said["en"]


def test_joining_counts_each_person_once(perm, alice, clara, now, signed_in):
    report = filed(perm, alice, now=now)
    for _ in range(2):
        assert post(signed_in(clara), at(report, "/join")).json() == {"supporters": 1}
    problem(post(signed_in(alice), at(report, "/join")), 422, "reports.own-report")


def test_an_officer_answers_and_the_author_confirms(perm, alice, boris, now, signed_in):
    report = filed(perm, alice, now=now)
    assert (
        post(signed_in(boris), at(report, "/moves"), {"verb": "answer", "text": ANSWER}).json()["status"]
        == "answered"
    )
    whole = post(signed_in(alice), at(report, "/moves"), {"verb": "confirm"}).json()
    assert whole["status"] == "confirmed"
    assert [one["role"] for one in whole["steps"]] == ["officer", "citizen"]


def test_the_dispatcher_routes_by_the_code_of_an_office(perm, alice, dina, now, signed_in):
    report = filed(perm, alice, now=now, category="dark-yard")
    problem(
        post(signed_in(dina), at(report, "/moves"), {"verb": "route", "office": "moon"}),
        422,
        "reports.office-unknown",
    )
    answer = post(signed_in(dina), at(report, "/moves"), {"verb": "route", "office": "roads"})
    assert answer.json()["office"]["code"] == "roads"


def test_a_duplicate_is_named_by_its_number(perm, alice, boris, now, signed_in):
    first, second = filed(perm, alice, now=now), filed(perm, alice, now=now)
    body = {"verb": "duplicate", "duplicate_of": number_of(first.serial)}
    assert post(signed_in(boris), at(second, "/moves"), body).json()["status"] == "duplicate"
    body["duplicate_of"] = number_of(second.serial)
    problem(post(signed_in(boris), at(second, "/moves"), body), 422, "reports.duplicate-of-itself")
    body["duplicate_of"] = "1042-8"
    assert post(signed_in(boris), at(first, "/moves"), body).json()["errors"][0]["field"] == "duplicate_of"


def test_steps_that_are_not_yours_are_403_and_steps_out_of_turn_422(
    perm, alice, clara, boris, olga, now, signed_in
):
    report = filed(perm, alice, now=now)
    answer = {"verb": "answer", "text": ANSWER}
    for stranger in (clara, olga, alice):
        problem(post(signed_in(stranger), at(report, "/moves"), answer), 403, "casework.wrong-role")
    problem(post(signed_in(alice), at(report, "/moves"), {"verb": "confirm"}), 422, "casework.wrong-state")
    problem(post(signed_in(boris), at(report, "/moves"), {"verb": "dance"}), 422, "casework.unknown-verb")
    body = problem(
        post(signed_in(boris), at(report, "/moves"), {"verb": "answer"}), 422, "casework.text-missing"
    )
    assert body["errors"][0]["field"] == "text"
    moved(report, "answer", boris, now=now)
    problem(post(signed_in(clara), at(report, "/moves"), {"verb": "confirm"}), 403, "casework.wrong-role")


def test_a_hidden_report_cannot_be_joined_or_moved_by_others(perm, alice, clara, mila, now, signed_in):
    report = filed(perm, alice, now=now)
    services.hide_report(report.pk, "insult", by=mila, now=now)
    problem(post(signed_in(clara), at(report, "/join")), 404, "reports.not-found")
    problem(post(signed_in(clara), at(report, "/moves"), {"verb": "confirm"}), 404, "reports.not-found")


def test_a_failure_of_ours_is_a_problem_that_tells_nothing(perm, alice, signed_in, monkeypatch, caplog):
    def breaks(*args, **more):
        raise ValueError("secret words of the program")

    monkeypatch.setattr(services, "file_report", breaks)
    answer = post(signed_in(alice), REPORTS, pothole())
    problem(answer, 500, "site.failure")
    assert b"secret" not in answer.content
    assert "the API failed" in caplog.text
