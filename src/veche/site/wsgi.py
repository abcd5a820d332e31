"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veche.site.settings")
application = get_wsgi_application()

from veche.site.server import warm_up  # noqa: E402 - only after Django is set up

warm_up()
