"""The page of lanterns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tests.toy_module import queries


@require_safe
def lanterns(request: HttpRequest, city: str) -> HttpResponse:
    """List the lanterns of a city."""
    return render(request, "toy_module/list.html", {"lanterns": queries.lanterns(request.city.id)})
