"""How the API says no: `application/problem+json`, each with a code and with sentences people understand."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from veche.kernel.refusals import Refusal, Refused
from veche.site.outage import AGAIN_AFTER_S, outage_of
from veche.site.wiring import sentence

_CODES: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "access.sign-in",
    HTTPStatus.FORBIDDEN: "access.denied",
    HTTPStatus.NOT_FOUND: "site.not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "site.not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "site.too-large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "site.failure",
}
_KEPT_HEADERS = ("Allow", "Retry-After")
_API = "/api/"
_LANGUAGES = dict(settings.LANGUAGES)
_BRANCH = re.compile(r"[\[\]()]")  # `literal['']`, `str-enum[Status]`: which of several kinds a value is not
log = logging.getLogger("django.request")
_NOT_FOUND_CODES = (".not-found", ".unknown-city")
_DENIED_CODES = ("access.", ".may-not-", ".wrong-role", ".not-yours", ".not-your-office", ".level-too-low")
_UNREADABLE_CODES = frozenset({"once.key-missing", "once.bad-key"})
PROBLEM = "application/problem+json"
_TEXT = {"type": "string"}
# What the description of the API says of a problem.
SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "description": "Why something was refused (RFC 9457). `code` is for programs, `detail` for people.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "field", "detail"],
                "properties": {"code": _TEXT, "field": _TEXT, "detail": _TEXT},
            },
        },
    },
}


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
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


def refusals_of(path: str, operation: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """The problems with which an operation of the description may answer."""
    parameters = operation.get("parameters", ())
    statuses = {HTTPStatus.UNPROCESSABLE_ENTITY} if parameters else set()
    if any(one["in"] == "header" for one in parameters):
        statuses.add(HTTPStatus.BAD_REQUEST)
    if "requestBody" in operation:
        statuses |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }
    if "security" in operation:
        statuses |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if "{" in path or parameters:
        statuses.add(HTTPStatus.NOT_FOUND)
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {one.value: {"description": one.phrase, "content": content} for one in sorted(statuses)}


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
    api.add_exception_handler(RequestDataTooBig, lambda *_: problem(413, "site.too-large"))
    for damaged in (BadRequest, SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(damaged, lambda *_: problem(400, "site.bad-input"))
    api.add_exception_handler(Exception, _failed)


class ProblemMiddleware:
    """Lets everything under /api/ answer as programs expect: in the language they accept, and never with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request; an error page becomes a problem."""
        if not is_of_api(request):
            return self.get_response(request)
        _speak(request)
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST and "json" not in response.get("Content-Type", ""):
            response = _instead_of(response)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """The city's own language comes last: a program that asked for one gets that."""
        del view, args, kwargs
        if is_of_api(request):
            _speak(request)


def is_of_api(request: HttpRequest) -> bool:
    """Whether a request is for programs."""
    return request.path_info.startswith(_API)


def _speak(request: HttpRequest) -> None:
    if request.COOKIES.get("lang") not in _LANGUAGES and "Accept-Language" in request.headers:
        translation.activate(translation.get_language_from_request(request))


def _instead_of(page: HttpResponse) -> HttpResponse:
    code = getattr(page, "outage", None) or _CODES.get(page.status_code, "site.bad-input")
    response = problem(page.status_code, code)
    for name in _KEPT_HEADERS:
        if name in page.headers:
            response[name] = page[name]
    return response


def _refused(request: HttpRequest, exc: Any) -> HttpResponse:
    return refusal_problem(exc.refusals)


def _http_error(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(exc.status_code, _CODES.get(exc.status_code, "site.bad-input"))


def _failed(request: HttpRequest, exc: Any) -> HttpResponse:
    log.error("the API failed at %s", request.path, exc_info=exc)
    outage = outage_of(exc)
    if outage is None:
        return problem(500, "site.failure")
    answer = problem(503, outage)
    answer["Retry-After"] = str(AGAIN_AFTER_S)
    return answer


def _invalid(request: HttpRequest, exc: Any) -> HttpResponse:
    found = {_field_of(one["loc"]): "missing" if one["type"] == "missing" else "bad" for one in exc.errors}
    errors = [
        {"code": f"site.{what}-value", "field": field, "detail": sentence(f"site.{what}-value")}
        for field, what in found.items()
    ]
    return problem(422, "site.bad-input", errors=errors)


def _field_of(place: Sequence[str | int]) -> str:
    """The field as its sender and our rules name it: no source, no name of ours around it, no branch of a choice."""
    source, *parts = (str(part) for part in place if not _BRANCH.search(str(part)))
    if len(parts) > 1 and source in {"body", "query", "form"}:
        parts = parts[1:]
    return ".".join(parts) or source


def _status_of(code: str) -> int:
    if code.endswith(_NOT_FOUND_CODES):
        return 404
    if any(part in code for part in _DENIED_CODES):
        return 403
    if code in _UNREADABLE_CODES:
        return 400
    return 422
