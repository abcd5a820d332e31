"""Pages for visitors that may be shown again as long as the database gives the same answers.

`veche.site.kept` keeps them.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.modules.reports.queries.asking import Remembered


def kept_page(
    request: HttpRequest, response: HttpResponse, city: CityView, asked: Remembered
) -> HttpResponseBase:
    """Say of a page that it stays the same while the city is this one and `asked` is answered as it was.

    All else that it shows must follow from its address, the reader's cookies for looks, and the quarter of an hour.
    Readers who are signed in see more, and their pages are drawn for them.
    """
    if not request.shell.is_everybodys:  # type: ignore[attr-defined]
        return response

    def holds() -> bool:
        return places.city_by_code(city.code) is city and asked.same_again()

    response.kept_while = holds  # type: ignore[attr-defined]
    return unless_known(request, response)


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response with a mark of what it holds; nothing new, where the reader has just that already."""
    etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    response["ETag"] = etag
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag, response=response)
    return response if answer is None else answer
