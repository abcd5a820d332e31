"""The map: the same set as the list, drawn on the server, and moved about where scripts run."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from veche.commons.places import queries as places
from veche.commons.places.rules import Frame, box_of, box_text, frame_asked, frame_of
from veche.commons.places.terms import CityView
from veche.commons.places.views import allow_tiles
from veche.kernel.geo import Box, Point
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refusal
from veche.modules.reports import queries, rules
from veche.modules.reports.forms.listing import filter_of, query_of
from veche.modules.reports.queries.board import board
from veche.modules.reports.terms import STATUS_WORDS, Cluster, ReportFilter, Status
from veche.modules.reports.views import marks
from veche.modules.reports.views.lists import rows_of, top_of
from veche.modules.reports.views.words import pieces, words_of

WIDTH, HEIGHT = 960, 600
SHALLOWEST, DEEPEST = 3, 18
BESIDE = 5
# A cell of the grid is about as wide as a mark: a quarter of a tile.
_GRID_DEEPER = 2
_DEEPER = 2


class Mark(NamedTuple):
    """One mark on the picture: where, how wide, what it says, and where it leads."""

    x: float
    y: float
    size: int
    drawing: Markup
    words: str
    url: str


class Turn(NamedTuple):
    """A way to move the picture without scripts."""

    words: str
    url: str


@require_safe
def report_map(request: HttpRequest, city: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """The reports of a filter on a map; every mark is a link, so that it works without scripts."""
    here = _city(request)
    chosen = filter_of(request.GET)
    frame = _frame(request, here)
    zoom = _zoom(frame)
    page = board(here, chosen, limit=BESIDE)
    base = f"/{here.code}/map"
    context = {
        "base": base,
        "query": query_of(chosen),
        "home_list": f"/{here.code}/reports",
        "p": pieces(),
        "top": top_of(here, chosen, title=gettext("Map of reports"), is_map=True),
        "rows": rows_of(here, page.lines, level=3),
        "has_more": page.has_older,
        "width": WIDTH,
        "height": HEIGHT,
        "ground": _ground(here, frame),
        "marks": marks_on(here, chosen, frame, zoom),
        "turns": _turns(frame, base, chosen),
        "box": box_text(frame.box),
        "at": frame.point_at(WIDTH / 2, HEIGHT / 2) if "at" in request.GET else None,
        "clusters": f"{base}/clusters.json{query_of(chosen)}",
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
    here = _city(request)
    box = box_of(request.GET.get("box", ""))
    zoom = _whole(request.GET.get("zoom", ""))
    if isinstance(box, Refusal) or zoom is None:
        return JsonResponse({"code": "places.bad-box"}, status=400)
    chosen = filter_of(request.GET)
    pencil = Pencil(here, chosen, zoom)
    body = json.dumps(
        {"marks": [pencil.plain(one) for one in _clusters(here, chosen, box, zoom)]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=15"
    response["Vary"] = "Cookie, Accept-Encoding"
    return response


class Pencil:
    """Draws the marks of one filter at one zoom; what all of them share is written once."""

    def __init__(self, city: CityView, chosen: ReportFilter, zoom: int) -> None:
        self._known = queries.catalogue(city).by_id
        self._statuses = {status: gettext(word) for status, word in STATUS_WORDS.items()}
        self._many = gettext("Reports here: %(n)s. Closer")
        self._report = f"/{city.code}/reports/"
        query = query_of(chosen)
        self._closer = f"/{city.code}/map{query}{'&' if query else '?'}at="
        self._deeper = min(DEEPEST, zoom + _DEEPER)

    def on(self, frame: Frame, one: Cluster) -> Mark:
        """The mark on a picture."""
        x, y = frame.pixel_of(Point(one.lat, one.lon))
        size, drawing, said, url = self._drawn(one)
        return Mark(round(x - size / 2, 1), round(y - size / 2, 1), size, drawing, said, url)

    def plain(self, one: Cluster) -> dict[str, Any]:
        """The mark for the map that moves."""
        size, drawing, said, url = self._drawn(one)
        return {
            "lat": round(one.lat, 6),
            "lon": round(one.lon, 6),
            "n": one.count,
            "size": size,
            "svg": str(drawing),
            "words": said,
            "url": url,
            "open": one.row is not None,
        }

    def _drawn(self, one: Cluster) -> tuple[int, Markup, str, str]:
        if one.row is not None:
            row, number = one.row, number_of(one.row.serial)
            said = f"{row.title} · {self._statuses[row.status]} · № {number}"
            drawing = marks.single(self._known[row.category_id].group, row.status, row.overdue)
            return marks.SMALL, drawing, said, self._report + number
        url = f"{self._closer}{one.lat:.5f}%2C{one.lon:.5f}&zoom={self._deeper}"
        drawing = marks.cluster(one.count, one.statuses)
        return marks.size_of(one.count), drawing, self._many % {"n": one.count}, url


def marks_on(city: CityView, chosen: ReportFilter, frame: Frame, zoom: int) -> list[Mark]:
    """The marks of a picture, the smallest on top."""
    pencil = Pencil(city, chosen, zoom)
    found = [pencil.on(frame, one) for one in _clusters(city, chosen, frame.box, zoom)]
    return sorted(found, key=lambda mark: -mark.size)


def _clusters(city: CityView, chosen: ReportFilter, box: Box, zoom: int) -> Sequence[Cluster]:
    found = queries.clusters(city, chosen, box, zoom + _GRID_DEEPER)
    return rules.spread(found, zoom) if zoom >= DEEPEST else rules.gathered(found, zoom)


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


def _whole(text: str) -> int | None:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _city(request: HttpRequest) -> CityView:
    city: CityView = request.city  # type: ignore[attr-defined]
    return city


patterns = [
    path("map", report_map, name="map"),
    path("map/clusters.json", clusters_json, name="clusters"),
]
