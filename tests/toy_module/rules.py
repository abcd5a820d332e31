"""Pure answers about lanterns."""

from tests.toy_module.terms import NewLantern
from veche.commons.accounts.terms import Level
from veche.kernel.refusals import Refusal


def may_hang(new: NewLantern, level: Level) -> Refusal | None:
    """Say whether this lantern may be hung.

    Refuses: `toy_module.no-words`, `toy_module.level-too-low`.
    """
    if not new.words.strip():
        return Refusal("toy_module.no-words", "words")
    if level < Level.CONTACT:
        return Refusal("toy_module.level-too-low")
    return None
