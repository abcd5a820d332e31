"""The ground of maps: a picture, its shapes, and tiles where the city has its own."""

from hashlib import blake2b
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from veche.commons.places import queries, rules
from veche.commons.places.terms import SENTENCES, CityView
from veche.kernel.geo import Box
from veche.kernel.refusals import Refusal

_AN_HOUR = "public, max-age=3600"
_FOR_EVER = "public, max-age=31536000, immutable"
_THEMES = ("auto", "light", "dark")
_AROUND_DEG = 0.2


@require_safe
def ground(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the middleware has read it
    """A picture of the city's ground: `box`, or `at` and `zoom`; `size`, `theme`, `lang`, `pin`."""
    view = _city(request)
    frame = rules.frame_asked(request.GET, _whole(view))
    if isinstance(frame, Refusal):
        return _refused(frame)
    language = request.GET.get("lang", "")
    language = language if language in view.languages else get_language() or view.default_language
    theme = request.GET.get("theme", "auto")
    theme = theme if theme in _THEMES else "auto"
    pin = rules.point_of(request.GET.get("pin", ""))
    etag = _etag(view, "picture", frame, language, theme, pin)

    def draw() -> str:
        return queries.ground_image(view, frame, language=language, theme=theme, pin=pin)

    response = _answer(request, etag, "image/svg+xml", draw)
    if "lang" not in request.GET:
        patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def shapes(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the middleware has read it
    """The borders and names of a city's places as GeoJSON, simplified for `zoom`, of `box` where one is given."""
    view = _city(request)
    box = rules.box_of(request.GET["box"]) if "box" in request.GET else None
    if isinstance(box, Refusal):
        return _refused(box)
    wanted = request.GET.get("zoom", "")
    zoom = int(wanted[:2]) if wanted.isascii() and wanted.isdigit() else 0
    etag = _etag(view, "shapes", zoom, box)
    return _answer(request, etag, "application/geo+json", lambda: queries.ground_shapes(view, zoom, box))


@require_safe
def tile(request: HttpRequest, city: str, z: int, x: int, y: int) -> HttpResponseBase:  # noqa: ARG001
    """One tile of the city's own."""
    found = queries.tile(_city(request), z, x, y)
    if found is None:
        raise Http404
    response = HttpResponse(found.body, content_type=found.kind)
    response["Cache-Control"] = "public, max-age=604800"
    # Said so that no middleware tries to compress what is compressed already.
    response["Content-Encoding"] = "identity"
    return response


def allow_tiles(response: HttpResponseBase, city: CityView) -> HttpResponseBase:
    """Let a page with a map load pictures from where the city's own tiles are; most cities need nothing."""
    origin = rules.tile_origin(city.tiles.url) if city.tiles else ""
    if origin:
        response._csp_update = {"img-src": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def _city(request: Any) -> CityView:
    city: CityView | None = request.city
    if city is None:
        raise Http404
    return city


def _whole(city: CityView) -> Box:
    centre = city.centre
    around = Box(
        max(centre.lat - _AROUND_DEG, -89.0),
        max(centre.lon - _AROUND_DEG, -180.0),
        min(centre.lat + _AROUND_DEG, 89.0),
        min(centre.lon + _AROUND_DEG, 180.0),
    )
    return queries.outline_box(city.id) or around


def _etag(city: CityView, *parts: object) -> str:
    text = repr((city.id, city.ground_version, *parts))
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def _answer(request: HttpRequest, etag: str, kind: str, make: Any) -> HttpResponseBase:
    """Nothing new, where the reader has it already; else the whole. An address that names a version never changes."""
    response: HttpResponseBase = get_conditional_response(request, etag=etag) or HttpResponse(
        make(), content_type=kind
    )
    response["ETag"] = etag
    response["Cache-Control"] = _FOR_EVER if "v" in request.GET else _AN_HOUR
    return response


def _refused(refusal: Refusal) -> HttpResponse:
    return HttpResponse(
        gettext(SENTENCES[refusal.code]) % refusal.params,
        status=400,
        content_type="text/plain; charset=utf-8",
    )
