"""Names for things on another floor: a row below never holds a key to a row above."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """The name of a thing: its kind (`reports.report`) and its id."""

    kind: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `kind:uuid` back.

        Refuses: never; raises ValueError when the text is no reference.
        """
        kind, separator, raw = text.partition(":")
        if not separator or not kind:
            raise ValueError(f"not a subject reference: {text!r}")
        return cls(kind, UUID(raw))
