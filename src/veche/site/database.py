"""From a database address to Django's settings: SQLite in WAL, PostgreSQL with a pool."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_START = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA cache_size=-500;
PRAGMA temp_store=MEMORY;
"""


def database(url: str, data_dir: Path, pool_size: int) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:///path` or `postgres://user:pass@host/name`.

    Refuses: a ValueError with a sentence when the scheme is another.
    """
    if not url:
        return _sqlite(str(data_dir / "veche.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path[1:]) or ":memory:")
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(url, pool_size)
    raise ValueError(f"DATABASE_URL must begin with sqlite:/// or postgres://, not {parts.scheme}://")


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "veche.site.sqlite",
        "NAME": name,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_START},
    }


def _postgres(url: str, pool_size: int) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        # A question more per request, so that nobody meets a connection whose server is gone.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
