"""The pages that belong to no single room: the choice of a city, the cabinet, the look, the page of all parts."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from veche.commons.accounts.access import is_signed_in, needs
from veche.commons.notices import queries as notices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.manifest import Access
from veche.site import undelivered, wiring
from veche.site.shell import LANGUAGES, LOOK, THEMES, look_of
from veche.site.styleguide import styleguide

YEAR_S = 365 * 24 * 60 * 60
SEARCH_FROM = 12
NEWS = 5
_UNDELIVERED = "veche.site.undelivered.card"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Let a person choose a city, and say in three sentences what this is."""
    cities = places.cities()
    words = request.GET.get("q", "").strip()[:100]
    chosen = [city for city in cities if _is_called(city, words)]
    now = timezone.now()
    example = {"start": now - timedelta(days=4), "due": now + timedelta(days=13), "now": now}
    context = {
        "cities": chosen,
        "words": words,
        "search": len(cities) > SEARCH_FROM,
        "example": example,
        "example_city": cities[0] if cities else None,
    }
    return render(request, "site/home.html", context)


@require_safe
def city_home(request: HttpRequest, city: str) -> HttpResponse:
    """Show a city: report a problem, and what the rooms have to say."""
    del city
    return render(request, "site/city.html", {"cards": _cards(wiring.cards(), request)})


@never_cache
@require_safe
@needs(is_signed_in)
def cabinet(request: HttpRequest) -> HttpResponse:
    """Show a person what is theirs: news, and what each room keeps for them."""
    shell: Any = request.shell  # type: ignore[attr-defined]
    news = notices.notices_of(shell.person.pk, limit=NEWS)
    context = {
        "cards": _cards((*wiring.cabinet_cards(), _UNDELIVERED), request),
        "news": [(one, notices.spoken(one.sentence, one.params)) for one in news],
    }
    return render(request, "site/cabinet.html", context)


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the language in a cookie and go back to the page."""
    if code not in LANGUAGES:
        raise Http404
    response = HttpResponseRedirect(_back(request, request.GET))
    _keep(response, "lang", code)
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Keep how pages look: colours, and the low-vision version.

    A form from elsewhere could at most change the look, so it carries no token and costs readers no cookie.
    """
    if request.method != "POST":
        return render(request, "site/look.html", {"choices": LOOK, "next": _back(request, request.GET)})
    response = HttpResponseRedirect(_back(request, request.POST))
    if "usual" in request.POST:
        response.delete_cookie("look")
        response.delete_cookie("theme")
        return response
    chosen = look_of(".".join(f"{name}-{request.POST.get(name, '')}" for name in LOOK))
    _keep(response, "look", ".".join(f"{name}-{value}" for name, value in chosen.items()))
    theme = request.POST.get("theme", "")
    _keep(response, "theme", theme if theme in THEMES else THEMES[0])
    return response


def _cards(paths: tuple[str, ...], request: HttpRequest) -> list[SafeString]:
    """What rooms show on a page of ours: each card is `card(request) -> str`, ready HTML."""
    drawn = (import_string(dotted)(request) for dotted in paths)
    return [mark_safe(card) for card in drawn if card]  # noqa: S308 - rendered by the rooms' own templates


def _is_called(city: CityView, words: str) -> bool:
    return not words or any(words.casefold() in name.casefold() for name in city.names.values())


def _back(request: HttpRequest, source: Any) -> str:
    """The page to go back to: only one of ours."""
    address: str = source.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, None) else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax")


_READ = ("GET", "HEAD")
PERMISSIONS = (
    Access("home", _READ, "PUBLIC"),
    Access("city", _READ, "PUBLIC"),
    Access("cabinet", _READ, "SIGNED_IN"),
    Access("language", _READ, "PUBLIC"),
    Access("look", (*_READ, "POST"), "PUBLIC"),
    Access("styleguide", _READ, "PUBLIC"),
    *undelivered.PERMISSIONS,
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("cabinet/", cabinet, name="cabinet"),
    path("language/<slug:code>", language, name="language"),
    path("look", look, name="look"),
    path("styleguide", styleguide, name="styleguide"),
]
city_urlpatterns: list[URLPattern | URLResolver] = [
    path("", city_home, name="city"),
    *undelivered.city_urlpatterns,
]
