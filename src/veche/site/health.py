"""Whether this deployment lives (`/healthz`) and whether it is fit to serve (`/readyz`)."""

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from veche.commons.journal import queries as journal
from veche.site import heartbeat


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say in JSON whether the tables are up to date and the worker was seen lately."""
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        migrated = False
    try:
        refused_by = [one.name for one, state in journal.witnesses() if state.alarm]
    except (DatabaseError, OSError):
        refused_by = []
    seen = heartbeat.age_s(timezone.now())
    working = seen is not None and seen < heartbeat.FRESH_S
    body: dict[str, Any] = {
        "ready": migrated and working,
        "migrated": migrated,
        "worker": working,
        "worker_seen_s": seen,
        # Not a reason to stop serving: it is a reason to wake somebody.
        "refused_by_witnesses": refused_by,
    }
    return JsonResponse(body, status=200 if body["ready"] else 503)
