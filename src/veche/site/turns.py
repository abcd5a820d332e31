"""One request at a time computes; many may wait for a slow line.

Python threads that compute at once only take the interpreter from each other: four of them served half of what one
did. So whoever computes has the turn, and the others wait in line. What a slow line brings is read before the turn,
and a request with photographs, which waits for the darkroom, takes none. With PostgreSQL most of a request is waiting
for the database, so there as many have a turn as there are connections.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore, Lock, local

from veche.site.kept import Application, Environ, Start

# Larger bodies without photographs are refused by Django: it only has to see that they are larger.
MOST_READ = 4 * 1024 * 1024
# So many threads stay for those who only read pages, however many others wait for their uploads.
FOR_READERS = 4
# How long an upload waits for others before it is asked to come again.
PATIENCE_S = 5.0
_BUSY = (
    "Слишком много загрузок сразу. Ничего не потеряно: вернитесь назад и отправьте ещё раз через минуту.\n"
    "Too many uploads at once. Nothing was lost: go back and send it once more in a minute.\n"
).encode()


_mine = local()


class Turn:
    """What a thread holds while it computes; `with turn:` waits for it."""

    def __init__(self, count: int) -> None:
        self._free = Lock() if count == 1 else BoundedSemaphore(count)

    def __enter__(self) -> None:
        self._free.acquire()
        _mine.turn = self

    def __exit__(self, *_: object) -> None:
        _mine.turn = None
        self._free.release()


@contextmanager
def aside() -> Iterator[None]:
    """Let others compute while this thread waits for something; without a turn of its own it just waits.

    Nothing may be held across this that somebody who has the turn could wait for.
    """
    turn: Turn | None = getattr(_mine, "turn", None)
    if turn is None:
        yield
        return
    turn.__exit__()
    try:
        yield
    finally:
        turn.__enter__()


class Turns:
    """A WSGI application that gives the turn to one request after another.

    `turns` is how many may compute at once, `threads` how many requests the server hands in at once.
    """

    def __init__(self, application: Application, *, turns: int, threads: int) -> None:
        self._application = application
        self._turn = Turn(turns)
        self._uploads = BoundedSemaphore(max(1, threads - FOR_READERS))

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer one request."""
        length = environ.get("CONTENT_LENGTH")
        if not length or length == "0":
            with self._turn:
                return self._application(environ, start_response)
        if not self._uploads.acquire(timeout=PATIENCE_S):
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
            start_response("503 Service Unavailable", headers)
            return (_BUSY,)
        try:
            if environ.get("CONTENT_TYPE", "").startswith("multipart/"):
                return self._application(environ, start_response)
            if length.isdigit():
                environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(min(int(length), MOST_READ)))
        finally:
            self._uploads.release()
        with self._turn:
            return self._application(environ, start_response)
