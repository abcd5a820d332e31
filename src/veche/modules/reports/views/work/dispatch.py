"""The dispatcher's queue: what no rule routed, and what an office gave back."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from veche.commons.offices import queries as offices
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries, services
from veche.modules.reports.terms import STATUS_WORDS
from veche.modules.reports.views.work.gate import Desk, at_desk


@require_http_methods(["GET", "POST"])
@at_desk
def dispatch(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose an office for each report, once or for always."""
    if not desk.dispatches:
        raise PermissionDenied
    return _route(request, desk) if request.method == "POST" else _page(request, desk)


def _route(request: HttpRequest, desk: Desk) -> HttpResponse:
    report_id, office_id = (forms.as_uuid(request.POST.get(name)) for name in ("report", "office"))
    if report_id is None or office_id is None:
        return _page(request, desk, [Refusal("casework.office-missing", "office")])
    always = request.POST.get("always") == "1"
    try:
        services.route_report(report_id, office_id, by=desk.actor, now=timezone.now(), always=always)
    except Refused as refused:
        return _page(request, desk, refused.refusals)
    return redirect("reports:dispatch", city=desk.city.code)


def _page(request: HttpRequest, desk: Desk, failures: Iterable[Refusal] = ()) -> HttpResponse:
    rows = queries.dispatcher_queue(desk.city, after=forms.work_key_of(request.GET))
    today = desk.city.calendar.local_date(timezone.now())
    context = {
        "desk": desk,
        "rows": rows,
        "next": forms.write_key(rows[-1].key) if len(rows) == queries.WORK_PAGE else "",
        "failures": list(failures),
        "suggested": {row.row.id: queries.offices_near(desk.city, row.row, on=today) for row in rows},
        "offices": offices.directory(desk.city.id).offices,
        "catalogue": queries.catalogue(desk.city),
        "places": queries.place_names(desk.city),
        "words": STATUS_WORDS,
        "typed": request.POST,
        "now": timezone.now(),
    }
    return render(request, "reports/work_dispatch.html", context)
