"""The dispatcher's queue: what no rule routed, and what an office gave back."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from veche.commons.offices import queries as offices
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refusal, Refused
from veche.kernel.words import in_language
from veche.modules.reports import forms, queries, services
from veche.modules.reports.models import Report
from veche.modules.reports.views.work.gate import Desk, at_desk


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def dispatch(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose an office for each report, once or for always."""
    if not desk.dispatches:
        raise PermissionDenied
    return _route(request, desk) if request.method == "POST" else _page(request, desk)


def _route(request: HttpRequest, desk: Desk) -> HttpResponse:
    report_id, office_id = (forms.as_uuid(request.POST.get(name)) for name in ("report", "office"))
    if report_id is None:
        return _page(request, desk, [Refusal("reports.not-found")])
    if office_id is None:
        return _page(request, desk, [Refusal("casework.office-missing", "office")])
    always = request.POST.get("always") == "1"
    try:
        report = services.route_report(report_id, office_id, by=desk.actor, now=timezone.now(), always=always)
    except Refused as refused:
        return _page(request, desk, refused.refusals)
    messages.success(request, _said(desk, report, office_id, always=always))
    return redirect("reports:dispatch", city=desk.city.code)


def _said(desk: Desk, report: Report, office_id: UUID, *, always: bool) -> str:
    language = get_language() or "ru"
    category = queries.catalogue(desk.city).by_id[report.category_id]
    figures = {
        "number": number_of(report.serial),
        "office": in_language(offices.directory(desk.city.id).offices[office_id].names, language),
        "category": in_language(category.names, language),
        "place": in_language(queries.place_named(desk.city, report.place_id).names, language),
    }
    if always:
        return (
            gettext(
                "Report %(number)s went to %(office)s. “%(category)s” at “%(place)s” goes there by itself from now on."
            )
            % figures
        )
    return gettext("Report %(number)s went to %(office)s.") % figures


def _page(request: HttpRequest, desk: Desk, failures: Iterable[Refusal] = ()) -> HttpResponse:
    rows = queries.dispatcher_queue(desk.city, after=forms.work_key_of(request.GET))
    today = desk.city.calendar.local_date(timezone.now())
    language = get_language() or "ru"
    refusals = list(failures)
    gave_back = queries.words_of_not_ours(row.row.id for row in rows if row.not_ours_count)
    likely = queries.likely_offices(desk.city, [row.row for row in rows], on=today)
    known = offices.directory(desk.city.id)
    holding = sorted(known.at(today).offices.values(), key=lambda one: in_language(one.names, language))
    context = {
        "desk": desk,
        "rows": rows,
        "next": forms.write_key(rows[-1].key) if len(rows) == queries.WORK_PAGE else "",
        "is_later": "after" in request.GET,
        "refusals": refusals,
        "waits": queries.unrouted_count(desk.city),
        "suggested": _suggested(likely, gave_back),
        "gave_back": gave_back,
        "reasons": queries.reasons_of(desk.city).get("not_ours", {}),
        "holding": holding,
        "offices": known.offices,
        "catalogue": queries.catalogue(desk.city),
        "places": queries.place_names(desk.city),
        "typed": request.POST,
        "now": timezone.now(),
    }
    return render(request, "reports/work_dispatch.html", context, status=422 if refusals else 200)


def _suggested(
    likely: Mapping[UUID, tuple[UUID, ...]], gave_back: Mapping[UUID, tuple[UUID | None, str, str]]
) -> Mapping[UUID, list[UUID]]:
    """Nobody is offered the office that has just said "not ours"."""
    said_no = {report_id: words[0] for report_id, words in gave_back.items()}
    return {
        report_id: [one for one in found if one != said_no.get(report_id)]
        for report_id, found in likely.items()
    }
