"""The map: the same set as the list, drawn on the server, and moved about where scripts run."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from veche.commons.places import queries as places
from veche.commons.places.rules import Frame, box_of, box_text, frame_asked, frame_of
from veche.commons.places.terms import CityView
from veche.commons.places.views import allow_tiles
from veche.kernel.geo import Box, Point
from veche.kernel.refusals import Refusal
from veche.modules.reports import queries, rules
from veche.modules.reports.forms.listing import filter_of, query_of
from veche.modules.reports.queries.board import seen
from veche.modules.reports.terms import STATUS_WORDS, Cluster, ReportFilter, Status
from veche.modules.reports.views import marks
from veche.modules.reports.views.keeping import unless_known
from veche.modules.reports.views.lists import rows_of, top_of
from veche.modules.reports.views.pencil import DEEPEST, Pencil
from veche.modules.reports.views.words import pieces, words_of

WIDTH, HEIGHT = 960, 600
SHALLOWEST = 3
BESIDE = 5
# A cell of the grid is about as wide as a mark: a quarter of a tile.
_GRID_DEEPER = 2
_DEEPER = 2
# Up to this zoom one heap in the middle of a region says nothing (`HEAP_OPENS` of the map that moves).
_HEAP_OPENS = 11
_DENSE = 5_000


class Turn(NamedTuple):
    """A way to move the picture without scripts."""

    words: str
    url: str


@require_safe
def report_map(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The reports of a filter on a map; every mark is a link, so that it works without scripts."""
    here = _city(request)
    chosen = filter_of(request.GET)
    frame, found = _opened(request, here, chosen)
    zoom = _zoom(frame)
    base = f"/{here.code}/map"
    context = {
        "base": base,
        "query": query_of(chosen),
        "top": top_of(here, chosen, title=gettext("Map of reports"), is_map=True),
        "beside": _beside(request, here, chosen, frame.box, found),
        "width": WIDTH,
        "height": HEIGHT,
        "ground": _ground(here, frame),
        "marks": Pencil(here, chosen, zoom).picture(frame, found),
        "turns": _turns(frame, base, chosen),
        "box": box_text(frame.box),
        "at": frame.point_at(WIDTH / 2, HEIGHT / 2) if "at" in request.GET else None,
        "clusters": f"{base}/clusters.json{query_of(chosen)}",
        "seen": f"{base}/seen{query_of(chosen)}",
        "zoom": zoom,
        "shapes": _legend_shapes(here),
        "statuses": [
            (marks.single("other", status, False), gettext(STATUS_WORDS[status])) for status in Status
        ],
        "overdue_mark": marks.single("other", Status.ROUTED, True),
        "cluster_mark": marks.cluster(12, {Status.ROUTED: 6, Status.ANSWERED: 4, Status.REFUSED: 2}),
    }
    return allow_tiles(render(request, "reports/map.html", context), here)


