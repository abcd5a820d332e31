"""Pages for visitors are drawn once and shown again for as long as they would come out the same.

A view says so of its response: `response.kept_while()` asks the database the questions of the page anew and answers
whether the rows are the same. Only then is the page shown again, so it is never out of date; all the work of Django in
between falls away. This stands in front of Django and not among its middleware for that reason.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse, parse_cookie
from django.utils.http import parse_etags

# A kept page weighs about half as much again in rows to compare: this is some two hundred lists or a thousand reports.
MOST_BYTES = 8_000_000
# Words of time on a page change with the day or the hour, and every zone's hours begin at a quarter of ours.
_QUARTER_S = 900
_LOOKS = ("lang", "theme", "look")
# Readers with one of these get pages of their own; a part of a page is not the page.
_OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
_OWN_HEADERS = ("HTTP_HX_REQUEST", "HTTP_AUTHORIZATION", "HTTP_RANGE")

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[Any, ...]


class Kept(NamedTuple):
    """A page as it went out, the quarter of an hour it was drawn in, and what to ask before it goes out again."""

    quarter: int
    holds: Callable[[], bool]
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


class KeptPages:
    """A WSGI application that answers from its store where it can, and keeps what may be kept."""

    def __init__(self, application: Application, most_bytes: int = MOST_BYTES) -> None:
        self._application = application
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._room = most_bytes
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer one request."""
        key = key_of(environ)
        if key is None:
            return self._application(environ, start_response)
        # Taken before the drawing: a page that is drawn as the quarter turns belongs to the old one.
        kept, quarter = self._pages.get(key), int(time.time()) // _QUARTER_S
        if kept is not None and kept.quarter == quarter and _holds(kept):
            return _shown(kept, environ, start_response)
        response = self._application(environ, start_response)
        if isinstance(response, HttpResponse) and hasattr(response, "kept_while"):
            self._keep(key, response, quarter)
        return response

    def _keep(self, key: Key, response: HttpResponse, quarter: int) -> None:
        if response.status_code != HTTPStatus.OK or response.cookies:
            return
        kept = Kept(
            quarter,
            response.kept_while,  # type: ignore[attr-defined]
            list(response.items()),
            response.get("ETag", ""),
            response.content,
        )
        with self._lock:
            old = self._pages.pop(key, None)
            self._room += len(old.body) if old else 0
            self._pages[key] = kept
            self._room -= len(kept.body)
            while self._room < 0:
                self._room += len(self._pages.popitem(last=False)[1].body)


def key_of(environ: Mapping[str, Any]) -> Key | None:
    """All that a visitor's page depends on besides its rows and the time; None for a request that is nobody else's."""
    if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in _OWN_HEADERS):
        return None
    raw = environ.get("HTTP_COOKIE")
    cookies = parse_cookie(raw) if raw else {}
    if any(name in cookies for name in _OWN_COOKIES):
        return None
    return (
        environ.get("HTTP_HOST"),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING"),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO"),
        "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""),
        *(cookies.get(name) for name in _LOOKS),
    )


def _holds(kept: Kept) -> bool:
    try:
        return kept.holds()
    except DatabaseError:
        return False  # Django will meet the same trouble and has a page for it
    finally:
        close_old_connections()


def _shown(kept: Kept, environ: Environ, start_response: Start) -> Iterable[bytes]:
    if _is_known(kept.etag, environ.get("HTTP_IF_NONE_MATCH")):
        start_response("304 Not Modified", [one for one in kept.headers if one[0] not in _OF_A_BODY])
        return ()
    start_response("200 OK", list(kept.headers))
    return (kept.body,)


def _is_known(etag: str, held: str | None) -> bool:
    """Whether the reader's browser holds this page already; packed for the way or not, it is the same page."""
    return bool(held and etag) and etag.removeprefix("W/") in {
        one.removeprefix("W/") for one in parse_etags(held or "")
    }


_OF_A_BODY = frozenset({"Content-Length", "Content-Type", "Content-Encoding", "Content-Language"})
