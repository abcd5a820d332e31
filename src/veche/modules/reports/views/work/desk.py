"""One report on an officer's desk: everything about it, and every next step."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from veche.commons.accounts import queries as accounts
from veche.commons.casework import queries as casework
from veche.commons.casework.terms import ActorRole, TemplateView
from veche.commons.media import queries as media
from veche.commons.media.terms import DRAFT, HIDE_REASONS
from veche.commons.offices import queries as offices
from veche.kernel.beforehand import beforehand
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if
from veche.modules.reports import access, forms, queries, rules, services
from veche.modules.reports.terms import OPEN, STATUS_WORDS, WORKFLOW, ReportView
from veche.modules.reports.views.photos import developed, kept
from veche.modules.reports.views.story import Story
from veche.modules.reports.views.work.gate import Desk, at_desk

MOST_PHOTOS = 5
_STAYS = frozenset({"take", "assign", "hide_photo"})


@beforehand(developed(may=access.works_in, at_most=MOST_PHOTOS))
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def desk_page(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A report with its history and the forms of every step that is open to the reader.

    Everybody who works in the city may look at it; each step asks for itself who may take it.
    """
    view = queries.report_by_number(desk.city, number)
    if isinstance(view, Refusal):
        raise Http404
    roles = _roles(desk, view)
    if view.hidden and not roles:
        raise PermissionDenied
    if request.method == "POST":
        return _act(request, desk, view, roles)
    return _page(request, desk, view, roles)


def _roles(desk: Desk, view: ReportView) -> frozenset[ActorRole]:
    return rules.roles_of(
        desk.actor, city_id=view.city_id, author_id=view.author_id, office_id=view.row.office_id
    ) - {ActorRole.CITIZEN}


def _act(request: HttpRequest, desk: Desk, view: ReportView, roles: frozenset[ActorRole]) -> HttpResponse:
    verb = request.POST.get("verb", "")
    try:
        if "insert" in request.POST:
            _take_photos(request, desk, view)
            return _page(request, desk, view, roles)
        said = _do(request, desk, view)
    except Refused as refused:
        return _page(request, desk, view, roles, refused.refusals)
    messages.success(request, said)
    narrowed = forms.narrowed_by(QueryDict(request.POST.get("from", "")))
    if verb in _STAYS:
        question = f"?{urlencode({'from': narrowed})}" if narrowed else ""
        return redirect(_address(desk, view) + question)
    question = f"?{narrowed}" if narrowed else ""
    return redirect(reverse("reports:work", kwargs={"city": desk.city.code}) + question)


def _do(request: HttpRequest, desk: Desk, view: ReportView) -> str:
    """Take the step; answers what to say about it."""
    now, report_id = timezone.now(), view.row.id
    verb, number = request.POST.get("verb", ""), number_of(view.row.serial)
    if verb == "assign":
        services.assign_report(report_id, _officer(request.POST), by=desk.actor, now=now)
        return gettext("Report %(number)s: the officer was chosen.") % {"number": number}
    if verb == "hand_over":
        reason = request.POST.get("text", "").strip()
        services.hand_over_report(report_id, _office(request.POST), reason=reason, by=desk.actor, now=now)
        return gettext("Report %(number)s was handed over.") % {"number": number}
    if verb == "hide_photo":
        photo, reason = forms.as_uuid(request.POST.get("photo")), request.POST.get("reason", "")
        services.hide_photo(report_id, photo or report_id, reason, by=desk.actor, now=now)
        return gettext("Report %(number)s: the photo was hidden; the journal says why.") % {"number": number}
    if verb == "route":
        always = request.POST.get("always") == "1"
        report = services.route_report(
            report_id, _office(request.POST), by=desk.actor, now=now, always=always
        )
    else:
        photos = _take_photos(request, desk, view) if verb == "answer" else None
        report = services.move_report(
            report_id, forms.move_of(request.POST, desk.city), by=desk.actor, now=now, photos_from=photos
        )
    word = gettext(STATUS_WORDS[report.status])
    return gettext("Report %(number)s is now: %(status)s.") % {"number": number, "status": word}


def _office(raw: QueryDict) -> UUID:
    office = forms.as_uuid(raw.get("office"))
    if office is None:
        raise Refused(Refusal("casework.office-missing", "office"))
    return office


def _officer(raw: QueryDict) -> UUID | None:
    """The officer that was chosen; an empty choice gives the report back to the whole office."""
    officer = forms.as_uuid(raw.get("officer"))
    if officer is None and raw.get("officer"):
        raise Refused(Refusal("reports.officer-missing", "officer"))
    return officer


