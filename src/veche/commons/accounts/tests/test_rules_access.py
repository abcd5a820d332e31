"""Who may do which verb."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from veche.commons.accounts.access import (
    answers_for_office,
    has_level,
    has_role,
    has_role_somewhere,
    is_anybody,
    is_owner,
    is_signed_in,
    is_system,
    may,
    needs,
)
from veche.commons.accounts.terms import SYSTEM, VISITOR, Actor, Grant, Level, Role, Target
from veche.kernel.ids import new_id

CITY, ELSEWHERE, ROADS, PARKS, ANNA = (new_id() for _ in range(5))
CITIZEN = Actor(ANNA, Level.CONTACT)
OFFICER = Actor(new_id(), Level.CONTACT, frozenset({Grant(Role.OFFICER, CITY, ROADS)}))
DISPATCHER = Actor(new_id(), Level.CONTACT, frozenset({Grant(Role.DISPATCHER, CITY)}))


@pytest.mark.parametrize(
    ("actor", "question", "target", "answer"),
    [
        (VISITOR, is_anybody, None, True),
        (VISITOR, is_signed_in, None, False),
        (CITIZEN, is_signed_in, None, True),
        (SYSTEM, is_system, None, True),
        (CITIZEN, is_system, None, False),
        (VISITOR, has_level(Level.ANONYMOUS), None, False),
        (CITIZEN, has_level(Level.CONTACT), None, True),
        (CITIZEN, has_level(Level.RESIDENT), None, False),
        (DISPATCHER, has_role(Role.DISPATCHER), Target(CITY), True),
        (DISPATCHER, has_role(Role.DISPATCHER), Target(ELSEWHERE), False),
        (DISPATCHER, has_role(Role.DISPATCHER), Target(), False),
        (DISPATCHER, has_role(Role.DISPATCHER), None, False),
        (DISPATCHER, has_role_somewhere(Role.DISPATCHER), None, True),
        (OFFICER, answers_for_office, Target(CITY, ROADS), True),
        (OFFICER, answers_for_office, Target(CITY, PARKS), False),
        (OFFICER, answers_for_office, Target(CITY), False),
        (CITIZEN, is_owner, Target(person_id=ANNA), True),
        (OFFICER, is_owner, Target(person_id=ANNA), False),
        (VISITOR, is_owner, Target(), False),
    ],
)
def test_each_question_has_its_answer(
    actor: Actor, question: Any, target: Target | None, answer: bool
) -> None:
    assert may(actor, question, target) is answer


def test_questions_are_joined_by_and_or_and_not() -> None:
    asked = (answers_for_office | has_role(Role.DISPATCHER)) & ~is_system
    assert may(OFFICER, asked, Target(CITY, ROADS))
    assert may(DISPATCHER, asked, Target(CITY, ROADS))
    assert not may(CITIZEN, asked, Target(CITY, ROADS))


@needs(has_role(Role.DISPATCHER))
def queue(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the queue")


def asked_by(actor: Actor | None, *, city: Any = None, method: str = "get", **headers: str) -> HttpRequest:
    request: Any = getattr(RequestFactory(), method)("/perm/dispatch?page=2", headers=headers)
    if actor is not None:
        request.actor = actor
    request.city = city
    return request


def test_a_view_opens_to_those_who_may() -> None:
    assert queue(asked_by(DISPATCHER, city=SimpleNamespace(id=CITY))).content == b"the queue"


def test_a_view_leads_visitors_to_the_sign_in_and_back() -> None:
    for actor in (None, VISITOR):
        assert queue(asked_by(actor))["Location"] == "/accounts/login/?next=/perm/dispatch%3Fpage%3D2"
    assert queue(asked_by(VISITOR, method="post"))["Location"] == "/accounts/login/?next=/perm/dispatch"


def test_a_part_of_a_page_asks_the_whole_page_to_sign_in() -> None:
    response = queue(asked_by(VISITOR, **{"HX-Request": "true"}))
    assert response["HX-Redirect"].startswith("/accounts/login/")


@pytest.mark.parametrize("city", [None, SimpleNamespace(id=ELSEWHERE)])
def test_a_view_stays_shut_to_those_who_may_not(city: Any) -> None:
    with pytest.raises(PermissionDenied):
        queue(asked_by(DISPATCHER, city=city))
    with pytest.raises(PermissionDenied):
        queue(asked_by(CITIZEN, city=city))
