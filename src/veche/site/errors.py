"""Error pages in our look: what happened, that nothing was lost, and what to do."""

from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from veche.commons.places import queries as places
from veche.kernel.words import N_
from veche.site.outage import AGAIN_AFTER_S, Outage, outage_now


class Words(NamedTuple):
    """An error in words: its title, what happened, and what to do."""

    title: str
    what: str
    do: str


WORDS: dict[int, Words] = {
    400: Words(
        N_("We could not read this request"),
        N_("The address or the form reached us damaged. Nothing was changed."),
        N_("Go back and try once more; what you typed is still in the form."),
    ),
    403: Words(
        N_("This page is not open to you"),
        N_("It is for people with another role, or for the author only. Nothing was changed."),
        N_("Sign in with another account, or go to the home page."),
    ),
    404: Words(
        N_("There is nothing at this address"),
        N_("Perhaps a letter is wrong, or the page was moved. Nothing was lost."),
        N_("Look at the address, or begin at the home page."),
    ),
    413: Words(
        N_("This is too much at once"),
        N_("The files are larger than we can take. Your text was not sent and is still in the form."),
        N_("Go back and choose fewer or smaller photos."),
    ),
    429: Words(
        N_("Too many requests"),
        N_("There were too many requests from your address within a minute. Nothing was lost."),
        N_("Wait a minute and try again."),
    ),
    500: Words(
        N_("Something broke on our side"),
        N_("We have been told and will look into it. What was saved before is safe."),
        N_("Try again in a minute. If you were filling in a form, go back: your text is still there."),
    ),
}
OUTAGES: dict[Outage, Words] = {
    Outage.NO_ROOM: Words(
        N_("We cannot save anything just now"),
        N_("Our disk is full, and we have been told. What was saved before is safe; this was not saved."),
        N_("Go back and send it again in a few minutes: what you typed is still there."),
    ),
    Outage.NO_DATABASE: Words(
        N_("We do not reach our records just now"),
        N_("This usually takes less than a minute. What was saved before is safe."),
        N_("Go back and send it again in a minute: what you typed is still there."),
    ),
}
GROWN_OLD = Words(
    N_("The form grew old"),
    N_(
        "For your safety a form works only in the browser that opened it, and with cookies. Nothing was sent."
    ),
    N_("Go back, reload the page and send it again: what you typed is still there."),
)


def page(request: HttpRequest, status: int, words: Words | None = None, **more: Any) -> HttpResponse:
    """Render one error page."""
    known = words or WORDS.get(status) or WORDS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400]
    return render(request, "site/error.html", {"words": known, "status": status, **more}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a request could not be read, or that it was too large."""
    too_large = type(exception).__name__ in {"RequestDataTooBig", "TooManyFilesSent", "TooManyFieldsSent"}
    return page(request, 413 if too_large else 400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the page is for others."""
    del exception
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here."""
    del exception
    return page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Ask for a pause; allauth and our own limits come here."""
    del exception
    return page(request, 429)


def unknown_city(request: HttpRequest) -> HttpResponse:
    """Say that no such city is served here, and offer those that are."""
    return page(request, 404, cities=places.cities())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form grew old; nothing typed is lost."""
    del reason
    return page(request, 403, GROWN_OLD)


def failure(request: HttpRequest) -> HttpResponse:
    """Say that we failed, and when it will pass. Asks nothing of the database: it may be what broke."""
    outage = outage_now()
    language = request.COOKIES.get("lang")
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    status = HTTPStatus.SERVICE_UNAVAILABLE if outage else HTTPStatus.INTERNAL_SERVER_ERROR
    context = {
        "words": OUTAGES[outage] if outage else WORDS[500],
        "status": status.value,
        "language": language,
        "theme": request.COOKIES.get("theme", "auto"),
    }
    answer = HttpResponse(render_to_string("site/failure.html", context), status=status)
    if outage:
        answer["Retry-After"] = str(AGAIN_AFTER_S)
        answer.outage = outage  # type: ignore[attr-defined] # the API says it in its own way
    return answer
