"""The log as transparency clients read it: C2SP tlog-tiles under `/journal`."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from veche.commons.journal import queries
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.queries.log import tile_content
from veche.commons.journal.rules.notes import Verifier
from veche.commons.journal.rules.tiles import Tile

_FRESH = "max-age=2, must-revalidate"
_FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint the public may see, a signed note."""
    shown = queries.published()
    if shown is None:
        return _none()
    response = HttpResponse(str(shown[1]), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = _FRESH
    return response


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries, as far as the public checkpoint covers it."""
    wanted, shown = Tile.parse(path), queries.published()
    content = tile_content(wanted, shown[0].size) if wanted and shown else None
    if content is None:
        return _none()
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Cache-Control"] = _FOR_GOOD
    return response


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What a verifier has to know of this log: its key, its delay, its witnesses."""
    policy = EQUIPMENT.witnesses()
    own = Verifier(EQUIPMENT.key.name, EQUIPMENT.key.public)
    known = {
        "v": 1,
        "origin": own.name,
        "key": str(own),
        "merge_delay_s": EQUIPMENT.delay_s,
        "witnesses_needed": policy.needed,
        "witnesses": [{"name": one.name, "url": one.url, "key": one.key} for one in policy.witnesses],
    }
    response = JsonResponse(known, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = _FRESH
    return response


def _none() -> HttpResponse:
    response = HttpResponse("not found\n", status=404, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
