"""The API says no in `application/problem+json`, with codes for programs and sentences for people."""

import json
from enum import StrEnum
from typing import Literal

import pytest
from django.test import override_settings
from django.urls import include, path
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError

from veche.kernel.refusals import Refusal, Refused
from veche.site import problems

api = NinjaAPI(urls_namespace="problems-of-tests")
problems.equip(api)


class Colour(StrEnum):
    RED = "red"


class Wanted(Schema):
    colour: Colour | Literal[""] = ""
    limit: int = Field(1, ge=1)


class Lamp(Schema):
    height: int
    words: str


@api.post("/refuse")
def refuse(request):
    raise Refused(Refusal("ids.mistyped-number", "number"), Refusal("ids.not-a-number", "other"))


@api.post("/denied")
def denied(request):
    raise Refused(Refusal("access.denied"))


@api.post("/lamp")
def lamp(request, new: Lamp):
    return new


@api.get("/lamps")
def lamps(request, wanted: Query[Wanted]):
    return wanted


@api.get("/teapot")
def teapot(request):
    raise HttpError(409, "secret words of the program")


urlpatterns = [path("x/", include([path("", api.urls)]))]
pytestmark = pytest.mark.urls(__name__)


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    assert body["type"] == "about:blank"
    return body


def test_a_refusal_names_each_field_with_its_sentence(client):
    client.cookies["lang"] = "en"
    body = problem(client.post("/x/refuse"))
    assert body["status"] == 422
    assert body["code"] == "ids.mistyped-number"
    assert [(one["code"], one["field"]) for one in body["errors"]] == [
        ("ids.mistyped-number", "number"),
        ("ids.not-a-number", "other"),
    ]
    assert body["errors"][0]["detail"].startswith("One digit")


def test_what_may_not_be_done_is_403(client):
    assert problem(client.post("/x/denied"))["status"] == 403


def test_input_that_cannot_be_read_is_422_with_the_field(client):
    body = problem(client.post("/x/lamp", {"height": "tall"}, content_type="application/json"))
    assert body["code"] == "site.bad-input"
    assert {one["field"] for one in body["errors"]} == {"height", "words"}
    assert {one["code"] for one in body["errors"]} == {"site.bad-value", "site.missing-value"}


@pytest.mark.parametrize(
    ("question", "field"),
    [("colour=pink", "colour"), ("limit=-1", "limit"), ("colour=red&limit=all", "limit")],
)
def test_a_question_that_cannot_be_read_names_its_field_once_as_it_was_asked(client, question, field):
    body = problem(client.get(f"/x/lamps?{question}"))
    assert [one["field"] for one in body["errors"]] == [field]


def test_a_value_of_a_wrong_kind_is_named_by_its_field_alone(client):
    deep = problem(client.post("/x/lamp", {"height": 1, "words": {"a": 1}}, content_type="application/json"))
    assert [one["field"] for one in deep["errors"]] == ["words"]


def test_words_of_the_program_stay_inside(client):
    response = client.get("/x/teapot")
    assert problem(response)["status"] == 409
    assert b"secret" not in response.content


@override_settings(ROOT_URLCONF="veche.site.urls")
def test_the_description_is_openapi_3_1_and_its_page_loads_only_our_files(client):
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    page = client.get("/api/v1/docs").content.decode()
    assert "http://" not in page
    assert "https://" not in page
