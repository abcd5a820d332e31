"""The desk of a witness: `POST /add-checkpoint` for logs, `GET /` for everybody. A small WSGI application.

It needs neither Django nor its database, and writes down nothing about who asks.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from typing import Any

from veche.commons.journal.adapters.witness_book import WitnessBook
from veche.commons.journal.ports import LogKey
from veche.commons.journal.rules import notes, witnessing
from veche.commons.journal.rules.notes import COSIGNING, Verifier
from veche.commons.journal.rules.witnessing import MOST_BYTES, SIZE_TYPE, Kind

PER_S, AT_ONCE = 20.0, 100.0
_STRANGERS = 10_000
_TEXT = "text/plain; charset=utf-8"
_SAID = {
    HTTPStatus.NOT_FOUND: "this log is not watched here\n",
    HTTPStatus.FORBIDDEN: "the checkpoint has no signature of the log\n",
    HTTPStatus.UNPROCESSABLE_ENTITY: "the proof does not show that the log only grew\n",
}
log = logging.getLogger(__name__)

Start = Callable[[str, list[tuple[str, str]]], Any]
Reply = tuple[HTTPStatus, str, str]


class Turnstile:
    """Lets everybody ask so many times a second; who asks is kept in memory for that only."""

    def __init__(self, per_s: float = PER_S, at_once: float = AT_ONCE) -> None:
        """Units: requests a second; requests at once."""
        self._per_s, self._at_once = per_s, at_once
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def admits(self, who: str, *, clock: float) -> bool:
        """Whether one more request of somebody is in order. `clock` is a steady count of seconds."""
        with self._lock:
            left, since = self._left.pop(who, (self._at_once, clock))
            left = min(self._at_once, left + (clock - since) * self._per_s)
            self._left[who] = (max(0.0, left - 1), clock)
            while len(self._left) > _STRANGERS:
                del self._left[next(iter(self._left))]
            return left >= 1


class Desk:
    """Answers logs and readers."""

    def __init__(
        self,
        book: WitnessBook,
        key: LogKey,
        *,
        now: Callable[[], datetime],
        turnstile: Turnstile | None = None,
    ) -> None:
        """`now` is asked for the time of each cosignature."""
        self._book, self._key, self._now = book, key, now
        self._own = Verifier(key.name, key.public, COSIGNING)
        self._turnstile = turnstile or Turnstile()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer one request."""
        status, kind, text = self._guarded(environ)
        body = text.encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _guarded(self, environ: dict[str, Any]) -> Reply:
        if not self._turnstile.admits(environ.get("REMOTE_ADDR", ""), clock=time.monotonic()):
            return HTTPStatus.TOO_MANY_REQUESTS, _TEXT, "too many requests, please come back in a minute\n"
        try:
            return self._answered(environ)
        except (sqlite3.Error, OSError) as error:
            log.error("the witness cannot keep its book: %s", type(error).__name__)  # noqa: TRY400 - no traceback wanted
            return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, "the witness cannot write just now\n"

    def _answered(self, environ: dict[str, Any]) -> Reply:
        asks = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if asks == ("POST", "/add-checkpoint"):
            return self._add_checkpoint(environ)
        if asks in {("GET", "/"), ("HEAD", "/")}:
            return HTTPStatus.OK, "application/json", self._about()
        if asks[1] in {"/", "/add-checkpoint"}:
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, "not like this\n"
        return HTTPStatus.NOT_FOUND, _TEXT, "not found\n"

    def _add_checkpoint(self, environ: dict[str, Any]) -> Reply:
        body = b"".join(_read(environ["wsgi.input"]))
        if len(body) > MOST_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TEXT, "the request is too large\n"
        try:
            asked = witnessing.read(body)
        except ValueError as wrong:
            return HTTPStatus.BAD_REQUEST, _TEXT, f"{wrong}\n"
        now = self._now()
        answer = self._book.consider(asked, now=now)
        if answer.evidence is Kind.FORK:
            log.critical("%s has signed two different logs of one size", asked.checkpoint.origin)
        if answer.status is HTTPStatus.OK:
            signature = notes.cosigned(asked.note.text, self._own, self._key, at=int(now.timestamp()))
            return HTTPStatus.OK, _TEXT, str(signature)
        if answer.size is not None:
            return answer.status, SIZE_TYPE, f"{answer.size}\n"
        return answer.status, _TEXT, _SAID[answer.status]

    def _about(self) -> str:
        logs = [
            {
                "origin": one.origin,
                "keys": one.keys,
                "size": one.size,
                "root": notes.encoded(one.root),
                "cosigned_at": one.cosigned_at.isoformat() if one.cosigned_at else None,
            }
            for one in self._book.watched()
        ]
        evidence = [
            {
                "origin": one.origin,
                "kind": one.kind,
                "at": one.at.isoformat(),
                "known": one.known,
                "offered": one.offered,
            }
            for one in self._book.evidence()
        ]
        about = {"v": 1, "name": self._own.name, "key": str(self._own), "logs": logs, "evidence": evidence}
        return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def _read(stream: Any) -> Iterator[bytes]:
    """What was sent, as far as it may go: one octet more tells that it is too much."""
    left = MOST_BYTES + 1
    while left > 0 and (part := stream.read(left)):
        yield part
        left -= len(part)
