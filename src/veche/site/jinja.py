"""The one Jinja environment: translations, addresses, dates and numbers in the reader's language."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from markupsafe import Markup

from veche.kernel.ids import number_of
from veche.kernel.words import bound, in_language
from veche.site import dates, described, errors, icons, qr, statuses, typography, wiring


def environment(**options: Any) -> Environment:
    """Build the environment; compiled templates are kept in the data folder between starts."""
    compiled = settings.DATA_DIR / "templates"
    compiled.mkdir(parents=True, exist_ok=True)
    options |= {
        "undefined": StrictUndefined,
        "auto_reload": settings.DEBUG,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "cache_size": -1,
    }
    env = Environment(  # noqa: S701 - autoescape stands in the settings and is checked there
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        bytecode_cache=FileSystemBytecodeCache(str(compiled)),
        **options,
    )
    # A text may be broken into lines in its template; the extractor joins them in the same way.
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        counted,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # A page says some fifty short texts; the general way through Jinja's context cost more than all the rest of it.
    env.globals |= {"gettext": said, "_": said}
    env.globals |= {
        "static": static,
        "url": url,
        "icon": icons.icon,
        "sprite": icons.sprite,
        "qr": qr.qr,
        "status_look": statuses.look,
        "error_words": errors.WORDS.__getitem__,
        "sentence": wiring.sentence,
        "filled": wiring.filled,
        "number_of": number_of,
        "due_words": dates.due_words,
        "left": dates.left,
    }
    env.filters |= {
        "day": dates.day,
        "boxed": boxed,
        "date": dates.date_of,
        "moment": dates.moment,
        "when": dates.when,
        "due_day": dates.due_day,
        "described": described.described,
        "number": typography.number,
        "number_of": number_of,
        "plural": typography.plural,
        "typo": typography.typo,
        "name": name,
        "sentence": wiring.sentence,
    }
    return env


def name(names: Mapping[str, str]) -> str:
    """Choose the name in the language in force."""
    return in_language(names, translation.get_language() or "ru")


def said(message: str, /, **figures: Any) -> Markup:
    """Say a text in the language in force; figures are escaped."""
    text = _said(translation.get_language() or "", message)
    return text % figures if figures or "%" in text else text


@lru_cache(maxsize=4096)
def _said(language: str, message: str) -> Markup:
    del language
    return Markup(translation.gettext(message))  # noqa: S704 - texts are ours, as templates are


def counted(one: str, many: str, n: int) -> str:
    """Choose the form of a sentence for a number; its figures stay with the words they count."""
    return bound(translation.ngettext(one, many, n))


def boxed(field: Any) -> str:
    """Say what kind of box a field of a Django form wants: `text`, `email`, `checkbox`, `select`, `textarea`..."""
    widget = field.field.widget
    return str(getattr(widget, "input_type", "") or type(widget).__name__.lower())


def url(route: str, *args: Any, kwargs: Mapping[str, Any] | None = None, **named: Any) -> str:
    """Write the address of a route. Lists of many rows should take the list's address once and add to it."""
    return _reverse(route, args, tuple((named | dict(kwargs or {})).items()))


@lru_cache(maxsize=8192)
def _reverse(route: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> str:
    return reverse(route, args=args or None, kwargs=dict(kwargs) or None)


@lru_cache(maxsize=256)
def static(path: str) -> str:
    """Write the address of a static file; its name holds the hash of its content."""
    return staticfiles_storage.url(path)
