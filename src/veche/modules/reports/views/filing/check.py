"""Sending what was checked: at once for whoever is signed in, by a link in the mail for everybody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from veche.commons.accounts.terms import Actor
from veche.commons.casework import queries as casework
from veche.commons.journal import queries as journal
from veche.commons.notices import services as notices
from veche.commons.offices import queries as offices
from veche.commons.places.terms import CityView
from veche.commons.submissions import services as submissions
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries, services
from veche.modules.reports.models import Report
from veche.modules.reports.terms import ReportFiled
from veche.modules.reports.views.filing.flow import COOKIE, Flow, page, private, step
from veche.modules.reports.views.filing.preview import preview


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, city: str) -> HttpResponse:
    """Everything once more, with the office, the deadline and the reason for the route; then send."""
    if request.method == "POST":
        # A second press of the button finds no draft any more, only the report it became.
        filed = queries.report_by_id(draft) if (draft := forms.as_uuid(request.POST.get("draft"))) else None
        if filed is not None:
            return redirect("reports:file-sent", city=city, number=number_of(filed.row.serial))
    answer: HttpResponse = _check(request, city=city)
    return answer


@require_safe
@step("check")
def mailed(request: HttpRequest, flow: Flow) -> HttpResponse:
    """The link is in the mail: what to do now."""
    if not flow.draft.email or not flow.is_visitor:
        return redirect("reports:file-check", city=flow.city.code)
    return page(request, flow, "mailed", email=flow.draft.email)


@require_safe
def sent(request: HttpRequest, city: str, number: str) -> HttpResponse:
    """The number, what happens next, and how to follow it. Only its author sees this page."""
    here: CityView = request.city  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = queries.report_by_number(here, number)
    if isinstance(view, Refusal) or actor.person_id is None or view.author_id != actor.person_id:
        return redirect("reports:page", city=city, number=number)
    office = offices.directory(here.id).offices.get(view.row.office_id) if view.row.office_id else None
    number, clocks = number_of(view.row.serial), casework.clocks_of(view.case_id)
    context: dict[str, Any] = {
        "city": here,
        "view": view,
        "office": office,
        "number": number,
        "code": promised.code if (promised := journal.promise_for(view.row.id, ReportFiled.kind)) else "",
        "due": {one.stage: one.due_at for one in clocks},
        "address": request.build_absolute_uri(
            reverse("reports:page", kwargs={"city": city, "number": number})
        ),
    }
    return private(render(request, "reports/file_sent.html", context))


def send(flow: Flow) -> HttpResponse:
    """File the report of a complete draft, and lead to its number.

    Refuses: what `services.file_draft` refuses.
    """
    new = forms.new_report(flow.draft, flow.city, language=get_language() or flow.city.default_language)
    report = services.file_draft(new, city=flow.city, by=flow.actor, now=timezone.now())
    return _done(flow.city, "reports:file-sent", report)


@step("check")
def _check(request: HttpRequest, flow: Flow) -> HttpResponse:
    if request.method == "GET":
        return preview(request, flow)
    try:
        if same := forms.as_uuid(request.POST.get("join")):
            return _join(request, flow, same)
        return _ask_by_mail(flow) if flow.is_visitor else send(flow)
    except Refused as refused:
        return preview(request, flow, list(refused.refusals))


def _join(request: HttpRequest, flow: Flow, report_id: UUID) -> HttpResponse:
    if flow.is_visitor:
        return redirect_to_login(reverse("reports:file-check", kwargs={"city": flow.city.code}))
    report = Report.objects.filter(pk=report_id, city_id=flow.city.id, hidden=False).first()
    if report is None:
        raise Refused(Refusal("reports.not-found"))
    services.join_instead(report.id, draft_id=flow.draft.id, by=flow.actor, now=timezone.now())
    messages.success(
        request, gettext("You joined; your own draft was put away. We will tell you about every step.")
    )
    return _done(flow.city, "reports:page", report)


def _done(city: CityView, route: str, report: Report) -> HttpResponse:
    answer = redirect(route, city=city.code, number=number_of(report.serial))
    answer.delete_cookie(COOKIE, path=f"/{city.code}/report")
    return answer


def _ask_by_mail(flow: Flow) -> HttpResponse:
    now = timezone.now()
    token = submissions.ask_confirmation(flow.draft, flow.values.get("email", ""), now=now)
    notices.send_link(
        flow.draft.email,
        reverse(
            "reports:file-confirm", kwargs={"city": flow.city.code, "draft": flow.draft.id, "token": token}
        ),
        language=get_language() or flow.city.default_language,
        now=now,
    )
    return redirect("reports:file-mailed", city=flow.city.code)
