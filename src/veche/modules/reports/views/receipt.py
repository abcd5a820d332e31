"""The receipt of a report with everything its author wrote, for the author alone."""

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from veche.commons.accounts.terms import Actor
from veche.commons.journal import queries as journal
from veche.commons.journal.views.receipts import body_of
from veche.commons.places.terms import CityView
from veche.kernel.refusals import Refusal
from veche.modules.reports import queries
from veche.modules.reports.terms import ReportFiled


@require_safe
@never_cache
def receipt(request: HttpRequest, number: str, **_of_the_city: str) -> HttpResponse:
    """The file that proves what was reported, with what opens the sealed words in it. Strangers find nothing here."""
    here: CityView = request.city  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = queries.report_by_number(here, number)
    if isinstance(view, Refusal) or actor.person_id is None or view.author_id != actor.person_id:
        raise Http404
    fact_id = journal.fact_of(view.row.id, ReportFiled.kind)
    found = journal.receipt_of(fact_id) if fact_id else None
    if found is None:
        raise Http404
    sealed = json.loads(found.entry)["private"]
    openings = journal.openings_of({found.fact_id: sealed}).get(found.fact_id, {})
    answer = JsonResponse(body_of(found, openings), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{found.code}.json"'
    return answer
