"""The officer's queue."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
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

FAILURES_SHOWN = 10


class Failure(NamedTuple):
    """What went wrong, and with which report; None means with all of them."""

    refusal: Refusal
    report_id: UUID | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the person's offices owe: overdue first, then due soonest."""
    if not desk.office_ids:
        return _elsewhere(desk)
    return _act(request, desk) if request.method == "POST" else _page(request, desk)


def _elsewhere(desk: Desk) -> HttpResponse:
    """People without an office begin where their own work is."""
    if desk.dispatches:
        return redirect("reports:dispatch", city=desk.city.code)
    if desk.administers:
        return redirect("reports:people", city=desk.city.code)
    return redirect("reports:list", city=desk.city.code)


def _page(request: HttpRequest, desk: Desk, failures: Sequence[Failure] = ()) -> HttpResponse:
    chosen = forms.work_filter_of(request.GET, desk.person_id)
    rows = queries.office_queue(desk.office_ids, chosen, after=forms.work_key_of(request.GET))
    officers = offices.officers_of(desk.office_ids)
    counts = queries.queue_counts(desk.office_ids)
    context = {
        "desk": desk,
        "rows": rows,
        "chosen": chosen,
        "words_typed": request.GET.get("q", "")[:100],
        "failures": list(failures)[:FAILURES_SHOWN],
        "numbers": {row.row.id: row.row.serial for row in rows},
        "ticked": {one.report_id for one in failures} or set(forms.bulk_of(request.POST).report_ids),
        "act": request.POST.get("act", ""),
        "counts": counts,
        "waits": sum(counts.values()) - counts["overdue"],
        "narrowed": forms.narrowed_by(request.GET),
        "next": forms.write_key(rows[-1].key) if len(rows) == queries.WORK_PAGE else "",
        "is_later": "after" in request.GET,
        "names": _names({*officers, *(row.officer_id for row in rows if row.officer_id)}),
        "officers": officers,
        "statuses": [status for status in STATUS_WORDS if status in WORKFLOW.waiting_for_office],
        "words": STATUS_WORDS,
        "catalogue": queries.catalogue(desk.city),
        "now": timezone.now(),
    }
    return render(request, "reports/work_queue.html", context, status=422 if failures else 200)


def _names(people: set[UUID]) -> Mapping[UUID, str]:
    """What colleagues call each other; who gave no name is known by the mail."""
    return {one.id: one.name or one.email for one in accounts.people_of(people).values()}


def _act(request: HttpRequest, desk: Desk) -> HttpResponse:
    bulk = forms.bulk_of(request.POST)
    if not bulk.report_ids:
        return _page(request, desk, [Failure(Refusal("reports.nothing-ticked"))])
    try:
        outcomes = _outcomes(bulk, desk)
    except Refused as refused:
        return _page(request, desk, [Failure(one) for one in refused.refusals])
    failures = [Failure(refusal, outcome.report_id) for outcome in outcomes for refusal in outcome.refusals]
    done = sum(not outcome.refusals for outcome in outcomes)
    if done:
        words = ngettext("%(n)s report changed.", "%(n)s reports changed.", done)
        messages.success(request, words % {"n": done})
    return _page(request, desk, failures) if failures else redirect(request.get_full_path())


def _outcomes(bulk: forms.Bulk, desk: Desk) -> list[services.Outcome]:
    now = timezone.now()
    if bulk.act == "take":
        return services.move_many(bulk.report_ids, Move(verb="take"), by=desk.actor, now=now)
    if bulk.act not in {"mine", "nobody", "officer"}:
        raise Refused(Refusal("reports.act-missing", "act"))
    if bulk.act == "officer" and bulk.officer_id is None:
        raise Refused(Refusal("reports.officer-missing", "officer"))
    officer = {"mine": desk.person_id, "nobody": None}.get(bulk.act, bulk.officer_id)
    return services.assign_many(bulk.report_ids, officer, by=desk.actor, now=now)
