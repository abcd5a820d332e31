"""The words of accounts: roles, levels of verification, and who is acting."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import ClassVar
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.words import N_

PERSON = "accounts.person"
GRANT = "accounts.grant"


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


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody wants to act upon, as far as access asks: its city, the office it lies with, its owner."""

    city_id: UUID | None = None
    office_id: UUID | None = None
    person_id: UUID | None = None


VISITOR = Actor()
SYSTEM = Actor(is_system=True, level=Level.STATE_IDENTITY)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the cabinet and the mail know one."""

    id: UUID
    email: str
    name: str
    language: str
    level: Level


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration; an empty role is a citizen. Its mail goes to a domain that never exists."""

    DOMAIN: ClassVar[str] = "@demo.invalid"

    id: UUID
    name: str
    language: str
    role: str

    @property
    def rank(self) -> int:
        """Where it stands in the list: the citizen first, then in the order of the roles."""
        return 0 if not self.role else 1 + list(Role).index(Role(self.role))

    @property
    def title(self) -> str:
        """The English name of the role, to be translated by the page."""
        return ROLE_TITLES[self.role]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Fact):
    """Somebody was given a role; who it is stays out of the journal."""

    role: str
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Fact):
    """Somebody no longer holds a role."""

    role: str
    office_id: UUID | None = None


ROLE_TITLES: dict[str, str] = {
    "": N_("Citizen"),
    Role.OFFICER: N_("Officer"),
    Role.DISPATCHER: N_("Dispatcher"),
    Role.MODERATOR: N_("Moderator"),
    Role.ADMINISTRATOR: N_("City administrator"),
}

SENTENCES: dict[str, str] = {
    "access.csrf": N_(
        "This call lacks its token: send the value of the cookie “csrftoken” in the header “X-CSRFToken” as well."
    ),
    "accounts.bad-email": N_("This does not look like an e-mail address. Please check it."),
    "accounts.closed": N_("This account is closed."),
    "accounts.unknown-language": N_("Please choose one of the languages."),
    "accounts.name-too-long": N_("Please shorten the name to %(limit)s characters."),
    "accounts.may-not-grant": N_("Only an administrator of this city may give or take roles."),
    "accounts.reason-missing": N_("Please say why: the reason is kept with the role."),
    "accounts.office-missing": N_("An officer answers for an office. Please choose one."),
    "accounts.office-not-asked": N_("This role is held for the whole city, not for an office."),
    "accounts.not-found": N_("There is no such account, or it is closed."),
    "accounts.still-serves": N_("This person still holds a role of the city. Take it back first."),
    "accounts.no-such-grant": N_("This person does not hold this role."),
    "accounts.RoleGranted": N_("A role was given: %(role)s."),
    "accounts.RoleRevoked": N_("A role was taken back: %(role)s."),
}
