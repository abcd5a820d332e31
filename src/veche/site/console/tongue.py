"""In which language the console speaks to the operator: Russian where the terminal does, else English."""

import contextlib
import os

_PLACES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def tongue() -> str:
    """The language of the terminal, as far as the house knows it."""
    spoken = next(filter(None, (os.environ.get(place) for place in _PLACES)), "")
    return "ru" if spoken.lower().startswith("ru") else "en"


def in_tongue() -> contextlib.AbstractContextManager[None]:
    """Let the sentences of the rooms be said in the language of the terminal."""
    from django.utils import translation

    return translation.override(tongue())
