"""What reports show on pages of others: the numbers of a city, and what belongs to one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from markupsafe import Markup

from veche.commons.accounts.access import actor_in, is_signed_in, needs
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.words import N_
from veche.modules.reports import queries
from veche.modules.reports.forms import as_uuid
from veche.modules.reports.forms.listing import serial_in
from veche.modules.reports.queries.board import board
from veche.modules.reports.queries.own import OwnReport
from veche.modules.reports.terms import STATUS_WORDS, ReportFilter, Status
from veche.modules.reports.views.lists import rows_of
from veche.modules.reports.views.words import words_of

NEWEST = 5
OWN_ON_CARD = 5
OWN_PAGE = 20
FRESH_DAYS = 30

NEXT_STEPS = {
    Status.NEW: N_("The dispatcher chooses the office."),
    Status.NOT_OURS: N_("The dispatcher chooses the office."),
    Status.ROUTED: N_("The office has to take it."),
    Status.IN_WORK: N_("The office works on it."),
    Status.PLANNED: N_("The work is planned."),
    Status.ANSWERED: N_("Look at the answer: confirm it or send it back."),
    Status.SENT_BACK: N_("The office has to answer again."),
    Status.REFUSED: N_("The office refused. You may object within the term."),
    Status.DUPLICATE: N_("The earlier report goes on."),
    Status.CONFIRMED: N_("Done."),
}


class OwnCard(NamedTuple):
    """A report of one's own: where it stands, and what comes next."""

    url: str
    number: str
    title: str
    badge: Markup
    next: str
    term: Markup
    filed: str
    waits_for_me: bool


def city_card(request: HttpRequest) -> str:
    """The numbers of a city and its newest reports."""
    city = cast("CityView", request.city)  # type: ignore[attr-defined]
    now = timezone.now()
    figures = queries.city_figures(city, since=now - timedelta(days=FRESH_DAYS))
    statuses = [
        (gettext(word), [figures.statuses.get(status, 0)])
        for status, word in STATUS_WORDS.items()
        if figures.statuses.get(status)
    ]
    context = {
        "figures": figures,
        "days": FRESH_DAYS,
        "statuses": statuses,
        "rows": rows_of(city, board(city, ReportFilter(), limit=NEWEST).lines, level=3),
        "base": f"/{city.code}/reports",
    }
    return render_to_string("reports/city_card.html", context, request)


def cabinet_card(request: HttpRequest) -> str:
    """My reports with what comes next, and those I joined."""
    person_id = actor_in(request).person_id
    if person_id is None:
        return ""
    now = timezone.now()
    own = queries.own_reports(person_id, limit=OWN_ON_CARD + 1)
    joined = queries.joined_reports(person_id, limit=OWN_ON_CARD)
    context = {
        "own": _own_cards(own[:OWN_ON_CARD], now),
        "has_more": len(own) > OWN_ON_CARD,
        "joined": _own_cards(joined.reports, now),
        "joined_more": joined.next is not None,
    }
    return render_to_string("reports/cabinet_card.html", context, request)


@never_cache
@require_safe
@needs(is_signed_in)
def own_list(request: HttpRequest) -> HttpResponse:
    """All reports of one's own, newest first."""
    person_id = actor_in(request).person_id
    assert person_id is not None
    before = serial_in(request.GET, "before")
    rows = queries.own_reports(person_id, before=before, limit=OWN_PAGE + 1)
    shown = rows[:OWN_PAGE]
    context = {
        "title": gettext("My reports"),
        "nothing": gettext("You have not reported anything yet."),
        "own": _own_cards(shown, timezone.now()),
        "older": f"?before={shown[-1].row.serial}" if len(rows) > OWN_PAGE else "",
        "first": "/cabinet/reports" if before is not None else "",
    }
    return render(request, "reports/own.html", context)


@never_cache
@require_safe
@needs(is_signed_in)
def joined_list(request: HttpRequest) -> HttpResponse:
    """All reports one joined, the last joined first."""
    person_id = actor_in(request).person_id
    assert person_id is not None
    before = as_uuid(request.GET.get("before"))
    page = queries.joined_reports(person_id, before=before, limit=OWN_PAGE)
    context = {
        "title": gettext("Reports I joined"),
        "nothing": gettext("You have joined no report yet. On the page of a report, press “Me too”."),
        "own": _own_cards(page.reports, timezone.now()),
        "older": f"?before={page.next}" if page.next else "",
        "first": "/cabinet/reports/joined" if before is not None else "",
    }
    return render(request, "reports/own.html", context)


def _own_cards(rows: Sequence[OwnReport], now: datetime) -> list[OwnCard]:
    found = []
    for one in rows:
        city = places.city_by_id(one.city_id)
        if city is None:
            continue
        words, row, number = words_of(city), one.row, number_of(one.row.serial)
        found.append(
            OwnCard(
                f"/{city.code}/reports/{number}",
                number,
                row.title,
                words.badge(row.status, row.overdue),
                gettext(NEXT_STEPS[Status(row.status)]),
                words.term(row.due_at, row.status, now, city.calendar.local_date(now)),
                words.day(row.filed_at),
                row.status == Status.ANSWERED,
            )
        )
    return found


patterns = [
    path("cabinet/reports", own_list, name="list"),
    path("cabinet/reports/joined", joined_list, name="joined"),
]
