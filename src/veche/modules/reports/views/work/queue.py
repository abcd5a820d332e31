"""The officer's queue."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from veche.commons.accounts import queries as accounts
from veche.commons.casework.terms import Move
from veche.commons.offices import queries as offices
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import forms, queries, services
from veche.modules.reports.terms import STATUS_WORDS, WORKFLOW
from veche.modules.reports.views.work.gate import Desk, at_desk


@require_http_methods(["GET", "POST"])
@at_desk
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the person's offices owe: overdue first, then due soonest."""
    if request.method == "POST":
        return _act(request, desk)
    if not desk.office_ids and desk.dispatches:
        return redirect("reports:dispatch", city=desk.city.code)
    return _page(request, desk)


def _page(request: HttpRequest, desk: Desk, failures: Iterable[Refusal] = ()) -> HttpResponse:
    chosen = forms.work_filter_of(request.GET, desk.person_id)
    rows = queries.office_queue(desk.office_ids, chosen, after=forms.work_key_of(request.GET))
    officers = offices.officers_of(desk.office_ids)
    context = {
        "desk": desk,
        "rows": rows,
        "chosen": chosen,
        "failures": list(failures),
        "counts": queries.queue_counts(desk.office_ids),
        "next": forms.write_key(rows[-1].key) if len(rows) == queries.WORK_PAGE else "",
        "names": {
            one.id: one.name
            for one in accounts.people_of(
                {*officers, *(row.officer_id for row in rows if row.officer_id)}
            ).values()
        },
        "officers": officers,
        "statuses": sorted(WORKFLOW.waiting_for_office),
        "words": STATUS_WORDS,
        "catalogue": queries.catalogue(desk.city),
        "now": timezone.now(),
    }
    return render(request, "reports/work_queue.html", context)


def _names(officers: Iterable[UUID], rows: Iterable[queries.WorkRow]) -> dict[UUID, str]:
    wanted = {*officers, *(row.officer_id for row in rows if row.officer_id)}
    return {one.id: one.name for one in accounts.people_of(wanted).values()}


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    bulk = forms.bulk_of(request.POST)
    if not bulk.report_ids:
        return _page(request, desk, [Refusal("reports.nothing-ticked")])
    try:
        outcomes = _outcomes(bulk, desk)
    except Refused as refused:
        return _page(request, desk, refused.refusals)
    failures = [refusal for outcome in outcomes for refusal in outcome.refusals]
    done = sum(not outcome.refusals for outcome in outcomes)
    if done:
        words = ngettext("%(n)s report changed.", "%(n)s reports changed.", done)
        messages.success(request, words % {"n": done})
    return _page(request, desk, failures[:5]) if failures else redirect(request.get_full_path())


def _outcomes(bulk: forms.Bulk, desk: Desk) -> list[services.Outcome]:
    now = timezone.now()
    if bulk.act == "take":
        return services.move_many(bulk.report_ids, Move(verb="take"), by=desk.actor, now=now)
    officer = {"mine": desk.person_id, "nobody": None}.get(bulk.act, bulk.officer_id)
    return services.assign_many(bulk.report_ids, officer, by=desk.actor, now=now)
