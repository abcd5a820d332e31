"""What a verification finds: each a weight, a code, and one plain sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from veche.commons.journal.rules.verifying.sentences import SENTENCES

Report = Callable[[int, int], None]


class Weight(StrEnum):
    """What a finding means: it holds, it is wrong, it could not be checked, or it is only worth knowing."""

    PROVEN = "proven"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `evidence` are signed notes that contradict each other or a promise."""

    weight: Weight
    code: str
    params: Mapping[str, object]
    evidence: tuple[str, ...] = ()

    def says(self, translated: Callable[[str], str] = str) -> str:
        """The sentence. Refuses: never."""
        return translated(SENTENCES[self.code]) % self.params


def proven(code: str, /, **params: object) -> Finding:
    """Something that holds. Refuses: never."""
    return Finding(Weight.PROVEN, code, params)


def wrong(code: str, /, *, evidence: tuple[str, ...] = (), **params: object) -> Finding:
    """Something that is not as it must be. Refuses: never."""
    return Finding(Weight.WRONG, code, params, evidence)


def unchecked(code: str, /, **params: object) -> Finding:
    """Something that could not be checked. Refuses: never."""
    return Finding(Weight.UNCHECKED, code, params)


def noted(code: str, /, **params: object) -> Finding:
    """Something worth knowing. Refuses: never."""
    return Finding(Weight.NOTE, code, params)


def told(moment: datetime) -> str:
    """A moment as people read it, in UTC. Refuses: never."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