@require_safe
def clusters_json(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The marks of a viewport as drawings, for the map that moves: `box=west,south,east,north`, `zoom` of the map."""
    here, chosen, view = _city(request), filter_of(request.GET), _view(request)
    if view is None:
        return JsonResponse({"code": "places.bad-box"}, status=400)
    box, zoom = view
    pencil = Pencil(here, chosen, zoom)
    body = json.dumps(
        {"marks": [pencil.plain(one) for one in _clusters(here, chosen, box, zoom)]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = "private, max-age=15"
    response["Vary"] = "Cookie, Accept-Encoding"
    return unless_known(request, response)


@require_safe
def seen_list(request: HttpRequest, city: str) -> HttpResponse:  # noqa: ARG001 - the shell reads it
    """The list beside a map that moved: the newest of what it shows now, for `box` and `zoom` as the marks."""
    here, chosen, view = _city(request), filter_of(request.GET), _view(request)
    if view is None:
        raise BadRequest("places.bad-box")
    box, zoom = view
    return HttpResponse(_beside(request, here, chosen, box, _clusters(here, chosen, box, zoom)))


def _beside(
    request: HttpRequest, city: CityView, chosen: ReportFilter, box: Box, found: Sequence[Cluster]
) -> Markup:
    """The newest reports in a viewport: list and map are the same set."""
    page = seen(city, chosen, box, dense=sum(one.count for one in found) > _DENSE, limit=BESIDE)
    context = {
        "rows": rows_of(city, page.lines, level=3),
        "has_more": page.has_older,
        "p": pieces(),
        "home_list": f"/{city.code}/reports",
        "base": f"/{city.code}/map",
        "query": query_of(chosen),
    }
    return Markup(render_to_string("reports/map_seen.html", context, request))  # noqa: S704 - our template


def _clusters(city: CityView, chosen: ReportFilter, box: Box, zoom: int) -> Sequence[Cluster]:
    found = queries.clusters(city, chosen, box, zoom + _GRID_DEEPER)
    return rules.spread(found, zoom) if zoom >= DEEPEST else rules.gathered(found, zoom)


def _opened(request: HttpRequest, city: CityView, chosen: ReportFilter) -> tuple[Frame, Sequence[Cluster]]:
    """The picture that is asked for and what it shows. One nobody pointed anywhere opens where the reports are."""
    frame = _frame(request, city)
    found = _clusters(city, chosen, frame.box, _zoom(frame))
    if any(name in request.GET for name in ("at", "zoom", "box")):
        return frame, found
    while len(found) == 1 and found[0].row is None and _zoom(frame) < _HEAP_OPENS:
        frame = frame.zoomed(2**_DEEPER, at=Point(found[0].lat, found[0].lon))
        found = _clusters(city, chosen, frame.box, _zoom(frame))
    return frame, found


def _frame(request: HttpRequest, city: CityView) -> Frame:
    around = places.outline_box(city.id) or Box(
        city.centre.lat - 0.2, city.centre.lon - 0.3, city.centre.lat + 0.2, city.centre.lon + 0.3
    )
    raw = {name: request.GET[name] for name in ("at", "zoom", "box") if name in request.GET}
    asked = frame_asked(raw, around, width=WIDTH, height=HEIGHT)
    return frame_of(around, WIDTH, HEIGHT) if isinstance(asked, Refusal) else asked


def _ground(city: CityView, frame: Frame) -> str:
    size, language = f"{WIDTH}x{HEIGHT}", get_language() or "ru"
    return f"/{city.code}/ground.svg?box={box_text(frame.box)}&size={size}&lang={language}&v={city.ground_version}"


def _zoom(frame: Frame) -> int:
    return min(DEEPEST, max(SHALLOWEST, round(frame.zoom)))


def _turns(frame: Frame, base: str, chosen: ReportFilter) -> list[Turn]:
    zoom = _zoom(frame)

    def to(other: Frame, depth: int) -> str:
        centre = other.point_at(WIDTH / 2, HEIGHT / 2)
        return f"{base}{query_of(chosen, at=f'{centre.lat:.5f},{centre.lon:.5f}', zoom=depth)}"

    return [
        Turn(gettext("Closer"), to(frame, min(DEEPEST, zoom + 1))),
        Turn(gettext("Farther"), to(frame, max(SHALLOWEST, zoom - 1))),
        Turn(gettext("West"), to(frame.shifted(-0.5, 0), zoom)),
        Turn(gettext("East"), to(frame.shifted(0.5, 0), zoom)),
        Turn(gettext("North"), to(frame.shifted(0, -0.5), zoom)),
        Turn(gettext("South"), to(frame.shifted(0, 0.5), zoom)),
        Turn(gettext("The whole city"), base + query_of(chosen)),
    ]


def _legend_shapes(city: CityView) -> list[tuple[Markup, str]]:
    words = words_of(city)
    return [
        (marks.single(one.group, Status.NEW, False), words.name(one.names))
        for one in queries.catalogue(city).groups
    ]


def _view(request: HttpRequest) -> tuple[Box, int] | None:
    """The viewport and the zoom an address asks for; None when it names none."""
    box = box_of(request.GET.get("box", ""))
    zoom = _whole(request.GET.get("zoom", ""))
    return None if isinstance(box, Refusal) or zoom is None else (box, zoom)


def _whole(text: str) -> int | None:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _city(request: HttpRequest) -> CityView:
    city: CityView = request.city  # type: ignore[attr-defined]
    return city


patterns = [
    path("map", report_map, name="map"),
    path("map/clusters.json", clusters_json, name="clusters"),
    path("map/seen", seen_list, name="seen"),
]
