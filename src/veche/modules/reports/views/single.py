"""The public page of one report, and what its readers can do there."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from veche.commons.accounts.terms import Actor
from veche.commons.casework.terms import ActorRole, Move
from veche.commons.journal import queries as journal
from veche.commons.journal.rules.receipts import code_of
from veche.commons.media import queries as media
from veche.commons.media.terms import DRAFT
from veche.commons.offices import queries as offices
from veche.commons.places.terms import CityView
from veche.commons.submissions import queries as submissions
from veche.kernel.beforehand import beforehand
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if
from veche.modules.reports import access, queries, rules, services
from veche.modules.reports.queries import ReportPage
from veche.modules.reports.queries.asking import Remembered
from veche.modules.reports.queries.board import key_of as _key
from veche.modules.reports.terms import ERASED, HIDE_REASONS, OPEN, WORKFLOW, ReportFiled, ReportView
from veche.modules.reports.views.keeping import kept_page
from veche.modules.reports.views.photos import developed, kept
from veche.modules.reports.views.receipt import receipt
from veche.modules.reports.views.story import Story
from veche.modules.reports.views.words import pieces, words_of

MOST_PHOTOS = 5
_AUTHOR = frozenset({ActorRole.CITIZEN})
View = Callable[[HttpRequest, CityView, ReportView], HttpResponse]
Act = Callable[[HttpRequest, ReportView], str]


@require_safe
def report_page(request: HttpRequest, city: str, number: str) -> HttpResponseBase:  # noqa: ARG001 - the shell reads it
    """Everything about one report: who owes an answer, until when, and what happened so far."""
    here, asked = _city(request), Remembered()
    found = queries.report_page(here, number, asking=asked)
    if isinstance(found, Refusal):
        return _missing(request, number, found)
    view = found.view
    if number != number_of(view.row.serial):
        return redirect(_address(here, view), permanent=True)
    if view.hidden and not access.may_see_hidden(_actor(request), here.id, view.author_id):
        return _hidden(request, view)
    return kept_page(request, _page(request, here, found), here, asked)


def acting(act: Act) -> Callable[..., HttpResponse]:
    """Let a signed-in reader act on a report: afterwards its page says what was done, or why nothing was.

    A visitor signs in first and comes back to the page.
    """

    @wraps(act)
    @require_POST
    def acted(request: HttpRequest, city: str, number: str) -> HttpResponse:  # noqa: ARG001 - the shell reads it
        here = _city(request)
        found = queries.report_page(here, number)
        if isinstance(found, Refusal):
            return _missing(request, number, found)
        view = found.view
        actor = _actor(request)
        if actor.person_id is None:
            return redirect_to_login(_address(here, view))
        if view.hidden and not access.may_see_hidden(actor, here.id, view.author_id):
            return _hidden(request, view)
        try:
            done = act(request, view)
        except Refused as refused:
            return _page(request, here, found, refusals=refused.refusals, status=422)
        messages.success(request, done)
        return redirect(_address(here, view))

    return acted


@acting
def join(request: HttpRequest, view: ReportView) -> str:
    """Join a report instead of repeating it."""
    services.join_report(view.row.id, by=_actor(request), now=timezone.now())
    return gettext("You joined. We will tell you about every step.")


@acting
def leave(request: HttpRequest, view: ReportView) -> str:
    """Take a “me too” back."""
    services.leave_report(view.row.id, by=_actor(request), now=timezone.now())
    return gettext("You left this report. You will hear no more of it.")


@acting
def confirm(request: HttpRequest, view: ReportView) -> str:
    """The author confirms an answer."""
    move = Move(verb="confirm", text=request.POST.get("text", "").strip())
    services.move_report(view.row.id, move, by=_actor(request), now=timezone.now())
    return gettext("Thank you. The report is confirmed and closed.")


@beforehand(developed(may=lambda actor, _: actor.person_id is not None, at_most=MOST_PHOTOS))
@acting
def send_back(request: HttpRequest, view: ReportView) -> str:
    """The author sends an answer back with a reason, a text and photos."""
    actor = _actor(request)
    assert actor.person_id is not None
    photos = _passing(view, actor.person_id)
    move = Move(
        verb="send_back", text=request.POST.get("text", "").strip(), reason=request.POST.get("reason", "")
    )
    refuse_if(kept(request, photos, city_id=view.city_id, owner_id=actor.person_id, at_most=MOST_PHOTOS))
    services.move_report(view.row.id, move, by=actor, now=timezone.now(), photos_from=photos)
    return gettext("The answer went back. The office has to answer again, and the clock runs.")


@acting
def hide(request: HttpRequest, view: ReportView) -> str:
    """A moderator hides a report from the public."""
    services.hide_report(
        view.row.id,
        request.POST.get("hide_reason", ""),
        by=_actor(request),
        now=timezone.now(),
        order=request.POST.get("order", ""),
    )
    return gettext("The report is hidden. Its page says so and gives the reason.")


@acting
def show(request: HttpRequest, view: ReportView) -> str:
    """A moderator shows a hidden report again."""
    services.show_report(
        view.row.id, request.POST.get("hide_reason", ""), by=_actor(request), now=timezone.now()
    )
    return gettext("The report is public again.")


def _page(
    request: HttpRequest,
    city: CityView,
    found: ReportPage,
    *,
    refusals: Sequence[Refusal] = (),
    status: int = 200,
) -> HttpResponse:
    view, actor, now = found.view, _actor(request), timezone.now()
    known = offices.directory(city.id).offices
    category = queries.catalogue(city).by_id[view.row.category_id]
    story = Story(city, view, category, known, get_language() or "ru", now, found.photos)
    words = words_of(city)
    context: dict[str, Any] = {
        "view": view,
        "row": view.row,
        "number": number_of(view.row.serial),
        "address": _address(city, view),
        "absolute": request.build_absolute_uri(_address(city, view)),
        "story": story,
        "p": pieces(),
        "badge": words.badge(view.row.status, view.row.overdue),
        "joined": words.joined(view.row.supporters),
        "clocks_note": words.clocks_note,
        "answers": story.answers(),
        "category_words": words.categories[_key(category.id)],
        "place": words.places.get(_key(view.row.place_id), ""),
        "office": known.get(view.row.office_id) if view.row.office_id else None,
        "pace": found.pace,
        "timeline": story.timeline(found.steps),
        "dials": story.dials(found.clocks),
        "photos": found.photos.get(view.submission_id, ()),
        "duplicates": [number_of(one) for one in found.duplicates],
        "duplicate_of": number_of(view.duplicate_of) if view.duplicate_of else "",
        "author": found.author,
        "code": _code(view) if actor.person_id and actor.person_id == view.author_id else "",
        "is_open": view.row.status in OPEN,
        "refusals": list(refusals),
        "typed": request.POST if request.method == "POST" else {},
        "now": now,
        **_reader(city, view, actor),
    }
    return render(request, "reports/report.html", context, status=status)


def _code(view: ReportView) -> str:
    promised = journal.promise_for(view.row.id, ReportFiled.kind)
    return promised.code if promised else ""


def _reader(city: CityView, view: ReportView, actor: Actor) -> Mapping[str, Any]:
    """What this reader may do; a visitor costs no question of the database."""
    is_author = actor.person_id is not None and actor.person_id == view.author_id
    verbs = {
        line.verb for line in WORKFLOW.transitions if view.row.status in line.sources and line.roles & _AUTHOR
    }
    return {
        "signed_in": actor.person_id is not None,
        "is_author": is_author,
        "verbs": verbs if is_author else frozenset(),
        "sent_back_reasons": queries.reasons_of(city).get("sent_back", {}) if is_author else {},
        "has_joined": submissions.is_supporter(view.submission_id, actor.person_id)
        if not is_author
        else False,
        "may_join": rules.may_join(view.row.status, actor=actor, author_id=view.author_id) is None,
        "waiting_photos": _waiting_photos(view, actor) if is_author and verbs else (),
        "may_hide": access.may_hide(actor, city.id),
        "hide_reasons": HIDE_REASONS,
        "works_here": access.works_in(actor, city.id),
    }


def _passing(view: ReportView, person_id: UUID) -> SubjectRef:
    """Where the photos of an objection wait: the same for every attempt, so that a refusal loses none."""
    return SubjectRef(DRAFT, uuid5(view.case_id, f"{person_id} {view.row.answered_at}"))


def _waiting_photos(view: ReportView, actor: Actor) -> Sequence[Any]:
    assert actor.person_id is not None
    draft = _passing(view, actor.person_id).id
    return media.photos_of([draft]).get(draft, ())


def _missing(request: HttpRequest, number: str, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal, "number": number[:30], "base": f"/{_city(request).code}/reports"}
    return render(request, "reports/missing.html", context, status=404)


def _hidden(request: HttpRequest, view: ReportView) -> HttpResponse:
    last = queries.hiding_of(view.row.id)
    context = {
        "number": number_of(view.row.serial),
        "at": last.at if last else None,
        "reason": HIDE_REASONS.get(last.reason, "") if last else "",
        "last": last,
        "erased": last is not None and last.reason == ERASED,
        "code": code_of(last.fact_id) if last else "",
        "base": f"/{_city(request).code}/reports",
    }
    return render(request, "reports/hidden.html", context, status=410)


def _address(city: CityView, view: ReportView) -> str:
    return f"/{city.code}/reports/{number_of(view.row.serial)}"


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _city(request: HttpRequest) -> CityView:
    city: CityView = request.city  # type: ignore[attr-defined]
    return city


patterns = [
    path("reports/<str:number>", report_page, name="page"),
    path("reports/<str:number>/receipt.json", receipt, name="receipt"),
    path("reports/<str:number>/join", join, name="join"),
    path("reports/<str:number>/leave", leave, name="leave"),
    path("reports/<str:number>/confirm", confirm, name="confirm"),
    path("reports/<str:number>/send-back", send_back, name="send-back"),
    path("reports/<str:number>/hide", hide, name="hide"),
    path("reports/<str:number>/show", show, name="show"),
]
