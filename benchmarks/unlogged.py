"""The server, which files without a log when asked to: a fact is then its row of the public list and the outbox's.

Both ways in one process, because of two processes one is quicker than the other by where its memory happens to lie.
"""

import json
from collections.abc import Callable, Iterable
from threading import local
from typing import Any

from veche.site import wsgi

_served = wsgi.application  # Django is set up from here on

from benchmarks import plain
from django.db import DEFAULT_DB_ALIAS, connections

from veche.commons.journal import queries as proofs
from veche.commons.journal import services as journal
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.modules.reports import queries as reports

_OUTBOX = "INSERT INTO bench_outbox VALUES (%s, %s, 0, '')"
_asked = local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request, with the log or without."""
    _asked.without = "HTTP_X_WITHOUT_LOG" in environ
    return _served(environ, start_response)  # type: ignore[no-any-return]


def _either(logged: Callable[..., Any], unlogged: Callable[..., Any]) -> Callable[..., Any]:
    def act(*given: Any, **more: Any) -> Any:
        return (unlogged if _asked.without else logged)(*given, **more)

    return act


def _record(fact: Fact, **_private: Any) -> None:
    connection, key = connections[DEFAULT_DB_ALIAS], new_id().hex
    at = connection.ops.adapt_datetimefield_value(fact.at)
    city = fact.city_id.hex if fact.city_id else None
    body = json.dumps(fact.body(), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(plain.ROW, (key, fact.kind, fact.ref.kind, fact.ref.id.hex, city, at, body))
        cursor.execute(_OUTBOX, (key, at))


def _nothing(*_: Any, **_more: Any) -> None:
    return None


journal.record = _either(journal.record, _record)
proofs.promise_for = _either(proofs.promise_for, _nothing)
reports.private_of = _either(reports.private_of, _nothing)
