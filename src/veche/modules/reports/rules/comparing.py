"""What is shown of a report beside what the log tells of it, value by value."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from veche.commons.journal.rules.verifying.findings import Finding, told, wrong
from veche.modules.reports.rules.retelling import Story, is_known


def same(story: Story, name: str, shown: object, logged: object) -> Iterator[Finding]:
    """The finding that something is not what the log tells, where it tells anything."""
    if is_known(logged) and shown != logged:
        yield differs(story, name, shown=_plain(shown), logged=_plain(logged))


def differs(story: Story, name: str, *, shown: object, logged: object) -> Finding:
    """That something is shown in one way and logged in another."""
    return wrong(
        "report.differs", number=story.number, subject=story.subject, field=name, shown=shown, logged=logged
    )


def read(name: str, value: Any) -> Any:
    """A value out of the API: moments are moments again."""
    if value is not None and (name == "at" or name.endswith("_at")):
        return datetime.fromisoformat(value)
    return value


def cut(name: str, value: Any) -> Any:
    """Pages show moments to the millisecond."""
    found = read(name, value)
    return (
        found.replace(microsecond=found.microsecond // 1000 * 1000) if isinstance(found, datetime) else found
    )


def _plain(value: object) -> object:
    return told(value) if isinstance(value, datetime) else "-" if value is None else value
