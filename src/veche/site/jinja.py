"""The one Jinja environment: translations, addresses, dates and numbers in the reader's language."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined


def environment(**options: Any) -> Environment:
    """Build the environment; compiled templates are kept in the data folder between starts."""
    from django.conf import settings

    compiled = settings.DATA_DIR / "templates"
    compiled.mkdir(parents=True, exist_ok=True)
    options |= {"undefined": StrictUndefined, "auto_reload": False, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        bytecode_cache=FileSystemBytecodeCache(str(compiled)),
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {"static": static, "url": reverse}
    return env
