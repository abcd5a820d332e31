"""Everything before the first request: folders, tables, static files, templates; and the server's command line."""

import contextlib
import gc
import hashlib
import importlib
import os
import socket
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from veche.site.failure import Failure
from veche.site.logs import ACCESS_LINE
from veche.site.rights import as_owner

_BACKLOG = 2048
# How many requests one worker holds at once; beyond it the kernel's queue waits, so a flood cannot fill the memory.
_IN_HAND = 512
_GRACE_S = 10
_COLLECT_AFTER = 20_000
_HEAPS = 2


def check() -> None:
    """Say in one sentence why this process could not serve, before it tries."""
    config = settings.CONFIG
    if config.web_workers > 1 and connection.vendor == "sqlite":
        raise Failure(
            "SQLite serves best with one writing web process. Leave VECHE_WEB_WORKERS at 1, or set DATABASE_URL to "
            "a PostgreSQL database."
        )
    ensure_data_dir()
    check_port()


def ensure_data_dir() -> None:
    """Make the data folder, or say that it cannot be written."""
    folder: Path = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Failure(
            f"the folder {folder} cannot be written ({error.strerror}). Choose another one with VECHE_DATA_DIR."
        ) from error


def check_port() -> None:
    """Say so when somebody else listens where we want to."""
    host, port = settings.CONFIG.host, settings.CONFIG.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise Failure(f"VECHE_HOST={host} is no address of this machine.") from error
        except OSError as error:
            raise Failure(
                f"{host}:{port} cannot be used ({error.strerror}). Is Veche running already? "
                f"Choose another port: VECHE_PORT={port + 1}."
            ) from error


def migrate(*, quiet: bool) -> None:
    """Bring the tables up to date; when they are, nothing is written."""
    with as_owner():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0 if quiet else 1)


def migrated_or_fail() -> None:
    """Say so when the tables are not up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Failure("the tables of the database are not up to date. Run `veche migrate` first.")


def collect_static() -> None:
    """Gather, stamp and compress the static files, but only when one of them changed."""
    stamp_file = settings.STATIC_ROOT / ".stamp"
    stamp = _static_stamp()
    if stamp_file.is_file() and stamp_file.read_text() == stamp:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp_file.write_text(stamp)


def warm_up() -> None:
    """Load every template, address and city now, so that the first reader does not wait for it."""
    from django.template import engines

    from veche.commons.places import queries as places

    importlib.import_module(settings.ROOT_URLCONF)
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in env.list_templates(extensions=["html", "txt", "xml", "svg"]):
        env.get_template(name)
    with contextlib.suppress(DatabaseError):  # tables may still be missing; then the page says so
        places.cities()
    connection.close()
    # What was loaded stays for good: the collector need not walk through it again and again while requests come in.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)


def turns() -> int:
    """How many requests of one process may compute at once: see `veche.site.turns`."""
    return 1 if connection.vendor == "sqlite" else int(settings.CONFIG.pool_size)


def environment() -> dict[str, str]:
    """What the server's process begins with.

    One request computes at a time, so a heap for each of its threads would only keep room that nobody uses.
    """
    return {"MALLOC_ARENA_MAX": str(_HEAPS), **os.environ}


def command(*, access_log: bool = False) -> list[str]:
    """The command line that serves this deployment."""
    config = settings.CONFIG
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", config.host, "--port", str(config.port)),
        *("--workers", str(config.web_workers), "--blocking-threads", str(config.web_threads)),
        *("--backlog", str(_BACKLOG), "--backpressure", str(_IN_HAND), "--no-ws"),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(_GRACE_S)),
        *("--log-level", "error", "--access-log" if access_log else "--no-access-log"),
        *("--access-log-fmt", ACCESS_LINE),
        "veche.site.wsgi:application",
    ]


def _static_stamp() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
