"""The words of offices: who answers for what, when they work, and who speaks for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.words import N_

OFFICE = "offices.office"
FROM_PACK, FROM_DISPATCHER = "pack", "dispatcher"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An authority, agency or contractor. `hours` maps `mon`..`sun` to `09:00-18:00`."""

    id: UUID
    code: str
    kind: str
    names: Mapping[str, str]
    parent_id: UUID | None
    hours: Mapping[str, str]
    channels: Mapping[str, str]
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CompetenceRow:
    """One line of the routing table; an empty category or place means every one."""

    office_id: UUID
    office_code: str
    category: str
    place_id: UUID | None
    origin: str
    valid_from: date | None
    valid_until: date | None
    id: UUID


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """A city's offices and their competences, former and coming ones too: old rows still name them."""

    offices: Mapping[UUID, OfficeView]
    competences: tuple[CompetenceRow, ...]

    def at(self, day: date) -> "Directory":
        """What holds on a local day; a competence of an office that does not exist then is left out."""
        offices = {id_: office for id_, office in self.offices.items() if _holds(office, day)}
        lines = tuple(row for row in self.competences if row.office_id in offices and _holds(row, day))
        return replace(self, offices=offices, competences=lines)

    def by_code(self, code: str) -> OfficeView | None:
        """One office by its code."""
        return next((office for office in self.offices.values() if office.code == code), None)

    def line_above(self, office_id: UUID) -> tuple[OfficeView, ...]:
        """An office and all it is part of, from itself up."""
        steps: list[OfficeView] = []
        step = self.offices.get(office_id)
        while step is not None and step not in steps:
            steps.append(step)
            step = self.offices.get(step.parent_id) if step.parent_id else None
        return tuple(steps)


@dataclass(frozen=True, slots=True)
class OfficerView:
    """A person who answers for an office, in a named post."""

    person_id: UUID
    office_id: UUID
    post: Mapping[str, str]
    is_head: bool
    since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLearned(Fact):
    """A dispatcher said that what is of this category in this place always goes to this office."""

    category: str
    office: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAppointed(Fact):
    """Somebody began to answer for an office; who it is stays out of the journal."""

    office: str
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDismissed(Fact):
    """Somebody no longer answers for an office."""

    office: str
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesLoaded(Fact):
    """A city pack changed offices or competences. `ref` names the city."""

    offices: int
    competences: int


SENTENCES: dict[str, str] = {
    "offices.unknown-office": N_("This office is not in the city's directory. Please choose another."),
    "offices.unknown-place": N_("This place is not in the city. Please choose another."),
    "offices.may-not-teach": N_("Only a dispatcher or an administrator of the city may teach a route."),
    "offices.may-not-appoint": N_("Only an administrator of the city may appoint or dismiss officers."),
    "offices.already-there": N_("This person already answers for the office."),
    "offices.not-an-officer": N_("This person does not answer for the office."),
    "offices.RouteLearned": N_("Reports of “%(category)s” now always go to %(office)s."),
    "offices.OfficerAppointed": N_("An officer of %(office)s was appointed."),
    "offices.OfficerDismissed": N_("An officer of %(office)s was dismissed."),
    "offices.OfficesLoaded": N_(
        "The city pack was loaded: %(offices)s offices, %(competences)s competences."
    ),
}


def _holds(row: OfficeView | CompetenceRow, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_until is None or day < row.valid_until
    )
