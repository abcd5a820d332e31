"""Receipts: a page for people, JSON and a proof for programs."""

import json
from base64 import b64encode
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from veche.commons.journal import queries, services
from veche.commons.journal.models import FactRow
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import Checkpoint, Note
from veche.commons.journal.rules.receipts import ids_of
from veche.commons.journal.terms import Opening, Receipt
from veche.commons.journal.views.listing import entries
from veche.kernel.refs import SubjectRef

PROOF_TYPE = "text/plain; charset=utf-8"


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Lead from a code that was typed to its receipt; without one to the journal's own page."""
    code = request.GET.get("code", "").strip()
    found = queries.receipt_by_code(code) if code else None
    if found:
        return HttpResponseRedirect(f"/receipts/{found.code}")
    page = {"code": code, "readable": ids_of(code) is not None}
    return render(request, "journal/no_receipt.html", page, status=404 if code else 200)


@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What a receipt proves by now, in plain words."""
    found = queries.receipt_by_code(code)
    if found is None:
        page = {"code": code, "readable": ids_of(code) is not None}
        return render(request, "journal/no_receipt.html", page, status=404)
    shown = Note.parse(found.checkpoint) if found.checkpoint else None
    line = queries.facts_page(fact_id=found.fact_id)
    page = {
        "receipt": found,
        "entry": next(iter(entries(line)), None),
        "absolute": f"{settings.CONFIG.origin}/receipts/{found.code}",
        "leaf": b64encode(found.leaf_hash).decode(),
        "proof": [b64encode(one).decode() for one in found.proof],
        "size": Checkpoint.parse(shown.text).size if shown else None,
        "seen_by": [key.name for key in notes.cosigners(shown, services.witness_keys())] if shown else [],
        "sound": queries.is_sound(found),
        "delay_s": services.merge_delay_s(),
    }
    return render(request, "journal/receipt.html", page)


@require_safe
@never_cache
def receipt_json(request: HttpRequest, code: str) -> HttpResponse:
    """A receipt for programs, with the values everybody may read just now."""
    found = _found(code)
    return JsonResponse(body_of(found, public_openings(found)), json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def receipt_proof(request: HttpRequest, code: str) -> HttpResponse:
    """The inclusion proof in the common form of transparency logs (C2SP tlog-proof)."""
    found = _found(code)
    if found.position is None:
        raise Http404
    lines = ["c2sp.org/tlog-proof@v1", f"index {found.position}"]
    lines += [b64encode(one).decode() for one in found.proof]
    return HttpResponse("\n".join([*lines, "", found.checkpoint]), content_type=PROOF_TYPE)


def body_of(found: Receipt, openings: dict[str, Opening]) -> dict[str, Any]:
    """A receipt as JSON: everything a verifier needs, without asking us again."""
    return {
        "v": 1,
        "code": found.code,
        "origin": found.origin,
        "key": found.key,
        "fact": json.loads(found.entry),
        "entry": b64encode(found.entry).decode(),
        "leaf_hash": b64encode(found.leaf_hash).decode(),
        "promise": found.promise,
        "position": found.position,
        "proof": [b64encode(one).decode() for one in found.proof],
        "checkpoint": found.checkpoint,
        "openings": {
            name: {"salt": b64encode(one.salt).decode(), "value": one.value} for name, one in openings.items()
        },
    }


def public_openings(found: Receipt) -> dict[str, Opening]:
    """What of the private fields of a fact everybody may read just now."""
    row = FactRow.objects.filter(pk=found.fact_id).values_list("subject_kind", "subject_id").first()
    if row is None:
        return {}
    ref = SubjectRef(*row)
    fields = services.open_fields_of([ref]).get(ref, frozenset())
    return queries.openings_of({found.fact_id: fields}).get(found.fact_id, {})


def _found(code: str) -> Receipt:
    found = queries.receipt_by_code(code)
    if found is None:
        raise Http404
    return found
