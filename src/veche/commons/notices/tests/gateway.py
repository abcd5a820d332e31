"""A provider of text messages as small as can be: it listens on a free port and keeps what it is given, by its key."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Provider(ThreadingHTTPServer):
    """Knows a message by its key. Says no to numbers that end with 00 (for good), 11 (for now), 22 (it is closed).

    `cut` messages are taken, but their answer never arrives; `moved` answers come from elsewhere.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.sent: dict[str, tuple[str, str]] = {}
        self.asked: list[str] = []
        self.token = ""
        self.cut = 0
        self.moved = False
        self.hangs_s = 0.0

    def handle_error(self, *_: object) -> None:
        """Who asked may have gone before the answer: that is what some tests are about."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/messages"


class _Desk(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        provider = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        provider.asked.append(key)
        provider.token = self.headers.get("Authorization", "")
        time.sleep(provider.hangs_s)
        if provider.moved:
            self.send_response(302)
            self.send_header("Location", provider.url)
            self.end_headers()
            return
        status = {"00": 400, "11": 429, "22": 503}.get(body["to"][-2:], 202)
        if status == 202:
            provider.sent.setdefault(key, (body["to"], body["text"]))
            if provider.cut:
                provider.cut -= 1
                self.close_connection = True
                self.connection.close()
                return
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    """Listen while the test runs."""
    with Provider() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
