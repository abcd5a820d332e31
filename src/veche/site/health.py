"""Whether this deployment lives (`/healthz`) and whether it is fit to serve (`/readyz`)."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from veche.commons.journal import queries as journal
from veche.site import heartbeat

_SILENT = "the database does not answer"
_OLD = "the tables are not up to date: run `veche migrate`"
_IDLE = f"no worker gave a sign of life for {heartbeat.FRESH_S} seconds: start `veche worker`"


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
    """Say in JSON what is wrong: the database, its tables, or a worker that was not seen lately."""
    try:
        executor = MigrationExecutor(connection)
        reached, migrated = True, not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        reached = migrated = False
    trouble, refused_by = _journal()
    seen = heartbeat.age_s(timezone.now())
    working = seen is not None and seen < heartbeat.FRESH_S
    wrong = [
        words
        for well, words in ((reached, _SILENT), (migrated or not reached, _OLD), (working, _IDLE))
        if not well
    ]
    body = {
        "ready": not wrong,
        "wrong": wrong,
        "database": reached,
        "migrated": migrated,
        "worker": working,
        "worker_seen_s": seen,
        # No reason to stop serving: a reason to wake somebody.
        "journal_stands_still": trouble,
        "refused_by_witnesses": refused_by,
    }
    return JsonResponse(body, status=503 if wrong else 200)


def _journal() -> tuple[str, list[str]]:
    """Why the log does not grow, if so, and which witnesses refuse it."""
    try:
        refused_by = [one.name for one, state in journal.witnesses() if state.alarm]
        return journal.sequencer_state().trouble, refused_by
    except (DatabaseError, OSError):
        return "", []
