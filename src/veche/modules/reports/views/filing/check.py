"""The check page before sending: who will owe the answer, until when, and why; then the sending itself."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from veche.commons.accounts import queries as accounts
from veche.commons.accounts import services as people
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor
from veche.commons.casework.rules import due_at
from veche.commons.notices import services as notices
from veche.commons.offices import queries as offices
from veche.commons.places.terms import CityView
from veche.commons.submissions import services as submissions
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries, services
from veche.modules.reports.models import Report
from veche.modules.reports.views.filing.flow import COOKIE, Flow, page, step

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
@step("check")
def check(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Everything once more, with the office, the deadline and the reason for the route; then send."""
    if request.method == "GET":
        return _preview(request, flow)
    if flow.actor.person_id is None:
        return _ask_by_mail(request, flow)
    try:
        report = _file(request, flow.city, flow)
    except Refused as refused:
        return _preview(request, flow, list(refused.refusals))
    return _sent(request, flow.city, report)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, city: str, token: str) -> HttpResponse:  # noqa: ARG001 - the shell read the city
    """The link from the mail: the first press of the button files the report and signs its author in."""
    here: CityView = request.city  # type: ignore[attr-defined]
    draft = submissions.draft_by_confirmation(token)
    if draft is None or draft.city_id != here.id:
        return render(request, "reports/file_gone.html", {"city": here}, status=404)
    flow = Flow(here, request.actor, draft)  # type: ignore[attr-defined]
    if request.method == "GET":
        return _preview(request, flow, confirming=True)
    person = _confirmed(draft.email)
    flow.actor = accounts.actor_of(person.id)
    try:
        report = _file(request, here, flow)
    except Refused as refused:
        return _preview(request, flow, list(refused.refusals), confirming=True)
    login(request, person, backend=_BACKEND)
    return _sent(request, here, report)


@require_safe
def sent(request: HttpRequest, city: str, number: str) -> HttpResponse:
    """The number, what happens next, and how to follow it. Only its author sees this page."""
    here: CityView = request.city  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = queries.report_by_number(here, number)
    if isinstance(view, Refusal) or actor.person_id is None or view.author_id != actor.person_id:
        return redirect("reports:report", city=city, number=number)
    office = offices.directory(here.id).offices.get(view.row.office_id) if view.row.office_id else None
    context = {
        "city": here,
        "view": view,
        "office": office,
        "number": number_of(view.row.serial),
        "address": request.build_absolute_uri(
            reverse("reports:report", kwargs={"city": city, "number": number})
        ),
    }
    return render(request, "reports/file_sent.html", context)


def _file(request: HttpRequest, city: CityView, flow: Flow) -> Report:
    new = forms.new_report(flow.draft, city, language=get_language() or city.default_language)
    report = services.file_report(new, city=city, by=flow.actor, now=timezone.now())
    submissions.finish(flow.draft)
    return report


def _sent(request: HttpRequest, city: CityView, report: Report) -> HttpResponse:
    number = number_of(report.serial)
    answer = redirect("reports:file-sent", city=city.code, number=number)
    answer.delete_cookie(COOKIE, path=f"/{city.code}/report")
    return answer


def _confirmed(email: str) -> Person:
    person = people.register(email, language=get_language() or "ru", now=timezone.now())
    people.confirm_contact(person, now=timezone.now())
    return person


def _ask_by_mail(request: HttpRequest, flow: Flow) -> HttpResponse:
    now = timezone.now()
    try:
        token = submissions.ask_confirmation(flow.draft, flow.values.get("email", ""), now=now)
        notices.send_link(
            flow.draft.email,
            reverse("reports:file-confirm", kwargs={"city": flow.city.code, "token": token}),
            language=get_language() or flow.city.default_language,
            now=now,
        )
    except Refused as refused:
        return _preview(request, flow, list(refused.refusals))
    return page(request, flow, "mailed", email=flow.draft.email)


def _preview(
    request: HttpRequest, flow: Flow, refusals: list[Refusal] | None = None, *, confirming: bool = False
) -> HttpResponse:
    located, category = forms.point_of(flow.values, flow.city), flow.category
    if located is None or category is None or forms.check_where(flow.values, flow.city):
        return redirect("reports:file-what", city=flow.city.code)
    now = timezone.now()
    place = queries.place_of(flow.city, located[0])
    route = queries.route_for(flow.city, category, place, on=flow.city.calendar.local_date(now))
    terms = queries.terms_of(flow.city, category, flow.values.get("answers", {}))
    more: dict[str, Any] = {
        "place": place,
        "point": located[0],
        "approximate": located[1],
        "route": route,
        "office": offices.directory(flow.city.id).offices.get(route.office_id) if route else None,
        "clocks": [(stage, term, due_at(now, term, flow.city.calendar)) for stage, term in terms.items()],
        "near": queries.open_near(flow.city, located[0], category.group),
        "confirming": confirming,
        "signed_in": flow.actor.person_id is not None,
        "now": now,
    }
    return page(request, flow, "check", refusals or (), **more)
