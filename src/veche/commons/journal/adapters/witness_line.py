"""The way to witnesses: HTTP with a hard end, and a twin that talks to applications of this process."""

import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from veche.commons.journal.terms import WitnessReply

PATIENCE_S = 5.0
# Signatures of one witness are a few hundred octets; whoever sends more sends nonsense.
MOST_BYTES = 16 * 1024

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class HttpLine:
    """Asks over HTTP. No redirects, no more than a few kilobytes, and no longer than a few seconds in all."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        """Units: seconds for the whole exchange."""
        self._patience_s = patience_s

    def add_checkpoint(self, url: str, body: bytes) -> WitnessReply | None:
        """Ask a witness at its address to cosign; None when no whole answer came in time."""
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._patience_s)
        # A witness that sends an octet now and then would never run into the timeout of a single read.
        end = Timer(self._patience_s, _cut, [connection])
        end.daemon = True
        end.start()
        try:
            path = f"{parts.path.rstrip('/')}/add-checkpoint"
            connection.request("POST", path, body, {"Content-Type": "text/plain; charset=utf-8"})
            with connection.getresponse() as answer:
                content = answer.read(MOST_BYTES + 1)
                if len(content) > MOST_BYTES:
                    return None
                return WitnessReply(answer.status, answer.headers.get("Content-Type", ""), content)
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            end.cancel()
            connection.close()


class LocalLine:
    """Asks WSGI applications of this process, by their addresses; for tests and consoles."""

    def __init__(self, desks: Mapping[str, Application]) -> None:
        """An address that is not among them does not answer."""
        self._desks = dict(desks)

    def add_checkpoint(self, url: str, body: bytes) -> WitnessReply | None:
        """Ask a witness at its address to cosign; None when there is none."""
        desk = self._desks.get(url.rstrip("/"))
        if desk is None:
            return None
        said: list[Any] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/add-checkpoint",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body),
        }
        content = b"".join(desk(environ, lambda status, headers: said.extend((status, dict(headers)))))
        return WitnessReply(int(said[0].split()[0]), said[1].get("Content-Type", ""), content)


def _cut(connection: HTTPConnection) -> None:
    socket = connection.sock
    if socket is not None:
        with suppress(OSError):
            socket.shutdown(SHUT_RDWR)
