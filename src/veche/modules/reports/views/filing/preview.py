"""The check page: everything once more, who will owe the answer, until when, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from veche.commons.casework import queries as casework
from veche.commons.casework.rules import due_at
from veche.commons.casework.terms import Pace, Stage
from veche.commons.offices import queries as offices
from veche.commons.places.terms import CityView
from veche.kernel.refusals import Refusal
from veche.kernel.terms import Term
from veche.kernel.words import bound, in_language
from veche.modules.reports import forms, queries
from veche.modules.reports.terms import Route
from veche.modules.reports.views.filing.flow import Flow, page


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock that will start: what it measures, its last moment, its term and where the term is written."""

    stage: str
    due_at: datetime
    term: Term


def preview(
    request: HttpRequest, flow: Flow, refusals: list[Refusal] | None = None, *, confirming: bool = False
) -> HttpResponse:
    """Show the check page of a draft; whoever left something out is sent to the first step."""
    located, category = forms.point_of(flow.values, flow.city), flow.category
    if located is None or category is None or forms.check_where(flow.values, flow.city):
        return redirect("reports:file-what", city=flow.city.code)
    now = timezone.now()
    place = queries.place_of(flow.city, located[0])
    route = queries.route_for(flow.city, category, place, on=flow.city.calendar.local_date(now))
    office = offices.directory(flow.city.id).offices.get(route.office_id) if route else None
    more: dict[str, Any] = {
        "place": place,
        "point": located[0],
        "approximate": located[1],
        "office": office,
        "why": _why(flow.city, route) if route else "",
        "usual": _usual(casework.pace_of([office.id]).get(office.id)) if office else "",
        "promises": _promises(flow, now),
        "near": queries.open_near(flow.city, located[0], category.group),
        "confirming": confirming,
        "own_name": flow.own_name,
        "draft": flow.draft.id,
        "now": now,
    }
    return page(request, flow, "check", refusals or (), **more)


def _promises(flow: Flow, now: datetime) -> list[Promise]:
    category, city = flow.category, flow.city
    assert category is not None
    terms = queries.terms_of(city, category, flow.values.get("answers", {}))
    return [
        Promise(stage.value, due_at(now, terms[stage], city.calendar), terms[stage])
        for stage in (Stage.ANSWER, Stage.FIX)
        if stage in terms
    ]


def _why(city: CityView, route: Route) -> str:
    """The reason for the route in a sentence."""
    language = get_language() or city.default_language
    known = queries.catalogue(city).by_code.get(route.line.category)
    places = {one.code: one.names for one in queries.place_names(city).values()}
    figures = {
        "category": in_language(known.names, language) if known else "",
        "place": in_language(places[route.place_code], language) if route.place_code in places else "",
    }
    if route.line.origin == "dispatcher":
        return gettext("The city's dispatcher decided that such reports belong to this office.")
    if known and figures["place"]:
        return (
            gettext("The city's table of competences gives “%(category)s” at “%(place)s” to this office.")
            % figures
        )
    if known:
        return (
            gettext("The city's table of competences gives “%(category)s” to this office everywhere.")
            % figures
        )
    if figures["place"]:
        return (
            gettext("This office answers for everything at “%(place)s” that has no office of its own.")
            % figures
        )
    return gettext("This office answers for everything that has no office of its own.")


def _usual(pace: Pace | None) -> str:
    if pace is None:
        return ""
    days = max(1, round(pace.median_days))
    said = ngettext("Usually answers within %(n)s day", "Usually answers within %(n)s days", days)
    return bound(said) % {"n": days}
