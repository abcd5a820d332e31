"""Texts an office answers with often."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from veche.commons.casework import queries as casework
from veche.commons.casework import services
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms
from veche.modules.reports.forms.listing import serial_in
from veche.modules.reports.views.work.gate import Desk, at_desk

TEMPLATES_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def templates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The texts of the reader's offices: write, change, delete."""
    if not desk.office_ids:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, desk)
    office = forms.as_uuid(request.POST.get("office")) or desk.office_ids[0]
    if not desk.actor.answers_for(office):
        raise PermissionDenied
    template = forms.as_uuid(request.POST.get("template"))
    try:
        if request.POST.get("act") == "delete" and template is not None:
            services.delete_template(template, by=desk.actor)
        else:
            services.save_template(_typed(request, desk, office, template), by=desk.actor)
    except Refused as refused:
        return _page(request, desk, refused.refusals)
    return redirect("reports:templates", city=desk.city.code)


def _typed(request: HttpRequest, desk: Desk, office: UUID, template: UUID | None) -> services.NewTemplate:
    return services.NewTemplate(
        id=template,
        city_id=desk.city.id,
        office_id=office,
        title=request.POST.get("title", ""),
        text=request.POST.get("text", ""),
        language=get_language() or "ru",
    )


def _page(request: HttpRequest, desk: Desk, refusals: Iterable[Refusal] = ()) -> HttpResponse:
    language = get_language() or "ru"
    known = {
        one.id: one
        for office in desk.office_ids
        for one in casework.templates_for(office, desk.city.id, language)
    }
    failures = list(refusals)
    page = serial_in(request.GET, "page") or 1
    begin = (page - 1) * TEMPLATES_PAGE
    shown = list(known.values())[begin : begin + TEMPLATES_PAGE]
    context = {
        "desk": desk,
        "templates": shown,
        "earlier": page - 1,
        "later": page + 1 if begin + TEMPLATES_PAGE < len(known) else 0,
        "editing": known.get(forms.as_uuid(request.GET.get("template")) or desk.person_id),
        "refusals": failures,
        "typed": request.POST,
    }
    return render(request, "reports/work_templates.html", context, status=422 if failures else 200)
