"""The ceiling: a bare granian RSGI handler that runs the same SQL on the same database file and nothing else.

`BARE_STATEMENTS` names a JSON file: `{"/path": [[sql, params], ...]}`, captured from the real pages. A POST to `/file`
replays the statements of one filing, in one transaction, with fresh keys.
"""

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import uuid_utils

STATEMENTS: dict[str, list[list[Any]]] = json.loads(Path(os.environ["BARE_STATEMENTS"]).read_text())
DATABASE = os.environ["BARE_DATABASE"]
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-1000",
    "PRAGMA temp_store=MEMORY",
)
_local = threading.local()


def connection() -> sqlite3.Connection:
    """One connection a thread, with the same settings as the real server's."""
    if not hasattr(_local, "wire"):
        _local.wire = sqlite3.connect(DATABASE, isolation_level=None, timeout=20)
        for pragma in PRAGMAS:
            _local.wire.execute(pragma)
    wire: sqlite3.Connection = _local.wire
    return wire


def read(path: str) -> str:
    """Run a page's statements and write its rows out, one a line."""
    wire = connection()
    lines = []
    for sql, params in STATEMENTS[path]:
        lines += [" ".join(map(str, row)) for row in wire.execute(sql, params)]
    return "\n".join(lines)


def write() -> str:
    """Insert what one filing inserts, in one durable transaction, with keys of its own."""
    wire, fresh, serial = connection(), {}, None
    wire.execute("BEGIN IMMEDIATE")
    try:
        for sql, params in STATEMENTS["/file"]:
            values = [serial if value == "@serial" else _fresh(value, fresh) for value in params]
            cursor = wire.execute(sql, values)
            if "submissions_serial" in sql:
                serial = cursor.lastrowid
    except sqlite3.Error:
        wire.execute("ROLLBACK")
        raise
    wire.execute("COMMIT")
    return json.dumps({"serial": serial})


def _fresh(value: Any, fresh: dict[str, str]) -> Any:
    """A key the filing made becomes a new one, the same wherever it stands."""
    if isinstance(value, str) and value.startswith("@id:"):
        if value not in fresh:
            fresh[value] = UUID(bytes=uuid_utils.uuid7().bytes).hex
        return fresh[value]
    return value


async def app(scope: Any, proto: Any) -> None:
    """Answer one request."""
    if scope.method == "POST":
        await proto()
        proto.response_str(201, [("content-type", "application/json")], write())
    else:
        proto.response_str(200, [("content-type", "text/html; charset=utf-8")], read(scope.path))
