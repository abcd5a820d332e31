"""What every command does first that needs the house: wake it, and say in one sentence what it lacks."""

from veche.site.failure import Failure

_PATIENCE_S = 5


def wake(*, tables: bool = False, mending: bool = False) -> None:
    """Start Django; with `tables`, make sure that the tables are there too. `mending` is for who restores the house.

    Refuses: a Failure when the data folder cannot be written, the database does not answer, its tables are old, or a
    restore was interrupted halfway.
    """
    import django

    django.setup()
    from veche.site import server

    server.ensure_data_dir()
    if not mending:
        _refuse_half_restored()
    _reach_the_database()
    if tables:
        server.migrated_or_fail()


def _refuse_half_restored() -> None:
    from veche.site.backup.layout import unfinished

    if unfinished().exists():
        raise Failure(
            "a restore was interrupted halfway. Run `veche restore --force` again, with the same archive."
        )


def _reach_the_database() -> None:
    """One connection outside of the pool: the pool would try for long, and tell only that it had to wait."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    import psycopg

    parameters = {"connect_timeout": _PATIENCE_S} | connection.get_connection_params()
    try:
        psycopg.connect(**parameters).close()
    except psycopg.Error as error:
        why = str(error).strip().partition("\n")[0]
        raise Failure(f"the database of DATABASE_URL does not answer: {why}.") from error
