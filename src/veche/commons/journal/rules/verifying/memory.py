"""What a verifier remembers of a log between two looks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier

VERSION = 1


@dataclass(frozen=True, slots=True)
class Memory:
    """Who the log is, who watches it, and the last signed state of it that was proven. `seen_at` is when."""

    key: Verifier
    witnesses: tuple[Verifier, ...]
    needed: int
    note: str
    seen_at: datetime
    first_at: datetime

    @property
    def checkpoint(self) -> Checkpoint:
        """The state of the log that was seen last."""
        return Checkpoint.parse(Note.parse(self.note).text)

    def written(self) -> str:
        """The memory as a file keeps it. Refuses: never."""
        kept = {
            "v": VERSION,
            "origin": self.key.name,
            "key": str(self.key),
            "witnesses": [str(one) for one in self.witnesses],
            "witnesses_needed": self.needed,
            "checkpoint": self.note,
            "seen_at": self.seen_at.isoformat(),
            "first_seen_at": self.first_at.isoformat(),
        }
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def parse(cls, content: str) -> Self:
        """Read what a file kept.

        Refuses: never; raises ValueError when it is no memory, or one that nobody signed.
        """
        try:
            kept = json.loads(content)
            found = cls(
                Verifier.parse(kept["key"]),
                _keys(kept["witnesses"]),
                int(kept["witnesses_needed"]),
                kept["checkpoint"],
                datetime.fromisoformat(kept["seen_at"]),
                datetime.fromisoformat(kept["first_seen_at"]),
            )
            if kept["v"] != VERSION or not Note.parse(found.note).signed_by(found.key):
                raise ValueError("its checkpoint is not signed")
            assert found.checkpoint.size >= 0
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it lacks what it must hold") from error
        return found


def _keys(texts: Sequence[str]) -> tuple[Verifier, ...]:
    return tuple(map(Verifier.parse, texts))
