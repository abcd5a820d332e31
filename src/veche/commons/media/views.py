"""Serving photographs."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from veche.commons.accounts.access import actor_in
from veche.commons.media import access, queries
from veche.commons.media.ports import EQUIPMENT
from veche.commons.media.terms import ServedPhoto, Size

# It never changes, but a moderator may hide it: then no browser or proxy shows it longer than this.
_A_DAY = "public, max-age=86400, immutable"
_FOR_FEW = "private, max-age=600"


@require_safe
def photo(request: HttpRequest, photo_id: UUID, size: str) -> HttpResponseBase:
    """One size of one photograph; a draft's only with its key, a sealed one to few, a hidden one never."""
    served = queries.served_photo(photo_id)
    if served is None or not _opens(request, served):
        raise Http404
    etag = f'"{served.digest[:32]}-{size}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        file = EQUIPMENT.need_shelf().take(photo_id, Size(size))
        if file is None:
            raise Http404
        with file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
        # Said so that no middleware tries to compress what is compressed already.
        response["Content-Encoding"] = "identity"
    response["ETag"] = etag
    response["Cache-Control"] = _A_DAY if served.is_public else _FOR_FEW
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opens(request: HttpRequest, served: ServedPhoto) -> bool:
    if served.is_draft and not queries.opens(request.GET.get("key", ""), served.id):
        return False
    return not served.is_sealed or access.may_see_sealed(actor_in(request), served.city_id, served.owner_id)
