"""Pages for visitors, drawn once for the same rows: the database is always asked, the drawing need not be repeated."""

from collections.abc import Callable, Hashable

from django.http import HttpRequest, HttpResponse

from veche.kernel.memo import Memo

_PAGES: Memo[bytes] = Memo(512)


def kept_page(request: HttpRequest, rows: Hashable, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """The page of these rows, from the store when a visitor asked for the very same one before.

    `rows` is everything the page shows that came from the database or the calendar; the rest of what it depends on is
    the shell's fingerprint. Readers who are signed in get a page drawn for them.
    """
    frame = request.shell.fingerprint  # type: ignore[attr-defined]
    if frame is None:
        return draw()
    return HttpResponse(_PAGES.of((frame, rows), lambda: draw().content))
