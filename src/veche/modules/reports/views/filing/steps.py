"""What, where, details: each step a page of its own, each working without JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from veche.commons.media import queries as media
from veche.commons.media import services as photographs
from veche.commons.places import queries as places
from veche.commons.submissions.terms import DRAFT
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms
from veche.modules.reports.views.filing.flow import Flow, page, step
from veche.modules.reports.views.filing.pin import clicked, picture, turned

_GET_POST = ["GET", "POST"]


@require_http_methods(_GET_POST)
@step("what")
def what(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The first step: what it is about."""
    if request.method == "GET":
        chosen = request.GET.get("category", "")
        return page(request, flow, "what", chosen=chosen or flow.values.get("category", ""))
    flow.keep(forms.typed_what(request.POST))
    if flow.category is None:
        chosen = flow.values.get("category", "")
        return page(request, flow, "what", [Refusal("reports.unknown-category", "category")], chosen=chosen)
    return redirect("reports:file-where", city=flow.city.code)


@require_http_methods(_GET_POST)
@step("where")
def where(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The second step, where it is: a pin, an address line, a photograph's place, or "I am here"."""
    if request.method == "GET":
        return _where_page(request, flow)
    flow.keep(forms.typed_where(request.POST) | turned(request.POST, flow.values, flow.city))
    if pin := clicked(request.POST, flow.values, flow.city):
        flow.keep({"lat": pin.lat, "lon": pin.lon})
        return _where_page(request, flow)
    if request.POST.get("act") == "photo":
        refusals = _take_photos(request, flow)
        _offer_camera_place(flow)
        return _where_page(request, flow, refusals)
    if request.POST.get("act") != "next":
        return _where_page(request, flow)
    refusals = forms.check_where(flow.values, flow.city)
    if refusals:
        return _where_page(request, flow, refusals)
    return redirect("reports:file-details", city=flow.city.code)


@require_http_methods(_GET_POST)
@step("details")
def details(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The words, the category's questions, the photographs, and how we reach the author."""
    if request.method == "GET":
        return page(request, flow, "details")
    category = flow.category
    assert category is not None
    flow.keep(forms.typed_details(request.POST, category))
    refusals = _take_photos(request, flow) or _drop_photo(request, flow)
    if request.POST.get("act") != "next":
        return page(request, flow, "details", refusals)
    refusals += forms.check_details(flow.values, category)
    if flow.actor.person_id is None:
        refusals += forms.check_email(flow.values)
    if refusals:
        return page(request, flow, "details", refusals)
    return redirect("reports:file-check", city=flow.city.code)


def _where_page(request: HttpRequest, flow: Flow, refusals: list[Refusal] | None = None) -> HttpResponse:
    located = forms.point_of(flow.values, flow.city)
    more: dict[str, Any] = {
        "point": located[0] if located else None,
        "approximate": bool(located and located[1]),
        "places": sorted(places.places_of(flow.city.id).values(), key=lambda one: (one.depth, one.code)),
        "picture": picture(flow.values, flow.city),
    }
    return page(request, flow, "where", refusals or (), **more)


def _take_photos(request: HttpRequest, flow: Flow) -> list[Refusal]:
    refusals: list[Refusal] = []
    for upload in request.FILES.getlist("photos"):
        try:
            photographs.take_in(
                upload,
                subject=SubjectRef(DRAFT, flow.draft.id),
                city_id=flow.city.id,
                owner_id=flow.actor.person_id,
                now=timezone.now(),
                zone=flow.city.calendar.tz,
            )
        except Refused as refused:
            refusals += refused.refusals
    return refusals


def _drop_photo(request: HttpRequest, flow: Flow) -> list[Refusal]:
    photo = forms.as_uuid(request.POST.get("drop"))
    if photo is not None:
        try:
            photographs.drop(photo, subject=SubjectRef(DRAFT, flow.draft.id))
        except Refused as refused:
            return list(refused.refusals)
    return []


def _offer_camera_place(flow: Flow) -> None:
    """Put the pin where the camera says it was, unless the person has put it somewhere already."""
    if flow.values.get("lat") is not None:
        return
    hint = media.camera_hint(SubjectRef(DRAFT, flow.draft.id))
    if hint.point is not None and not isinstance(places.locate(flow.city.id, hint.point), Refusal):
        flow.keep({"lat": hint.point.lat, "lon": hint.point.lon, "from_photo": True})
