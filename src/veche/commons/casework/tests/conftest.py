"""A city with two offices, made by hand: no pack is needed here."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor, Grant, Role
from veche.commons.casework import services
from veche.commons.casework.models import Case
from veche.commons.casework.services import Moved
from veche.commons.casework.terms import ActorRole, Move
from veche.commons.casework.tests.bench import CALENDAR, REASONS, TERMS, WORKFLOW
from veche.commons.offices.models import Office, Officer
from veche.commons.places.models import City
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def monday() -> datetime:
    """Noon of a Monday in Perm."""
    return MONDAY


@pytest.fixture
def city(db: None) -> City:
    """A city without a pack."""
    return City.objects.create(
        code="town", names={"en": "Town"}, tz="Asia/Yekaterinburg", lat=58, lon=56, pack={}
    )


@pytest.fixture
def roads(city: City) -> Office:
    """The office that has the cases."""
    return Office.objects.create(city=city, code="roads", kind="authority", names={"en": "Roads"})


@pytest.fixture
def parks(city: City) -> Office:
    """The other office."""
    return Office.objects.create(city=city, code="parks", kind="authority", names={"en": "Parks"})


@pytest.fixture
def officer(city: City, roads: Office) -> Actor:
    """An officer of the roads office."""
    return an_officer("officer@example.org", roads)


@pytest.fixture
def author(db: None) -> Actor:
    """Who wrote what the case is about."""
    return Actor(person_id=Person.objects.create(email="author@example.org").id)


@pytest.fixture
def dispatcher(city: City) -> Actor:
    """The city's dispatcher."""
    person = Person.objects.create(email="dispatcher@example.org")
    return Actor(person_id=person.id, grants=frozenset({Grant(Role.DISPATCHER, city.id)}))


@pytest.fixture
def open_case(city: City, roads: Office) -> Callable[..., Case]:
    """Open a case, with the roads office unless said otherwise."""

    def give(now: datetime = MONDAY, **changes: Any) -> Case:
        values: dict[str, Any] = {"status": "routed", "office_id": roads.id, "terms": TERMS, **changes}
        ref = SubjectRef("toy.thing", new_id())
        return services.open_case(
            ref, city_id=city.id, workflow=WORKFLOW, calendar=CALENDAR, now=now, **values
        )

    return give


@pytest.fixture
def step(officer: Actor, author: Actor, dispatcher: Actor) -> Callable[..., Moved]:
    """Take a step in a role: `step(case, "answer", ActorRole.OFFICER, now, text=...)`."""
    people = {ActorRole.OFFICER: officer, ActorRole.CITIZEN: author, ActorRole.DISPATCHER: dispatcher}

    def take(case_id: UUID, verb: str, role: ActorRole, now: datetime, **figures: Any) -> Moved:
        return services.move(
            case_id,
            Move(verb, **figures),
            workflow=WORKFLOW,
            by=people.get(role, Actor(is_system=True)),
            roles=frozenset({role}),
            calendar=CALENDAR,
            terms=TERMS,
            reasons=REASONS,
            now=now,
        )

    return take


def an_officer(email: str, office: Office) -> Actor:
    """Appoint somebody to an office."""
    person = Person.objects.create(email=email)
    Officer.objects.create(office=office, person=person, since_at=MONDAY)
    grant = Grant(Role.OFFICER, office.city_id, office.id)
    return Actor(person_id=person.id, grants=frozenset({grant}))
