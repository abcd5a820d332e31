"""A deployment over HTTP: patient for a while, never led to another host, never fed without end."""

import http.client
import ssl
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from veche.commons.journal.ports import Broken, Unreachable

_TIMEOUT_S = 30.0
_TRIES = 4
_MOST_REDIRECTS = 3
_WAIT_S = 0.5
_AGENT = "veche-journal-verify/1"
_MOVED = {301, 302, 307, 308}
_LATER = {429, 502, 503, 504}
_CHUNK = 1 << 16


class HttpDeployment:
    """Reads over one connection that is kept open, http and https only."""

    def __init__(
        self, url: str, *, timeout_s: float = _TIMEOUT_S, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Raises ValueError when the address is none of http or https."""
        parts = urlsplit(url.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("the address must read https://host or http://host")
        if parts.username or parts.password:
            raise ValueError("the address must not hold a name or a password")
        self._base, self._prefix = f"{parts.scheme}://{parts.netloc}", parts.path
        self._timeout_s, self._pause = timeout_s, pause
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, most: int) -> bytes | None:
        """The content of an address; None when there is none."""
        target = self._prefix + path
        for _ in range(_MOST_REDIRECTS + 1):
            status, moved_to, content = self._patiently(target, most)
            if status in _MOVED and moved_to:
                target = self._followed(target, moved_to)
                continue
            if status in {404, 410}:
                return None
            if status == http.client.OK:
                return content
            if status == http.client.INTERNAL_SERVER_ERROR:
                raise Broken(f"{self._base}{target} answers {status}")
            raise Unreachable(f"{self._base}{target} answers {status}")
        raise Unreachable(f"{self._base}{path} leads in circles")

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _patiently(self, target: str, most: int) -> tuple[int, str, bytes]:
        why = ""
        for turn in range(_TRIES):
            if turn:
                self._pause(_WAIT_S * 2 ** (turn - 1))
            try:
                answer = self._once(target, most)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if isinstance(error, ssl.SSLCertVerificationError):
                    raise Unreachable(f"the certificate of {self._base} is not to be believed") from error
                why = str(error) or type(error).__name__
                continue
            if answer[0] not in _LATER:
                return answer
            why = f"it answers {answer[0]}"
        raise Unreachable(f"{self._base} does not answer: {why}")

    def _once(self, target: str, most: int) -> tuple[int, str, bytes]:
        connection = self._connection or self._opened()
        connection.request("GET", target, headers={"User-Agent": _AGENT, "Accept": "*/*"})
        response = connection.getresponse()
        content = bytearray()
        while chunk := response.read(_CHUNK):
            content += chunk
            if len(content) > most:
                self.close()
                raise Unreachable(f"{self._base}{target} answers more than {most} bytes")
        if response.will_close:
            self.close()
        return response.status, response.headers.get("Location", ""), bytes(content)

    def _opened(self) -> http.client.HTTPConnection:
        parts = urlsplit(self._base)
        assert parts.hostname
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=self._timeout_s)
        return self._connection

    def _followed(self, target: str, location: str) -> str:
        """Where a redirect leads: on the same host, or from http to its https."""
        parts, own = urlsplit(urljoin(self._base + target, location)), urlsplit(self._base)
        safer = own.scheme == "http" and parts.scheme == "https" and parts.hostname == own.hostname
        if not safer and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise Unreachable(f"{self._base}{target} leads to another host")
        if safer:
            self.close()
            self._base = f"https://{parts.netloc}"
        return parts.path + (f"?{parts.query}" if parts.query else "")
