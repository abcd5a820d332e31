"""A mail server as small as can be: it listens on a free port and keeps what it is given."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from threading import Thread


class Sink(socketserver.ThreadingTCPServer):
    """Says no to addresses that begin with `no` (for good) or `later` (for now).

    The first `cut` letters are taken, but the line breaks before it says so. A server that `hangs` takes the call and
    says nothing.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0, *, hangs: bool = False) -> None:
        super().__init__(("127.0.0.1", port), _Silence if hangs else _Talk)
        self.letters: list[bytes] = []
        self.calls = 0
        self.cut = 0

    def ids(self) -> list[str]:
        """The Message-ID of every letter that came: what tells a provider that it has a letter already."""
        return [message_from_bytes(raw)["Message-ID"] for raw in self.letters]

    def handle_error(self, *_: object) -> None:
        """Who called may be gone: that is what some tests are about."""


class _Silence(socketserver.BaseRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.calls += 1
        self.request.settimeout(30)
        with suppress(OSError):
            self.request.recv(1)


class _Talk(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.calls += 1
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT" and b"<no" in line:
                self._say("550 nobody here")
            elif verb == b"RCPT" and b"<later" in line:
                self._say("450 come again")
            elif verb == b"DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
                if self.server.cut:
                    self.server.cut -= 1
                    return
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()).rstrip(b"\r\n") != b".":
            lines.append(line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def sink(port: int = 0, *, hangs: bool = False) -> Iterator[Sink]:
    """Listen while the test runs."""
    with Sink(port, hangs=hangs) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
