"""What every request knows: its language, its city, who is acting, and how the reader likes pages to look."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from markupsafe import Markup, escape

from veche.commons.accounts import queries as accounts
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import VISITOR, Actor
from veche.commons.notices import queries as notices
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.memo import Memo
from veche.kernel.words import N_
from veche.site import errors
from veche.site.once import FormTokens
from veche.site.settings import CONFIG

THEMES = ("auto", "light", "dark")
LOOK: dict[str, tuple[str, ...]] = {
    "size": ("1", "2", "3"),
    "contrast": ("normal", "high", "inverse"),
    "spacing": ("normal", "wide"),
    "images": ("on", "off"),
}
LANGUAGES = dict(settings.LANGUAGES)


class NavItem(NamedTuple):
    """One line of the city's navigation; `label` is English, to be translated by the page."""

    label: str
    path: str
    icon: str


NAV = (
    NavItem(N_("Reports"), "reports", "list"),
    NavItem(N_("Map"), "map", "map"),
)
WORKPLACE = NavItem(N_("Work"), "work/", "office")


_HOLE = "--next--"
_PLACES = frozenset({"report", "journal", "cabinet", *(item.path for item in NAV)})
_FRAMES: Memo[Markup] = Memo(2000)


class Shell:
    """Everything the frame of a page needs; what costs a query is asked only when it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.city: CityView | None = None
        self.demo = CONFIG.demo
        self.languages = LANGUAGES
        self.signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES

    @property
    def language(self) -> str:
        """The language in force."""
        return translation.get_language() or settings.LANGUAGE_CODE

    @property
    def path(self) -> str:
        """The address of this page, without its question part."""
        return self._request.path

    @property
    def next(self) -> str:
        """The address of the page as the value of a `next` parameter."""
        return quote(self._request.get_full_path(), safe="/")

    @cached_property
    def theme(self) -> str:
        """`auto`, `light` or `dark`, from the cookie."""
        theme = self._request.COOKIES.get("theme", "auto")
        return theme if theme in THEMES else "auto"

    @cached_property
    def look(self) -> dict[str, str]:
        """The low-vision version: size, contrast, spacing, images, from the cookie."""
        return look_of(self._request.COOKIES.get("look", ""))

    @cached_property
    def is_plain(self) -> bool:
        """Whether the reader uses pages as they are."""
        return "look" not in self._request.COOKIES or self.look == look_of("")

    @property
    def nav(self) -> Iterable[tuple[NavItem, str, bool]]:
        """The lines of navigation in this city, each with its address and whether it is this page."""
        if self.city is None:
            return
        works = self.person is not None and any(grant.city_id == self.city.id for grant in self.actor.grants)
        for item in (*NAV, WORKPLACE) if works else NAV:
            address = f"/{self.city.code}/{item.path}"
            path = self._request.path
            yield item, address, path == address or path.startswith(address + "/")

    @property
    def actor(self) -> Actor:
        """Who is acting."""
        return cast("Actor", self._request.actor)  # type: ignore[attr-defined]

    @cached_property
    def person(self) -> Person | None:
        """Who is signed in; nobody is asked for when no session came along."""
        user: Any = self._request.user if self.signed_in else None
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def person_name(self) -> str:
        """How the reader is called on their own pages."""
        return (self.person.name or self.person.email) if self.person else ""

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be read."""
        return notices.unread_count(self.person.pk) if self.person else 0

    @property
    def top(self) -> Markup:
        """The head of the page."""
        return self._kept("site/top.html")

    @property
    def foot(self) -> Markup:
        """The foot of the page."""
        return self._kept("site/foot.html")

    def _kept(self, template: str) -> Markup:
        """Draw a part of the frame; for visitors it is drawn once for each place of the navigation."""
        if self.signed_in:
            return _drawn(template, self, self.next)
        city = self.city
        key = (template, self.language, self._here, city and city.code, city and city.version)
        part = _FRAMES.of(key, lambda: _drawn(template, self, _HOLE))
        return part.replace(_HOLE, escape(self.next))

    @property
    def _here(self) -> tuple[str, bool]:
        """Where in the navigation this page is."""
        place = self._request.path.split("/", 3)[1 if self.city is None else 2 :]
        first = place[0] if place else ""
        return (first if first in _PLACES else "", len(place) > 1)

    @property
    def is_everybodys(self) -> bool:
        """Whether the frame of this page is the same for every visitor with the same cookies for language and look."""
        return not self.signed_in and "messages" not in self._request.COOKIES

    @property
    def messages(self) -> Iterable[Any]:
        """What the page before left to be said."""
        return () if self.is_everybodys else get_messages(self._request)


def _drawn(template: str, shell: Shell, back: str) -> Markup:
    return Markup(render_to_string(template, {"s": shell, "next": back}, using="jinja2"))  # noqa: S704 - our template


def look_of(cookie: str) -> dict[str, str]:
    """Read `size-2.contrast-high`: what is unknown or missing is as usual."""
    chosen = dict(part.split("-", 1) for part in cookie[:200].split(".") if "-" in part)
    return {
        name: value if (value := chosen.get(name, "")) in values else values[0]
        for name, values in LOOK.items()
    }


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every page its shell, and every form of it a key of its own."""
    return {"shell": getattr(request, "shell", None) or Shell(request), "csrf_input": FormTokens(request)}


class ShellMiddleware:
    """Puts the reader's language in force and finds the city of the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Serve one request in the language of the `lang` cookie, else of the city, else in Russian."""
        language = request.COOKIES.get("lang")
        translation.activate(language if language in LANGUAGES else settings.LANGUAGE_CODE)
        request.city = None
        request.shell = Shell(request)
        request.actor = SimpleLazyObject(lambda: actor_of(request)) if request.shell.signed_in else VISITOR
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", translation.get_language())
            response.headers.setdefault("Cache-Control", "private, no-cache")
            patch_vary_headers(response, ("Cookie",))
        return response

    def process_view(
        self, request: Any, view: object, args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Find the city that the address names; one that nobody serves gets the list of those we do."""
        del view, args
        if "city" not in kwargs:
            return None
        city = places.city_by_code(kwargs["city"])
        if city is None:
            return errors.unknown_city(request)
        request.city = request.shell.city = city
        if request.COOKIES.get("lang") not in LANGUAGES and city.default_language in LANGUAGES:
            translation.activate(city.default_language)
        return None


def actor_of(request: HttpRequest) -> Actor:
    """Who is acting: the roles of the signed-in person at this moment."""
    user: Any = request.user
    return accounts.actor_of(user.pk, now=timezone.now()) if user.is_authenticated else VISITOR
