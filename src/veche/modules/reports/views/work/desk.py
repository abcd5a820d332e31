"""One report on an officer's desk: everything about it, and every next step."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from veche.commons.accounts import queries as accounts
from veche.commons.casework import queries as casework
from veche.commons.casework.terms import ActorRole
from veche.commons.media import queries as media
from veche.commons.media import services as photographs
from veche.commons.offices import queries as offices
from veche.kernel.ids import new_id, number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries, rules, services
from veche.modules.reports.terms import STATUS_WORDS, WORKFLOW, ReportView
from veche.modules.reports.views.work.gate import Desk, at_desk

DRAFT_STEP = "submissions.draft"
MOST_PHOTOS = 5


@require_http_methods(["GET", "POST"])
@at_desk
def desk_page(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A report with its history and the forms of every step that is open to the reader."""
    view = queries.report_by_number(desk.city, number)
    if isinstance(view, Refusal):
        raise Http404
    roles = _roles(desk, view)
    if not roles & {ActorRole.OFFICER, ActorRole.DISPATCHER, ActorRole.MODERATOR}:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request, desk, view, roles)
    return _page(request, desk, view, roles)


def _roles(desk: Desk, view: ReportView) -> frozenset[ActorRole]:
    return rules.roles_of(
        desk.actor, city_id=view.city_id, author_id=view.author_id, office_id=view.row.office_id
    ) - {ActorRole.CITIZEN}


def _act(request: HttpRequest, desk: Desk, view: ReportView, roles: frozenset[ActorRole]) -> HttpResponse:
    try:
        _do(request, desk, view)
    except Refused as refused:
        return _page(request, desk, view, roles, refused.refusals)
    return redirect("reports:work-report", city=desk.city.code, number=number_of(view.row.serial))


def _do(request: HttpRequest, desk: Desk, view: ReportView) -> None:
    now, report_id = timezone.now(), view.row.id
    verb = request.POST.get("verb", "")
    office = forms.as_uuid(request.POST.get("office"))
    if verb == "assign":
        officer = forms.as_uuid(request.POST.get("officer"))
        services.assign_report(report_id, officer, by=desk.actor, now=now)
    elif verb == "hand_over":
        if office is None:
            raise Refused(Refusal("casework.office-missing", "office"))
        reason = request.POST.get("text", "").strip()
        services.hand_over_report(report_id, office, reason=reason, by=desk.actor, now=now)
    elif verb == "route":
        if office is None:
            raise Refused(Refusal("casework.office-missing", "office"))
        always = request.POST.get("always") == "1"
        services.route_report(report_id, office, by=desk.actor, now=now, always=always)
    else:
        move = forms.move_of(request.POST, desk.city)
        photos = _photos(request, desk)
        services.move_report(report_id, move, by=desk.actor, now=now, photos_from=photos)


def _photos(request: HttpRequest, desk: Desk) -> SubjectRef | None:
    """Take the answer's photographs in under a passing name; the step adopts them, or a sweep drops them."""
    uploads = request.FILES.getlist("photos")
    if not uploads:
        return None
    if len(uploads) > MOST_PHOTOS:
        raise Refused(Refusal("reports.too-many-photos", "photos", {"most": MOST_PHOTOS}))
    ref = SubjectRef(DRAFT_STEP, new_id())
    for upload in uploads:
        photographs.take_in(
            upload, subject=ref, city_id=desk.city.id, owner_id=desk.person_id, now=timezone.now()
        )
    return ref


def _page(
    request: HttpRequest,
    desk: Desk,
    view: ReportView,
    roles: frozenset[ActorRole],
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else QueryDict()
    steps = casework.steps_of(view.case_id)
    officers = offices.officers_of([view.row.office_id]) if view.row.office_id else []
    category = queries.catalogue(desk.city).by_id[view.row.category_id]
    context: dict[str, Any] = {
        "desk": desk,
        "view": view,
        "category": category,
        "group": queries.catalogue(desk.city).by_code[category.group],
        "place": queries.place_named(desk.city, view.row.place_id),
        "number": number_of(view.row.serial),
        "steps": steps,
        "clocks": casework.clocks_of(view.case_id),
        "photos": media.photos_of([view.submission_id, *(step.id for step in steps)]),
        "verbs": _verbs(view.row.status, roles),
        "roles": {role.value for role in roles},
        "reasons": queries.reasons_of(desk.city),
        "templates": casework.templates_for(view.row.office_id, desk.city.id, get_language() or "ru"),
        "template": _template(request),
        "offices": offices.directory(desk.city.id).offices,
        "family": services.family(desk.city.id, view.row.office_id),
        "officers": officers,
        "names": {one.id: one.name for one in accounts.people_of(_people(officers, view)).values()},
        "words": STATUS_WORDS,
        "says": {line.verb: line.says for line in WORKFLOW.transitions},
        "refusals": list(refusals),
        "typed": typed,
        "now": timezone.now(),
    }
    status = 422 if refusals else 200
    return render(request, "reports/work_report.html", context, status=status)


def _verbs(status: str, roles: Iterable[ActorRole]) -> set[str]:
    mine = frozenset(roles)
    return {line.verb for line in WORKFLOW.transitions if status in line.sources and line.roles & mine}


def _template(request: HttpRequest) -> UUID | None:
    return forms.as_uuid(request.GET.get("template"))


def _people(officers: Iterable[UUID], view: ReportView) -> set[UUID]:
    return {*officers, view.officer_id} - {None} if view.officer_id else set(officers)  # type: ignore[arg-type]
