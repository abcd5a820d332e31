"""Roles: given and taken with a reason, seen in one query."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from veche.commons.accounts import queries
from veche.commons.accounts.models import Person, RoleGrant
from veche.commons.accounts.services import (
    confirm_contact,
    grant_role,
    register,
    revoke_role,
    set_language,
    sweep_unconfirmed,
)
from veche.commons.accounts.terms import SYSTEM, VISITOR, Actor, Grant, Level, Role, RoleGranted, RoleRevoked
from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refused

CITY, ROADS = new_id(), new_id()
STRANGER = Actor(new_id(), grants=frozenset({Grant(Role.ADMINISTRATOR, new_id())}))  # of another city


class Journal(list[Fact]):
    """Keeps what is recorded."""

    def record(self, fact: Fact) -> UUID:
        self.append(fact)
        return new_id()


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def anna(db: None, now: datetime) -> Person:
    return register("anna@example.org", language="ru", now=now)


def test_registering_twice_is_one_account_whatever_the_capitals(anna: Person, now: datetime) -> None:
    assert register(" ANNA@Example.org ", language="en", now=now) == anna
    assert (anna.level, anna.has_usable_password()) == (Level.ANONYMOUS, False)


def test_confirming_is_news_only_once(anna: Person, now: datetime) -> None:
    assert confirm_contact(anna, now=now)
    assert not confirm_contact(anna, now=now)
    assert queries.actor_of(anna.id).level is Level.CONTACT


def test_confirming_does_not_lower_a_higher_level(anna: Person, now: datetime) -> None:
    Person.objects.update(level=Level.RESIDENT)
    confirm_contact(Person.objects.get(), now=now)
    assert queries.actor_of(anna.id).level is Level.RESIDENT


def test_a_role_is_given_once_with_its_reason_and_the_journal_names_nobody(
    anna: Person, now: datetime, journal: Journal
) -> None:
    grant = Grant(Role.OFFICER, CITY, ROADS)
    for _ in range(2):
        grant_role(anna, grant, by=SYSTEM, why="order 12", now=now, record=journal.record)
    (fact,) = journal
    assert isinstance(fact, RoleGranted)
    assert (fact.role, fact.office_id, fact.city_id) == ("officer", ROADS, CITY)
    assert str(anna.id) not in f"{fact.ref}{fact.body()}"
    assert RoleGrant.objects.get().given_why == "order 12"
    assert queries.actor_of(anna.id, now=now).answers_for(ROADS)


def test_a_role_that_was_taken_is_gone_and_can_be_given_again(
    anna: Person, now: datetime, journal: Journal
) -> None:
    grant = Grant(Role.MODERATOR, CITY)
    grant_role(anna, grant, by=SYSTEM, why="a", now=now, record=journal.record)
    later = now + timedelta(days=1)
    revoke_role(anna, grant, by=SYSTEM, why="left", now=later, record=journal.record)
    assert isinstance(journal[-1], RoleRevoked)
    assert queries.actor_of(anna.id, now=now).has_role(Role.MODERATOR, CITY)
    assert not queries.actor_of(anna.id, now=later).grants
    assert queries.role_holders(Role.MODERATOR, CITY, now=later) == []
    grant_role(anna, grant, by=SYSTEM, why="back", now=later, record=journal.record)
    assert queries.role_holders(Role.MODERATOR, CITY, now=later) == [anna.id]
    with pytest.raises(Refused):
        revoke_role(anna, Grant(Role.DISPATCHER, CITY), by=SYSTEM, why="x", now=later, record=journal.record)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((VISITOR, Grant(Role.MODERATOR, CITY), "x"), "accounts.may-not-grant"),
        ((STRANGER, Grant(Role.MODERATOR, CITY), "x"), "accounts.may-not-grant"),
        ((SYSTEM, Grant(Role.MODERATOR, CITY), " "), "accounts.reason-missing"),
        ((SYSTEM, Grant(Role.OFFICER, CITY), "x"), "accounts.office-missing"),
        ((SYSTEM, Grant(Role.MODERATOR, CITY, ROADS), "x"), "accounts.office-not-asked"),
    ],
)
def test_roles_are_not_given_by_anybody_nor_without_a_reason(
    anna: Person, now: datetime, journal: Journal, asked: tuple[Actor, Grant, str], code: str
) -> None:
    by, grant, why = asked
    with pytest.raises(Refused) as refused:
        grant_role(anna, grant, by=by, why=why, now=now, record=journal.record)
    assert refused.value.codes == (code,)
    assert journal == []


def test_who_is_acting_costs_one_query(
    anna: Person, now: datetime, journal: Journal, django_assert_num_queries: Callable[..., object]
) -> None:
    for role in (Role.MODERATOR, Role.DISPATCHER):
        grant_role(anna, Grant(role, CITY), by=SYSTEM, why="x", now=now, record=journal.record)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        actor = queries.actor_of(anna.id, now=now)
    assert {grant.role for grant in actor.grants} == {Role.MODERATOR, Role.DISPATCHER}


def test_a_closed_account_acts_as_a_visitor(anna: Person) -> None:
    Person.objects.update(is_active=False)
    assert queries.actor_of(anna.id) == VISITOR
    assert queries.actor_of(None) == VISITOR
    assert queries.actor_of(new_id()) == VISITOR


def test_a_language_the_house_does_not_speak_is_refused(anna: Person) -> None:
    with pytest.raises(Refused):
        set_language(anna.id, "tlh")


def test_accounts_nobody_confirmed_go_after_a_week_and_others_stay(
    anna: Person, now: datetime, journal: Journal
) -> None:
    confirm_contact(register("boris@example.org", language="ru", now=now), now=now)
    officer = register("olga@example.org", language="ru", now=now)
    grant_role(officer, Grant(Role.OFFICER, CITY, ROADS), by=SYSTEM, why="x", now=now, record=journal.record)
    assert sweep_unconfirmed(now + timedelta(days=7)) == 0
    assert sweep_unconfirmed(now + timedelta(days=7, seconds=1)) == 1
    assert set(Person.objects.values_list("email", flat=True)) == {"boris@example.org", "olga@example.org"}
