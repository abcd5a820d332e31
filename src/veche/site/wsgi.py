"""The WSGI application that granian serves: static files first, then whose turn it is, then kept pages, then Django."""

import os
from wsgiref.headers import Headers

import django
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veche.site.settings")
django.setup(set_prefix=False)

# Only after Django is set up:
from django.conf import settings  # noqa: E402

from veche.site.handler import Handler  # noqa: E402
from veche.site.kept import KeptPages  # noqa: E402
from veche.site.server import turns, warm_up  # noqa: E402
from veche.site.stopping import hear_signals  # noqa: E402
from veche.site.turns import Turns  # noqa: E402


def _say_no_sniffing(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


hear_signals()
warm_up()
# Outside of Django: its middleware knows only the asynchronous way, which costs each page two changes of thread.
application = ServeStatic(
    Turns(KeptPages(Handler()), turns=turns(), threads=settings.CONFIG.web_threads),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    allow_all_origins=False,
    add_headers_function=_say_no_sniffing,
)
