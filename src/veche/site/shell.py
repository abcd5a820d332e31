"""What every request knows: its language, its city, who is acting, and how the reader likes pages to look."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class ShellMiddleware:
    """Puts the reader's language in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request in the language of the `lang` cookie."""
        language = request.COOKIES.get("lang", "ru")
        translation.activate(language if language in {"ru", "en"} else "ru")
        return self.get_response(request)
