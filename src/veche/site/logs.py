"""What is written into logs, and how: lines for people, JSON in production, never anything about persons."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_QUERY = re.compile(r"\?[^\s\"'<>]+")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"',;]+")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d|8|\()[\d\s()-]{8,}\d(?![\w-])")
_KEY = re.compile(r"(/(?:confirm|unsubscribe)/)[^\s\"'<>]+")
_KEPT = {"level", "logger", "timestamp"}


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
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        structlog.processors.format_exc_info,
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
        },
    }
