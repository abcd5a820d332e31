"""Implementations of `ports.SmsGateway`, and the choice between them by address (`VECHE_SMS_URL`)."""

import json
import sys
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, TextIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID

from veche.commons.notices.ports import PostClosed, PutOff, SmsGateway, Undeliverable

_TIMEOUT_S = 10
_ANSWER_MOST = 64 * 1024
# What speaks of the provider or of our contract with it, and says nothing about this message.
_CLOSED = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_LATER = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,  # another request with this key is still in hand there
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


def gateway_from(url: str, token: str) -> SmsGateway:
    """Choose a gateway: `console:`, `memory:`, or the address of a provider, `https://...`.

    Refuses: a ValueError with a sentence when the address is none of these.
    """
    scheme = urlsplit(url).scheme
    match scheme:
        case "console":
            return ConsoleGateway()
        case "memory":
            return MemoryGateway()
        case "http" | "https":
            return HttpGateway(url, token)
    raise ValueError(f"VECHE_SMS_URL must begin with console:, https:// or http://, not {scheme}:")


class HttpGateway:
    """Posts `{"key", "to", "text"}` as JSON, with the key in the header `Idempotency-Key` and the token as Bearer.

    A provider that speaks otherwise gets a small adapter of its own beside this one.
    """

    def __init__(self, url: str, token: str = "", *, timeout_s: float = _TIMEOUT_S) -> None:
        self._url, self._token, self._timeout_s = url, token, timeout_s
        # A redirect would turn the message into a question without a body, perhaps to somebody else.
        self._opener = build_opener(_NoRedirects)

    def send(self, key: UUID, number: str, text: str) -> None:
        """Hand over one message. Raises PostClosed, PutOff or Undeliverable; their words are codes and classes."""
        body = json.dumps({"key": str(key), "to": number, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(key)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        asked = Request(self._url, body, headers, method="POST")  # noqa: S310 - http(s) only, see gateway_from
        try:
            with self._opener.open(asked, timeout=self._timeout_s) as answer:
                answer.read(_ANSWER_MOST)
        except HTTPError as error:
            error.close()
            raise _by_status(error.code) from None
        except (OSError, HTTPException) as error:
            raise PostClosed(type(getattr(error, "reason", error)).__name__) from None


class ConsoleGateway:
    """Prints text messages so that a person can read them in the terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._seen: set[UUID] = set()

    def send(self, key: UUID, number: str, text: str) -> None:
        """Print one message, once for each key."""
        if key in self._seen:
            return
        self._seen.add(key)
        stream = self._stream or sys.stdout
        stream.write(f"\n✆  {number}\n   {text}\n\n")
        stream.flush()


class MemoryGateway:
    """Keeps text messages in a dictionary by their keys: for tests."""

    def __init__(self) -> None:
        self.sent: dict[UUID, tuple[str, str]] = {}

    def send(self, key: UUID, number: str, text: str) -> None:
        """Keep one message, once for each key."""
        self.sent.setdefault(key, (number, text))


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nobody; the answer becomes an error with its status."""
        return


def _by_status(status: int) -> PostClosed | PutOff | Undeliverable:
    if status in _CLOSED or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return PostClosed(str(status))
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return PutOff(str(status))
    return Undeliverable(str(status))