def _waiting(desk: Desk, view: ReportView) -> SubjectRef:
    """Where the photos of an answer wait: the same for every attempt, so that a refusal loses none."""
    return SubjectRef(DRAFT, uuid5(view.case_id, f"answer {desk.person_id} {view.row.answered_at}"))


def _take_photos(request: HttpRequest, desk: Desk, view: ReportView) -> SubjectRef | None:
    """Take the answer's photographs in; the step adopts them, or a sweep drops them some day."""
    ref = _waiting(desk, view)
    if ActorRole.OFFICER in _roles(desk, view):
        refuse_if(kept(request, ref, city_id=desk.city.id, owner_id=desk.person_id, at_most=MOST_PHOTOS))
    return ref if media.photos_of([ref.id]).get(ref.id) else None


def _page(
    request: HttpRequest,
    desk: Desk,
    view: ReportView,
    roles: frozenset[ActorRole],
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    view = _newest(desk, view) if refusals else view
    typed = request.POST if request.method == "POST" else QueryDict()
    known = offices.directory(desk.city.id).offices
    steps = casework.steps_of(view.case_id)
    waiting = _waiting(desk, view).id
    photos = media.photos_of([view.submission_id, waiting, *(step.id for step in steps)])
    category = queries.catalogue(desk.city).by_id[view.row.category_id]
    story = Story(desk.city, view, category, known, get_language() or "ru", timezone.now(), photos)
    templates = casework.templates_for(
        view.row.office_id, desk.city.id, story.language, verb="answer", category=category.code
    )
    today = desk.city.calendar.local_date(timezone.now())
    context: dict[str, Any] = {
        "desk": desk,
        "view": view,
        "story": story,
        "category": category,
        "place": queries.place_named(desk.city, view.row.place_id),
        "number": number_of(view.row.serial),
        "address": _address(desk, view),
        "timeline": story.timeline(steps)[::-1],
        "dials": story.dials(casework.clocks_of(view.case_id)),
        "photos": photos.get(view.submission_id, ()),
        "all_photos": [one for subject, shown in photos.items() if subject != waiting for one in shown],
        "photo_reasons": HIDE_REASONS,
        "waiting_photos": photos.get(waiting, ()),
        "verbs": _verbs(view.row.status, roles),
        "is_ours": ActorRole.OFFICER in roles,
        "is_open": view.row.status in OPEN,
        "may_hide": access.may_hide(desk.actor, desk.city.id),
        "reasons": queries.reasons_of(desk.city),
        "templates": templates,
        "inserted": _inserted(templates, typed),
        "offices": known,
        "family": services.family(desk.city.id, view.row.office_id),
        "near": queries.likely_offices(desk.city, [view.row], on=today)[view.row.id],
        "tomorrow": today,
        **_colleagues(view),
        "refusals": list(refusals),
        "typed": typed,
        "narrowed": forms.narrowed_by(QueryDict(request.POST.get("from") or request.GET.get("from", ""))),
    }
    return render(request, "reports/work_report.html", context, status=422 if refusals else 200)


def _newest(desk: Desk, view: ReportView) -> ReportView:
    """After a refusal the page shows how things stand now: somebody may have been quicker."""
    found = queries.report_by_number(desk.city, number_of(view.row.serial))
    return view if isinstance(found, Refusal) else found


def _verbs(status: str, roles: Iterable[ActorRole]) -> set[str]:
    mine = frozenset(roles)
    return {line.verb for line in WORKFLOW.transitions if status in line.sources and line.roles & mine}


def _inserted(templates: Iterable[TemplateView], typed: QueryDict) -> str:
    """What the answer says once a template was put into it: after what was typed, never in its place."""
    chosen = forms.as_uuid(typed.get("insert"))
    text = typed.get("text", "") if typed.get("verb") == "answer" else ""
    added = next((one.text for one in templates if one.id == chosen), "")
    return "\n\n".join(part for part in (text.rstrip(), added) if part) if added else text


def _colleagues(view: ReportView) -> Mapping[str, Any]:
    officers = offices.officers_of([view.row.office_id])
    wanted = {*officers, *([view.officer_id] if view.officer_id else [])}
    names = {one.id: one.name or one.email for one in accounts.people_of(wanted).values()}
    return {"officers": officers, "names": names}


def _address(desk: Desk, view: ReportView) -> str:
    number = number_of(view.row.serial)
    return reverse("reports:work-report", kwargs={"city": desk.city.code, "number": number})
