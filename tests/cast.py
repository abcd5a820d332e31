"""The people of the tests, and the small city they live in (`tests/packs/perm`).

The people are `Actor`s, as services want them; `person_of(alice)` is her row, `signed_in(alice)` her browser.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.shared import CHROMIUM, PACKS
from veche.commons.accounts.terms import Actor, Level, Role
from veche.kernel.geo import Point

SATURDAY_NOON = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)  # in Perm
IN_THE_WEST = Point(58.0, 56.1)
IN_THE_EAST = Point(58.0, 56.4)
OUTSIDE = Point(55.75, 37.62)


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_between_tests() -> Iterator[None]:
    """What the database refuses to empty in a city it must let go of between two tests of ours."""
    # In this order: on PostgreSQL nobody has loaded the other backend yet, and its halves import each other.
    from django.db.backends.sqlite3 import base  # noqa: F401, I001
    from django.db.backends.postgresql.operations import DatabaseOperations as Postgres
    from django.db.backends.sqlite3.operations import DatabaseOperations as Sqlite

    from tests import unguarded

    with unguarded.flushing(Sqlite, unguarded.sqlite), unguarded.flushing(Postgres, unguarded.postgres):
        yield


@pytest.fixture(autouse=True)
def _a_log_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes back after each test, so a folder of the log would know more than it."""
    from veche.commons.journal.adapters.folder import MemoryStore
    from veche.commons.journal.ports import EQUIPMENT

    monkeypatch.setattr(EQUIPMENT, "store", MemoryStore())


def pytest_report_header() -> str:
    """Say once why the browser tests are skipped."""
    return (
        "" if CHROMIUM else "no Chromium here: the browser tests are skipped (Debian: apt install chromium)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none."""
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="no Chromium here")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


@pytest.fixture
def now() -> datetime:
    """A Saturday, noon in Perm."""
    return SATURDAY_NOON


@pytest.fixture
def perm(db: None, now: datetime) -> Any:
    """The small city, loaded from its pack like any other: a `CityView`."""
    from veche.commons.places import queries as places
    from veche.kernel.pack import read_pack
    from veche.site.packs import load_pack

    load_pack(read_pack(PACKS / "perm"), now=now)
    return places.city_by_code("perm")


@pytest.fixture
def boston(db: None, now: datetime) -> Any:
    """A second city, in one language and on another continent: a city is only data."""
    from veche.commons.places import queries as places
    from veche.kernel.pack import read_pack
    from veche.site.packs import load_pack

    load_pack(read_pack(PACKS / "boston"), now=now)
    return places.city_by_code("boston")


@pytest.fixture
def office_id(perm: Any) -> Callable[[str], UUID]:
    """Find an office of the small city: `office_id("roads")`."""
    from veche.commons.offices.models import Office

    return lambda code: Office.objects.get(city_id=perm.id, code=code).id


@pytest.fixture
def place_id(perm: Any) -> Callable[[str], UUID]:
    """Find a place of the small city: `place_id("east")`."""
    from veche.commons.places.models import Place

    return lambda code: Place.objects.get(city_id=perm.id, code=code).id


@pytest.fixture
def alice(db: None, now: datetime) -> Actor:
    """A citizen with a confirmed e-mail."""
    return a_person("alice", now=now)


@pytest.fixture
def clara(db: None, now: datetime) -> Actor:
    """Another citizen, who reads English."""
    return a_person("clara", now=now, language="en")


@pytest.fixture
def boris(perm: Any, office_id: Callable[[str], UUID], now: datetime) -> Actor:
    """An officer of the roads department."""
    return an_officer("boris", perm, office_id("roads"), now=now)


@pytest.fixture
def olga(perm: Any, office_id: Callable[[str], UUID], now: datetime) -> Actor:
    """An officer of the parks department."""
    return an_officer("olga", perm, office_id("parks"), now=now)


