"""Collects the texts of a room from its Python files and its Jinja templates."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file

KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# As in veche.site.jinja: what the extractor cuts off a text must be what the environment cuts off.
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "trimmed": "true",
    "silent": "false",
    "encoding": "utf-8",
}
_NOT_OURS = {"tests", "migrations", "static", "locale"}


def collect(folder: Path) -> Catalog:
    """Every text of a room, without the places it stands at: those would change with every edit."""
    catalogue = Catalog(fuzzy=False, charset="utf-8")
    for path in _sources(folder):
        for _, message, comments, context in _messages(path):
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if (
            _NOT_OURS.isdisjoint(parts)
            and (path.suffix == ".py" or "jinja2" in parts[:-1])
            and path.is_file()
        ):
            yield path


def _messages(path: Path) -> list[Any]:
    if path.suffix == ".py":
        return list(extract_from_file("python", path, keywords=KEYWORDS, options={"encoding": "utf-8"}))
    return list(extract_from_file("jinja2.ext:babel_extract", path, keywords=KEYWORDS, options=JINJA))
