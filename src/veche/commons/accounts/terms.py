"""The words of accounts: roles, levels of verification, and who is acting."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID


class Level(IntEnum):
    """How far a person is verified."""

    ANONYMOUS = 0
    CONTACT = 1
    RESIDENT = 2
    STATE_IDENTITY = 3


class Role(StrEnum):
    """What a person may be besides a citizen, always in one city."""

    OFFICER = "officer"
    DISPATCHER = "dispatcher"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a city; an officer holds it for one office."""

    role: Role
    city_id: UUID
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: all that rules and access may ask of a person.

    The system itself acts as `SYSTEM`; a visitor as `VISITOR`.
    """

    person_id: UUID | None = None
    level: Level = Level.ANONYMOUS
    grants: frozenset[Grant] = field(default_factory=frozenset)
    is_system: bool = False

    def has_role(self, role: Role, city_id: UUID) -> bool:
        """Whether the actor holds the role in the city."""
        return any(grant.role is role and grant.city_id == city_id for grant in self.grants)

    def answers_for(self, office_id: UUID | None) -> bool:
        """Whether the actor is an officer of this office."""
        return office_id is not None and any(
            grant.role is Role.OFFICER and grant.office_id == office_id for grant in self.grants
        )


VISITOR = Actor()
SYSTEM = Actor(is_system=True, level=Level.STATE_IDENTITY)