@pytest.fixture
def dina(perm: Any, now: datetime) -> Actor:
    """The dispatcher."""
    return a_person("dina", now=now, role=Role.DISPATCHER, city_id=perm.id)


@pytest.fixture
def mila(perm: Any, now: datetime) -> Actor:
    """The moderator."""
    return a_person("mila", now=now, role=Role.MODERATOR, city_id=perm.id)


@pytest.fixture
def adele(perm: Any, now: datetime) -> Actor:
    """The administrator of the city."""
    return a_person("adele", now=now, role=Role.ADMINISTRATOR, city_id=perm.id)


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """Give somebody a browser in which they are signed in: `signed_in(alice, language="en")`."""

    def give(who: Actor, *, language: str = "ru") -> Client:
        client = Client()
        client.cookies["lang"] = language
        client.force_login(person_of(who), backend="veche.commons.accounts.adapters.SignIn")
        return client

    return give


@pytest.fixture
def deliver(db: None, now: datetime) -> Callable[..., int]:
    """Bring every recorded fact to those who listen, as the worker would; answers how many."""
    from veche.commons.journal.tasks import deliver_outbox

    def bring(at: datetime = now) -> int:
        total = 0
        while count := deliver_outbox(at):
            total += count
        return total

    return bring


def person_of(who: Actor) -> Any:
    """The row of a person of the cast."""
    from veche.commons.accounts.models import Person

    return Person.objects.get(pk=who.person_id)


def a_person(
    name: str,
    *,
    now: datetime,
    role: Role | None = None,
    city_id: UUID | None = None,
    office_id: UUID | None = None,
    level: Level = Level.CONTACT,
    language: str = "ru",
) -> Actor:
    """Make a person, with a role where one is given."""
    from veche.commons.accounts.models import Person, RoleGrant
    from veche.commons.accounts.queries import actor_of

    person = Person.objects.create(
        email=f"{name}@example.org", name=name.title(), level=level, language=language, created_at=now
    )
    if role:
        RoleGrant.objects.create(
            person=person, role=role, city_id=city_id, office_id=office_id, since_at=now, given_why="cast"
        )
    return actor_of(person.id, now=now)


def an_officer(name: str, city: Any, office_id: UUID, *, now: datetime) -> Actor:
    """Make an officer in a post."""
    from veche.commons.offices.models import Officer

    actor = a_person(name, now=now, role=Role.OFFICER, city_id=city.id, office_id=office_id)
    Officer.objects.create(
        office_id=office_id, person_id=actor.person_id, post={"ru": "Инженер", "en": "Engineer"}, since_at=now
    )
    return actor


def a_pothole(city: Any, **changes: Any) -> Any:
    """A pothole in the western district, ready to be filed; `changes` replace fields of `NewReport`."""
    from veche.kernel.ids import new_id
    from veche.modules.reports.terms import NewReport

    fields = {
        "id": new_id(),
        "city_id": city.id,
        "category": "pothole",
        "text": "Глубокая яма у перехода, машины объезжают по тротуару.",
        "point": IN_THE_WEST,
        "address": "улица Ленина, 10",
    }
    return NewReport(**(fields | changes))


@pytest.fixture(autouse=True)
def _russian_again() -> Iterator[None]:
    """A test that changed the language changes it for itself only."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _a_test_keeps_its_connection() -> Iterator[None]:
    """A request or a command that ends must not close the connection in which the test's own transaction runs.

    Django's test client takes the same care; here it holds for bare WSGI calls and for commands too. SQLite in memory
    never closes, so only PostgreSQL tells the difference.
    """
    from django.db import connections
    from django.db.backends.base.base import BaseDatabaseWrapper

    between_requests = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_testing(connection: Any) -> None:
        if not connection.in_atomic_block:
            between_requests(connection)

    def close_all() -> None:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = unless_testing
    connections.close_all = close_all
    yield
    del connections.close_all
    BaseDatabaseWrapper.close_if_unusable_or_obsolete = between_requests
