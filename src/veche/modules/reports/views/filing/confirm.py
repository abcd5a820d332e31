"""The link from the mail. Opening it files nothing, because mail scanners open links; its button does."""

from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from veche.commons.accounts import queries as accounts
from veche.commons.accounts import services as people
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor
from veche.commons.places.terms import CityView
from veche.commons.submissions import services as submissions
from veche.kernel.ids import number_of
from veche.kernel.refusals import Refused
from veche.modules.reports import queries
from veche.modules.reports.views.filing.check import send
from veche.modules.reports.views.filing.flow import Flow, private
from veche.modules.reports.views.filing.preview import preview

_BACKEND = "veche.commons.accounts.adapters.SignIn"


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, city: str, draft: UUID, token: str) -> HttpResponse:
    """The page behind the link: the check page once more; its button files the report and signs its author in.

    A link that was used leads to the report it filed.
    """
    here: CityView = request.city  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held = submissions.draft_by_confirmation(token)
    if held is None or held.city_id != here.id or held.id != draft:
        filed = queries.report_by_id(draft)
        if filed is not None and filed.city_id == here.id:
            return redirect("reports:file-sent", city=city, number=number_of(filed.row.serial))
        return private(render(request, "reports/file_gone.html", {"city": here}, status=404))
    flow = Flow(here, actor, held)
    if request.method == "GET":
        return private(preview(request, flow, confirming=True))
    try:
        person = _confirmed(held.email)
        flow.actor = accounts.actor_of(person.id)
        answer = send(flow)
    except Refused as refused:
        return private(preview(request, flow, list(refused.refusals), confirming=True))
    if actor.person_id is None:
        login(request, person, backend=_BACKEND)
    return private(answer)


def _confirmed(email: str) -> Person:
    now = timezone.now()
    person = people.register(email, language=get_language() or "ru", now=now)
    people.confirm_contact(person, now=now)
    return person
