"""What is written into logs, and how: lines for people, JSON in production, never anything about persons."""

import logging as standard
import re
import sys
from collections.abc import Iterator, MutableMapping
from traceback import extract_tb
from types import TracebackType
from typing import Any

import structlog

_QUERY = re.compile(r"\?[^\s\"'<>]+")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"',;]+")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d|8|\()[\d\s()-]{8,}\d(?![\w-])")
_KEY = re.compile(r"(/(?:confirm|unsubscribe)/)[^\s\"'<>]+")
_KEPT = {"level", "logger", "timestamp"}
_ACCESS = "granian.access"
# A query is not among them.
ACCESS_LINE = "%(status)d %(method)s %(path)s %(dt_ms).1f ms"
_MOST_FRAMES = 30
Event = MutableMapping[str, Any]


def tell_failure(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001 - structlog's signature
    """Say where something failed and of which class it was. What an exception says may be what somebody typed."""
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = failure_of(error)
    return event


def failure_of(error: BaseException) -> str:
    """Where it failed, and the classes of what was raised: what came first stands first."""
    return "\n".join(_told(error))


def tell_request(logger: object, method: str, event: Event) -> Event:  # noqa: ARG001 - structlog's signature
    """Let a line of the access log, as `ACCESS_LINE` writes it, name its figures."""
    if event.get("logger") == _ACCESS:
        status, method, rest = event["event"].split(" ", 2)
        path, ms, _ = rest.rsplit(" ", 2)
        event.update(event="request", status=int(status), method=method, path=path, ms=float(ms))
    return event


def scrub(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001 - structlog's signature
    """Take query strings, keys, addresses of mail and telephone numbers out of a line."""
    for key, value in event.items():
        if isinstance(value, str) and key not in _KEPT:
            event[key] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """The text without query strings, keys of links in mails, addresses of mail and telephone numbers."""
    return _PHONE.sub("<phone>", _EMAIL.sub("<e-mail>", _KEY.sub(r"\1…", _QUERY.sub("?…", text))))


def logging(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    # A line that cannot be written would be shown with all that was to go into it.
    standard.raiseExceptions = not as_json
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        tell_failure,
        *([tell_request] if as_json else []),
        scrub,
    ]
    shown: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": before,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would mail the request, with everything in it, to ADMINS.
            "django": {"handlers": [], "level": level, "propagate": True},
            # Whoever scans the internet asks for foreign hosts all day; the refusal is all they get.
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
            # The server's own lines go the same way as ours; whether there is a line for each request, it is told.
            "_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
            _ACCESS: {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        },
    }


def _error_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    yield from _places(error.__traceback__)
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    yield f"{type(error).__module__}.{type(error).__qualname__}{f' {state}' if state else ''}"


def _places(traceback: TracebackType | None) -> Iterator[str]:
    for frame in extract_tb(traceback)[-_MOST_FRAMES:]:
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
