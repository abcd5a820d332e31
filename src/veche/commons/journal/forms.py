"""The filter of the journal, out of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from veche.commons.journal import services
from veche.commons.journal.terms import CityChoice


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What the list shows. What an address says wrongly is left out, never an error."""

    city: CityChoice | None = None
    kind: str = ""
    subject_id: UUID | None = None
    before: UUID | None = None

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(map(bool, (self.city, self.kind, self.subject_id)))

    def address(self, **changes: object) -> str:
        """The address of the list with this filter and some changes to it."""
        values: dict[str, object] = {
            "city": self.city.code if self.city else "",
            "kind": self.kind,
            "subject": self.subject_id or "",
            **changes,
        }
        query = urlencode({key: str(value) for key, value in values.items() if value})
        return f"/journal?{query}" if query else "/journal"


def filter_of(asked: Mapping[str, str]) -> JournalFilter:
    """Read the filter from the query of an address."""
    code, kind = asked.get("city", ""), asked.get("kind", "")
    return JournalFilter(
        city=next((one for one in services.cities() if one.code == code), None),
        kind=kind if kind in services.known_kinds() else "",
        subject_id=_uuid(asked.get("subject", "")),
        before=_uuid(asked.get("before", "")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
