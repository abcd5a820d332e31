"""How a rule says no: a code, the field it concerns, and the figures of its sentence."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done.

    `code` is `<room>.<reason>`; the room's `SENTENCES` holds the sentence people read.
    `field` names the input it stands beside; empty means the whole form.
    """

    code: str
    field: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=lambda: NOTHING)


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Raised by services; carries every refusal at once so that a person mends all of them together."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order in which the rules gave them."""
        return tuple(refusal.code for refusal in self.refusals)


def refuse_if(answer: Refusal | Iterable[Refusal] | None) -> None:
    """Stop here when a rule refused.

    Refuses: what it was given, as `Refused`.
    """
    if answer is None:
        return
    refusals = (answer,) if isinstance(answer, Refusal) else tuple(answer)
    if refusals:
        raise Refused(*refusals)
