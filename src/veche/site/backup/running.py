"""Whether somebody is at work in this house, so that nothing is put under their feet."""

from datetime import datetime
from pathlib import Path

from django.db import connection

from veche.site import heartbeat, server
from veche.site.failure import Failure


def refuse_running(now: datetime) -> None:
    """Make sure that neither server nor worker runs here, and that nobody has the database open.

    Refuses: a Failure that names who does.
    """
    try:
        server.check_port()
    except Failure as error:
        raise Failure("the server is running. Stop it first; nothing was changed.") from error
    seen = heartbeat.age_s(now)
    if seen is not None and seen < heartbeat.FRESH_S:
        raise Failure(
            f"the worker is running, or was killed less than {heartbeat.FRESH_S} seconds ago. Stop it first; nothing "
            "was changed."
        )
    if _open_elsewhere():
        raise Failure("another program has the database open. Stop it first; nothing was changed.")


def _open_elsewhere() -> bool:
    if connection.vendor == "sqlite":
        from veche.site.backup import sqlite

        connection.close()
        return sqlite.in_use(Path(connection.settings_dict["NAME"]))
    import psycopg

    from veche.site.backup import postgresql

    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    with psycopg.connect(**postgresql.plain(connection.get_connection_params())) as asking:
        return postgresql.others_connected(asking) > 0
