"""The WSGI application that granian serves: static files first, then Django."""

import os
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veche.site.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - only after Django is set up

from veche.site.server import warm_up  # noqa: E402


def _say_no_sniffing(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


warm_up()
# Outside of Django: its middleware knows only the asynchronous way, which costs each page two changes of thread.
application = ServeStatic(
    _django,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    allow_all_origins=False,
    add_headers_function=_say_no_sniffing,
)
