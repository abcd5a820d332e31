"""Who works in the city: the administrator appoints, dismisses, gives and takes roles."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from veche.commons.accounts.terms import ROLE_TITLES
from veche.commons.offices import queries as offices
from veche.kernel.refusals import Refusal, Refused
from veche.kernel.words import in_language
from veche.modules.reports import forms, queries, services
from veche.modules.reports.views.work.gate import Desk, at_desk

STAFF_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Officers of every office, dispatchers and moderators; each change with its reason."""
    if not desk.administers:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, desk)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _page(request, desk)
    try:
        done = act(request.POST, desk)
    except Refused as refused:
        return _page(request, desk, refused.refusals)
    messages.success(request, done)
    return redirect("reports:people", city=desk.city.code)


def _appoint(raw: QueryDict, desk: Desk) -> str:
    post = services.Post(
        office_id=forms.as_uuid(raw.get("office")),
        names={language: raw.get(f"post-{language}", "") for language in desk.city.languages},
        is_head=raw.get("head") == "1",
    )
    email = raw.get("email", "")
    services.appoint(email, post, city=desk.city, by=desk.actor, why=raw.get("why", ""), now=timezone.now())
    return gettext("%(email)s answers for the office from now on.") % {"email": email.strip().lower()}


def _give(raw: QueryDict, desk: Desk) -> str:
    email, role = raw.get("email", ""), raw.get("role", "")
    services.give_role(email, role, city=desk.city, by=desk.actor, why=raw.get("why", ""), now=timezone.now())
    return gettext("%(email)s has the role from now on.") % {"email": email.strip().lower()}


def _take(raw: QueryDict, desk: Desk) -> str:
    services.take_role(
        forms.as_uuid(raw.get("person")),
        raw.get("role", ""),
        forms.as_uuid(raw.get("office")),
        city=desk.city,
        by=desk.actor,
        why=raw.get("why", ""),
        now=timezone.now(),
    )
    return gettext("The role was taken back.")


_ACTS: Mapping[str, Callable[[QueryDict, Desk], str]] = {"appoint": _appoint, "give": _give, "take": _take}


def _page(request: HttpRequest, desk: Desk, refusals: Iterable[Refusal] = ()) -> HttpResponse:
    known = offices.directory(desk.city.id).at(desk.city.calendar.local_date(timezone.now())).offices
    language = get_language() or "ru"
    failures = list(refusals)
    after = forms.as_uuid(request.GET.get("after"))
    staff = queries.staff_of(desk.city, after=after, limit=STAFF_PAGE + 1)
    context: dict[str, Any] = {
        "desk": desk,
        "staff": staff[:STAFF_PAGE],
        "next": staff[STAFF_PAGE - 1].id if len(staff) > STAFF_PAGE else "",
        "is_later": after is not None,
        "offices": offices.directory(desk.city.id).offices,
        "office_choices": sorted(
            ((one.id, in_language(one.names, language)) for one in known.values()), key=lambda pair: pair[1]
        ),
        "role_choices": [(role.value, gettext(ROLE_TITLES[role])) for role in services.GIVEN],
        "titles": ROLE_TITLES,
        "takes": {*(role.value for role in services.GIVEN), "officer"},
        "refusals": failures,
        "typed": request.POST,
    }
    return render(request, "reports/work_people.html", context, status=422 if failures else 200)
