"""What would make every request slower without anybody noticing."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.utils.module_loading import import_string


def test_every_middleware_can_work_synchronously():
    """One that cannot makes Django change threads twice for each request under WSGI."""
    for path in settings.MIDDLEWARE:
        assert getattr(import_string(path), "sync_capable", True), path


def test_the_chain_of_middleware_changes_no_thread(rf):
    handler = WSGIHandler()
    link, seen = handler._middleware_chain, 0
    while link is not None and seen < 50:
        assert type(link).__name__ not in {"AsyncToSync", "SyncToAsync"}
        link, seen = getattr(link, "get_response", None), seen + 1
