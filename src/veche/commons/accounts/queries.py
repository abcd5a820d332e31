"""People, as plain rows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from veche.commons.accounts.models import Person, RoleGrant
from veche.commons.accounts.terms import VISITOR, Actor, DemoAccount, Grant, Level, PersonView, Role

# By hand: every request of a signed-in person asks this, and the ORM writes it anew each time.
_ACTOR = (
    "SELECT person.level, held.role, held.city_id, held.office_id, held.since_at, held.until_at"
    " FROM accounts_person person LEFT JOIN accounts_rolegrant held ON held.person_id = person.id"
    " WHERE person.id = %s AND person.is_active"
)

_SESSION_PERSON = (
    "SELECT password, name, email, language, level, created_at, last_login FROM accounts_person"
    " WHERE id = %s AND is_active"
)


def actor_of(person_id: UUID | None, *, now: datetime | None = None) -> Actor:
    """Who a person is when acting: level and the roles held at this moment, in one query.

    An unknown or closed account is a visitor.
    """
    if person_id is None:
        return VISITOR
    rows = _asked(_ACTOR, person_id)
    if not rows:
        return VISITOR
    moment = now or timezone.now()
    grants = frozenset(
        Grant(Role(role), _id_of(city), _id_of(office) if office else None)
        for _, role, city, office, since_at, until_at in rows
        if role is not None
        and _moment_of(since_at) <= moment
        and (until_at is None or moment < _moment_of(until_at))
    )
    return Actor(person_id=person_id, level=Level(rows[0][0]), grants=grants)


def person_of_session(person_id: UUID | str) -> Person | None:
    """The person a session names, unless the account is closed."""
    key = UUID(str(person_id))
    rows = _asked(_SESSION_PERSON, key)
    if not rows:
        return None
    password, name, email, language, level, created_at, last_login = rows[0]
    person = Person(
        id=key, password=password, name=name, email=email, language=language, level=level,
        created_at=_moment_of(created_at), last_login=last_login and _moment_of(last_login), is_active=True,
    )  # fmt: skip
    person._state.adding, person._state.db = False, connection.alias  # noqa: SLF001 - of every Django model
    return person


def person_by_email(email: str) -> Person | None:
    """The person with this address of mail, whatever its capitals."""
    return Person.objects.filter(email=email.strip().lower()).first()


def person_by_id(person_id: UUID) -> PersonView | None:
    """One person, for the cabinet and for mail."""
    return people_of([person_id]).get(person_id)


def people_of(person_ids: Iterable[UUID]) -> dict[UUID, PersonView]:
    """Several people at once. Names and addresses are for those who must know them, never for public pages."""
    rows = Person.objects.filter(id__in=list(person_ids), is_active=True)
    return {
        row[0]: PersonView(row[0], row[1], row[2], row[3], Level(row[4]))
        for row in rows.values_list("id", "email", "name", "language", "level")
    }


def role_holders(
    role: Role, city_id: UUID, office_id: UUID | None = None, *, now: datetime | None = None
) -> list[UUID]:
    """The people who hold a role in a city at this moment; of one office where it is given."""
    moment = now or timezone.now()
    rows = RoleGrant.objects.filter(_valid(moment), role=role, city_id=city_id, person__is_active=True)
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def grants_of(person_id: UUID, *, now: datetime | None = None) -> list[tuple[UUID, Grant]]:
    """The roles a person holds at this moment, each with the id of its row."""
    rows = RoleGrant.objects.filter(_valid(now or timezone.now()), person_id=person_id).order_by(
        "since_at", "id"
    )
    return [
        (id_, Grant(Role(role), city_id, office_id))
        for id_, role, city_id, office_id in rows.values_list("id", "role", "city_id", "office_id")
    ]


def demo_accounts() -> list[DemoAccount]:
    """One account per role, citizens first: for the sign-in page of a demonstration only."""
    now = timezone.now()
    seen: set[str] = set()
    found: list[DemoAccount] = []
    rows = Person.objects.filter(is_active=True, email__endswith=DemoAccount.DOMAIN).order_by(
        "created_at", "id"
    )
    for id_, name, language, role, since_at, until_at in rows.values_list(
        "id", "name", "language", "grants__role", "grants__since_at", "grants__until_at"
    ):
        held = role if role and since_at <= now and (until_at is None or now < until_at) else ""
        if held not in seen and bool(role) == bool(held):
            seen.add(held)
            found.append(DemoAccount(id_, name, language, held))
    return sorted(found, key=lambda account: account.rank)


def _asked(statement: str, person_id: UUID) -> list[tuple[Any, ...]]:
    """The rows of a statement about one person, as the driver gives them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [person_id if connection.features.has_native_uuid_field else person_id.hex])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _id_of(key: UUID | str) -> UUID:
    return UUID(hex=key) if isinstance(key, str) else key


def _moment_of(raw: datetime) -> datetime:
    return raw if raw.tzinfo else raw.replace(tzinfo=UTC)  # SQLite leaves out that it is UTC


def _valid(moment: datetime) -> Q:
    return Q(since_at__lte=moment) & (Q(until_at=None) | Q(until_at__gt=moment))
