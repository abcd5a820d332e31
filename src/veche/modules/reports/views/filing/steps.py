"""What, where, details: each step a page of its own, each working without JavaScript.

Every press of a button is answered by leading to a page (or by the same page with what is wrong), so going back and
reloading repeat nothing.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from veche.commons.media import queries as media
from veche.commons.media import services as photographs
from veche.commons.places import queries as places
from veche.commons.places.views import allow_tiles
from veche.commons.submissions import services as submissions
from veche.commons.submissions.terms import DRAFT
from veche.kernel.beforehand import beforehand
from veche.kernel.geo import Point
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries
from veche.modules.reports.views.filing.flow import Flow, page, step
from veche.modules.reports.views.filing.pin import PIN_ACTS, asked_point, came_closer, picture, turned
from veche.modules.reports.views.photos import developed, kept

_GET_POST = ["GET", "POST"]
LONGEST_SEARCH = 60


@require_http_methods(_GET_POST)
@step("what")
def what(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The first step: what it is about. `q` looks for a word, `category` opens one."""
    if request.method == "GET":
        return _what_page(request, flow)
    if request.POST.get("act") == "anew":
        submissions.throw_away(flow.draft.id)
        return redirect("reports:file-what", city=flow.city.code)
    refusals = flow.keep(forms.typed_what(request.POST))
    if flow.category is None:
        refusals.append(Refusal("reports.unknown-category", "category"))
    if refusals:
        return _what_page(request, flow, refusals)
    return redirect("reports:file-where", city=flow.city.code)


@beforehand(developed())
@require_http_methods(_GET_POST)
@step("where")
def where(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The second step, where it is: a pin, an address line, a photograph's place, or "I am here"."""
    if request.method == "GET":
        return _where_page(request, flow)
    raw, act = request.POST, request.POST.get("act", "")
    refusals = flow.keep(forms.typed_where(raw, flow.values) | turned(raw, flow.values, flow.city))
    if act in PIN_ACTS or "pin.x" in raw:
        refusals += _put_pin(flow, asked_point(raw, flow.values, flow.city))
    offered = False
    if request.FILES:
        refusals += _take_photos(request, flow)
        offered = _offer_camera_place(flow)
    if act == "next" and not offered:
        refusals += forms.check_where(flow.values, flow.city)
    if refusals:
        return _where_page(request, flow, refusals)
    if act == "next" and not offered:
        return redirect("reports:file-details", city=flow.city.code)
    return _back(flow, "where", "photos" if act == "photo" and not offered else "pin")


@beforehand(developed())
@require_http_methods(_GET_POST)
@step("details")
def details(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The words, the category's questions, the photographs, and how we reach the author."""
    category = flow.category
    assert category is not None
    language = get_language() or flow.city.default_language
    more: dict[str, Any] = {
        "examples": queries.examples_of(flow.city, category.code, language)[:1],
        "own_name": flow.own_name,
    }
    if request.method == "GET":
        return page(request, flow, "details", **more)
    refusals = flow.keep(forms.typed_details(request.POST, category))
    refusals += _take_photos(request, flow) + _drop_photo(request, flow)
    goes_on = request.POST.get("act") == "next"
    if goes_on:
        refusals += flow.wrong_details(category)
    if refusals:
        return page(request, flow, "details", refusals, **more)
    return (
        redirect("reports:file-check", city=flow.city.code) if goes_on else _back(flow, "details", "photos")
    )


def _what_page(request: HttpRequest, flow: Flow, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    sought = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    language = get_language() or flow.city.default_language
    chosen = request.GET.get("category", "") or flow.values.get("category", "")
    more: dict[str, Any] = {
        "chosen": chosen,
        "sought": sought,
        "choices": queries.choices(flow.city, language, sought),
        "begun": bool(flow.values.get("text")) and request.method == "GET",
    }
    return page(request, flow, "what", refusals, **more)


def _where_page(request: HttpRequest, flow: Flow, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    located = forms.point_of(flow.values, flow.city)
    found = places.locate(flow.city.id, located[0]) if located else None
    more: dict[str, Any] = {
        "point": located[0] if located else None,
        "approximate": bool(located and located[1]),
        "place": None if isinstance(found, Refusal) else found,
        "places": _tree(flow),
        "picture": picture(flow.values, flow.city),
        "theme": request.shell.theme,  # type: ignore[attr-defined]
        "language": get_language() or flow.city.default_language,
    }
    allow_tiles(answer := page(request, flow, "where", refusals, **more), flow.city)
    return answer


def _tree(flow: Flow) -> list[Any]:
    """The places from the top down, each followed by what lies in it."""
    known = queries.place_names(flow.city)
    below: dict[Any, list[Any]] = {}
    for one in known.values():
        below.setdefault(one.parent_id, []).append(one)

    def walk(parent: Any) -> list[Any]:
        return [found for one in below.get(parent, ()) for found in (one, *walk(one.id))]

    return walk(None)


def _back(flow: Flow, name: str, field: str) -> HttpResponse:
    return redirect(reverse(f"reports:file-{name}", kwargs={"city": flow.city.code}) + f"#f-{field}")


def _put_pin(flow: Flow, point: Point | None) -> list[Refusal]:
    """Put the pin, or take it away; a pin outside of the city stays where it was put, with a word about it."""
    if point is None:
        return flow.keep({"lat": None, "lon": None, "from_photo": False})
    refusals = flow.keep({"lat": point.lat, "lon": point.lon, "from_photo": False})
    flow.keep(came_closer(flow.values, flow.city))
    found = places.locate(flow.city.id, point)
    return [*refusals, Refusal(found.code, "pin", found.params)] if isinstance(found, Refusal) else refusals


def _take_photos(request: HttpRequest, flow: Flow) -> list[Refusal]:
    draft = SubjectRef(DRAFT, flow.draft.id)
    return kept(request, draft, city_id=flow.city.id, owner_id=flow.actor.person_id)


def _drop_photo(request: HttpRequest, flow: Flow) -> list[Refusal]:
    photo = forms.as_uuid(request.POST.get("drop"))
    if photo is not None:
        try:
            photographs.drop(photo, subject=SubjectRef(DRAFT, flow.draft.id))
        except Refused as refused:
            return list(refused.refusals)
    return []


def _offer_camera_place(flow: Flow) -> bool:
    """Put the pin where the camera says it was, unless the person has said where; answers whether it did."""
    if flow.values.get("lat") is not None or flow.values.get("place"):
        return False
    hint = media.camera_hint(SubjectRef(DRAFT, flow.draft.id))
    if hint.point is None or isinstance(places.locate(flow.city.id, hint.point), Refusal):
        return False
    flow.keep({"lat": hint.point.lat, "lon": hint.point.lon, "from_photo": True, "box": ""})
    return True
