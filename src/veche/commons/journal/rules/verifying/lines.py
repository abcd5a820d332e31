"""The lines of a log one by one: whether each is a fact in canonical form, and what their times say."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from veche.commons.journal.rules.canonical import canonical
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.rules.verifying.findings import Finding, noted, told, wrong
from veche.commons.journal.rules.verifying.memory import Memory
from veche.kernel.ids import made_at

# What clocks of two machines may differ by, and a transaction may last.
GRACE = timedelta(seconds=60)
_NEVER_YET = datetime.max.replace(tzinfo=UTC)
_FORM = {"at", "body", "city", "id", "kind", "private", "subject", "v"}


@dataclass(slots=True)
class Lines:
    """Every line that was read. `places` tells where a fact stands, `hashes` what its line hashes to.

    Units: delay_s is seconds.
    """

    now: datetime
    delay_s: int
    memory: Memory | None = None
    places: dict[UUID, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    facts: "list[dict[str, Any]] | None" = None
    _hashes: dict[int, Hash] = field(default_factory=dict)
    _positions: dict[Hash, int] = field(default_factory=dict)
    _latest: datetime | None = None
    _disordered: list[int] = field(default_factory=list)

    def visit(self, position: int, entry: bytes, leaf: Hash) -> None:
        """Take one line in."""
        self._hashes[position] = leaf
        try:
            fact = fact_of(entry)
        except ValueError as error:
            self.findings.append(wrong("entry.malformed", line=position + 1, why=error))
            return
        fact_id = UUID(fact["id"])
        if fact_id in self.places:
            first = self.places[fact_id] + 1
            self.findings.append(wrong("entry.twice", line=position + 1, fact=fact_id, first=first))
        else:
            self.places[fact_id] = position
        self._judge_time(position, written_at(fact_id))
        if self.facts is not None:
            self.facts.append(fact)

    def hash_at(self, position: int) -> Hash | None:
        """What the line at a place hashes to; None when it was not read."""
        return self._hashes.get(position)

    def place_of(self, leaf: Hash) -> int | None:
        """Where a line of this hash stands, among those that were read."""
        if len(self._positions) != len(self._hashes):
            self._positions = {one: position for position, one in self._hashes.items()}
        return self._positions.get(leaf)

    def are_all(self, size: int) -> bool:
        """Whether every line of a log of this size was read."""
        return len(self._hashes) == size

    def rest(self) -> list[Finding]:
        """What can only be said at the end. Refuses: never."""
        if not self._disordered:
            return []
        return [noted("entry.order", count=len(self._disordered), line=self._disordered[0] + 1)]

    def _judge_time(self, position: int, recorded: datetime) -> None:
        if recorded > self.now + GRACE:
            self.findings.append(wrong("entry.future", line=position + 1, at=told(recorded)))
            return
        patience = timedelta(seconds=self.delay_s) + GRACE
        if (
            self.memory
            and position >= self.memory.checkpoint.size
            and recorded < self.memory.seen_at - patience
        ):
            seen, at = told(self.memory.seen_at), told(recorded)
            self.findings.append(wrong("entry.late", line=position + 1, at=at, seen=seen, delay=self.delay_s))
        if self._latest is not None and recorded < self._latest - patience:
            self._disordered.append(position)
        self._latest = max(self._latest or recorded, recorded)


def written_at(fact_id: UUID) -> datetime:
    """When an id says that its fact was written; an id that holds no moment says: never yet.

    Units: UTC. Refuses: never.
    """
    try:
        return made_at(fact_id)
    except (ValueError, OverflowError, OSError):
        return _NEVER_YET


def fact_of(entry: bytes) -> dict[str, Any]:
    """The fact of a line.

    Refuses: never; raises ValueError when the line is no fact in canonical form.
    Source: RFC 8785.
    """
    try:
        fact = json.loads(entry)
        if not isinstance(fact, dict) or set(fact) != _FORM or canonical(fact) != entry:
            raise ValueError("it is not in the form of the log")
        UUID(fact["id"])
    except (UnicodeDecodeError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it is no JSON") from error
    return fact
