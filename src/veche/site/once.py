"""Everything that is sent with a key is done once: its act and its answer are one transaction.

A key is the header `Idempotency-Key`, or the hidden field `once` that every form of ours brings with its
`{{ csrf_input }}`. Whoever sends the same once more gets the answer that was given first.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from hashlib import file_digest
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, cast
from uuid import UUID

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from veche.commons.once import queries, rules, services
from veche.commons.once.terms import FIELD, HEADER, REPLAYED, Answer, Call
from veche.commons.places import queries as places
from veche.kernel.beforehand import beforehand_of
from veche.kernel.refusals import Refusal
from veche.site import problems
from veche.site.sessions import SessionStore

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# A body that cannot be read is the view's to complain of, as it always was.
_UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
# These are answers: what a view wrote before it raised one of them stays written.
_MEANT = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)
_BY_ALLAUTH = (ImmediateHttpResponse, ReauthenticationRequired)
_CSRF = "csrfmiddlewaretoken"
_TOKEN_BYTES = 16
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class FormTokens:
    """What `{{ csrf_input }}` writes: the field against forged forms, and a new key each time it is written."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __html__(self) -> SafeString:
        return format_html(
            '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">',
            *(_CSRF, get_token(self._request)),
            *(FIELD, token_urlsafe(_TOKEN_BYTES)),
        )

    def __str__(self) -> str:
        return self.__html__()


class OnceMiddleware:
    """Calls the views of everything that is sent, each in the transaction of its act."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._by_allauth = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request; the work is done where its view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Call the view of something that is sent; None leaves that to Django."""
        if request.method in SAFE:
            return None
        call = _call_of(request)
        if isinstance(call, HttpResponseBase):
            return call
        prepare = beforehand_of(view)
        if prepare is not None and call is not None:
            # What was answered already needs no slow work.
            given = queries.answer_to(call)
            if given is not None:
                return _again(request, given)
        with prepare(request, *args, **kwargs) if prepare is not None else nullcontext():
            if call is not None:
                return self._done_once(request, call, lambda: view(request, *args, **kwargs))
            return None if prepare is None else view(request, *args, **kwargs)

    def _done_once(
        self, request: HttpRequest, call: Call, act: Callable[[], HttpResponseBase]
    ) -> HttpResponseBase:
        now = timezone.now()
        try:
            with transaction.atomic():
                given = services.claim(call, now=now)
                if given is not None:
                    return _again(request, given)
                response, meant = self._acted(request, act)
                self._settle(request, call, response)
        except Exception:
            # A directory may have read what has just been taken back.
            places.forget()
            raise
        if meant is not None:
            raise meant
        assert response is not None
        return response

    def _acted(
        self, request: HttpRequest, act: Callable[[], HttpResponseBase]
    ) -> tuple[HttpResponseBase | None, Exception | None]:
        """The answer of a view, or the exception that is its answer."""
        try:
            return act(), None
        except _BY_ALLAUTH as problem:
            # Allauth turns them into pages itself, but only where Django has called the view.
            return cast("HttpResponseBase", self._by_allauth(request, problem)), None
        except _MEANT as problem:
            return None, problem

    @staticmethod
    def _settle(request: HttpRequest, call: Call, response: HttpResponseBase | None) -> None:
        if connection.needs_rollback:
            return
        if response is not None and response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            transaction.set_rollback(True)
            places.forget()
        elif response is not None and _is_done(request, response):
            services.answer(call, _kept(request, response, call), now=timezone.now())
        else:
            services.release(call)


def _call_of(request: HttpRequest) -> Call | HttpResponse | None:
    """The call a request is; None when it has no key or nobody's, a problem when it should have had one."""
    person_id = _person_id(request)
    scope = str(person_id or request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))
    # A visitor of the API is told to sign in, whatever the key.
    if not scope or (person_id is None and problems.is_of_api(request)):
        return None
    try:
        key = rules.key_of(request.headers.get(HEADER) or _token(request))
        if isinstance(key, Refusal):
            return _wrong_key(request, key)
        return Call(rules.call_id(scope, key), person_id, rules.digest_of(_parts(request)))
    except _UNREADABLE:
        return None


def _wrong_key(request: HttpRequest, refusal: Refusal) -> HttpResponse | None:
    """Programs must send a key. A form without a good one is an old page, and is taken as ever."""
    return problems.refusal_problem((refusal,)) if problems.is_of_api(request) else None


def _person_id(request: Any) -> UUID | None:
    person = request.shell.person
    return person.pk if person is not None else None


def _token(request: HttpRequest) -> str | None:
    return None if problems.is_of_api(request) else request.POST.get(FIELD)


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """What makes a request the same as another: its method, its address and what is in it, but no token."""
    yield str(request.method).encode()
    yield request.get_full_path().encode()
    if problems.is_of_api(request) or request.content_type not in _FORMS:
        yield request.body
        return
    for name, values in request.POST.lists():
        if name not in {FIELD, _CSRF}:
            yield from (_octets(name), b"=", *(_octets(value) for value in values), b";")
    for name, files in request.FILES.lists():
        yield from (_octets(name), b"<")
        for file in files:
            yield from (_octets(file.name or ""), _octets(file.content_type or ""))
            file.seek(0)
            yield file_digest(cast("Any", file), "sha256").digest()
            file.seek(0)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_done(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether an answer says that the act is done. A form that is shown again has still to be sent."""
    if response.streaming:
        return False
    lowest = HTTPStatus.OK if problems.is_of_api(request) else HTTPStatus.MULTIPLE_CHOICES
    return lowest <= response.status_code < HTTPStatus.BAD_REQUEST


def _kept(request: HttpRequest, response: HttpResponseBase, call: Call) -> Answer:
    assert isinstance(response, HttpResponse)
    return Answer(
        response.status_code,
        response.get("Content-Type", ""),
        response.get("Location", ""),
        response.content,
        _begun_session(request) if call.person_id is None else "",
    )


def _begun_session(request: HttpRequest) -> str:
    """The key of the session a visitor now has: without it a repeated sign-in would lead nowhere.

    It is written now, so that it stands or falls with the act.
    """
    session = request.session
    if not session.modified or session.is_empty():
        return ""
    session.save()
    return session.session_key or ""


def _again(request: HttpRequest, given: Answer | Refusal) -> HttpResponse:
    """Answer what was answered before."""
    if isinstance(given, Refusal):
        return _other_body(request, given)
    if given.session:
        # SessionMiddleware sends the cookie of this one, unless it has ended since.
        request.session = SessionStore(given.session)
        request.session.modified = True
    if given.location:
        response: HttpResponse = HttpResponseRedirect(given.location, status=given.status)
    else:
        response = HttpResponse(given.content, status=given.status, content_type=given.content_type)
    response[REPLAYED] = "true"
    response["Cache-Control"] = "no-store"
    return response


def _other_body(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A form that came back changed: what stands is said, and what was typed can still be sent."""
    if problems.is_of_api(request):
        return problems.refusal_problem((refusal,))
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {FIELD, _CSRF}
    ]
    context = {
        # Passwords are written on no page.
        "typed": [] if any("password" in name for name, _ in typed) else typed,
        "action": request.get_full_path(),
        "files": bool(request.FILES),
        "back": _page_before(request),
    }
    response = render(request, "site/once.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response["Cache-Control"] = "no-store"
    return response


def _page_before(request: HttpRequest) -> str:
    """The page the form stood on, where it is one of ours."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if before and ours else "/"
