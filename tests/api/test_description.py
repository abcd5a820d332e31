"""Whatever is sent to the API, it answers as its description says, and never fails."""

from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks

from veche.modules.reports.terms import WORKFLOW
from veche.site.api import api

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = WSGIHandler()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
BOUNDED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
VERBS = [line.verb for line in WORKFLOW.transitions]
TOKEN = "x" * 32


def steered(case: Any, numbers: list[str], turn: int) -> None:
    """Lead a generated call to what exists: otherwise most of them end at an unknown city."""
    where = case.path_parameters
    if where:
        where |= {"city": "perm"}
        if "number" in where:
            where["number"] = numbers[turn % len(numbers)]
    body = case.body
    if isinstance(body, dict) and "verb" in body:
        body |= {"verb": VERBS[turn % len(VERBS)]}
    if isinstance(body, dict) and "lat" in body:
        body |= {"lat": 58.0, "lon": 56.1, "category": ("pothole", "broken-bench", "dark-yard")[turn % 3]}


def tried(case: Any, numbers: list[str], turn: int, client: Any = None) -> None:
    # In process nobody unpacks what was packed for the way.
    whom: dict[str, Any] = {"headers": {"Accept-Encoding": "identity"}}
    if client is not None:
        session = django_settings.SESSION_COOKIE_NAME
        whom["cookies"] = {session: client.cookies[session].value, "csrftoken": TOKEN}
        whom["headers"]["X-CSRFToken"] = TOKEN
    case.validate_response(case.call(**whom), checks=CHECKS)
    steered(case, numbers, turn)
    case.validate_response(case.call(**whom), checks=CHECKS)


@pytest.fixture
def turns() -> Any:
    return iter(range(10**6))


@schema.parametrize()
@BOUNDED
def test_a_visitor_is_answered_as_described(case: Any, numbers: list[str], turns: Any) -> None:
    tried(case, numbers, next(turns))


@schema.include(method="POST").parametrize()
@BOUNDED
def test_people_of_every_role_are_answered_as_described(
    case: Any, numbers: list[str], turns: Any, people: list[Any]
) -> None:
    turn = next(turns)
    tried(case, numbers, turn, people[turn % len(people)])


@pytest.fixture
def people(alice: Any, boris: Any, dina: Any, mila: Any, signed_in: Any) -> list[Any]:
    return [signed_in(one) for one in (alice, boris, dina, mila)]
