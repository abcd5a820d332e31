"""Saying a refusal in the reader's language: the site lends its voice to the floors below."""

from collections.abc import Callable

from veche.kernel.refusals import Refusal

Speaker = Callable[[Refusal], str]


def _bare(refusal: Refusal) -> str:
    return refusal.code


class _Voice:
    speaker: Speaker = staticmethod(_bare)


def speak_with(speaker: Speaker) -> None:
    """Say refusals with this from now on; the site calls it once, when the house starts."""
    _Voice.speaker = staticmethod(speaker)


def say(refusal: Refusal) -> str:
    """The sentence of a refusal in the language in force; its bare code where no site was started."""
    return _Voice.speaker(refusal)
