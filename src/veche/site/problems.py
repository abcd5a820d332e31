"""How the API says no: `application/problem+json`, each with a code and with sentences people understand."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from veche.kernel.refusals import Refusal, Refused
from veche.site.wiring import sentence

_CODES: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "access.sign-in",
    HTTPStatus.FORBIDDEN: "access.denied",
    HTTPStatus.NOT_FOUND: "site.not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "site.not-allowed",
}
_NOT_FOUND_CODES = (".not-found", ".unknown-city")
_DENIED_CODES = ("access.", ".may-not-")


def problem(
    status: int, code: str, *, detail: str = "", errors: Iterable[Mapping[str, str]] = ()
) -> HttpResponse:
    """One problem (RFC 9457). `errors` name the fields: `{code, field, detail}`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail or sentence(code),
        "errors": list(errors),
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json"
    )


def refusal_problem(refusals: tuple[Refusal, ...]) -> HttpResponse:
    """What a service or a rule refused: every reason at once."""
    errors = [{"code": one.code, "field": one.field, "detail": sentence(one)} for one in refusals]
    first = refusals[0]
    return problem(_status_of(first.code), first.code, detail=sentence(first), errors=errors)


def equip(api: NinjaAPI) -> None:
    """Let the API answer every failure as a problem."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, lambda *_: problem(404, "site.not-found"))
    api.add_exception_handler(PermissionDenied, lambda *_: problem(403, "access.denied"))
    api.add_exception_handler(AuthenticationError, lambda *_: problem(401, "access.sign-in"))
    api.add_exception_handler(HttpError, _http_error)


def _refused(request: HttpRequest, exc: Any) -> HttpResponse:
    return refusal_problem(exc.refusals)


def _http_error(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(exc.status_code, _CODES.get(exc.status_code, "site.bad-input"))


def _invalid(request: HttpRequest, exc: Any) -> HttpResponse:
    errors = [
        {
            "code": (code := "site.missing-value" if one["type"] == "missing" else "site.bad-value"),
            "field": ".".join(str(part) for part in one["loc"]),
            "detail": sentence(code),
        }
        for one in exc.errors
    ]
    return problem(422, "site.bad-input", errors=errors)


def _status_of(code: str) -> int:
    if code.endswith(_NOT_FOUND_CODES):
        return 404
    if any(part in code for part in _DENIED_CODES):
        return 403
    return 422
