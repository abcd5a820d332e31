"""Who may work on cases: small predicates, joined; what none of them allows is denied."""

from typing import Any, Protocol, cast
from uuid import UUID

from rules.predicates import Predicate, predicate

from veche.commons.accounts.terms import Actor, Role
from veche.commons.casework.terms import ActorRole


class Held(Protocol):
    """What the predicates ask of a case or a template: its city and its office."""

    @property
    def city_id(self) -> UUID: ...  # noqa: D102 - the field of the row

    @property
    def office_id(self) -> UUID | None: ...  # noqa: D102 - the field of the row


def _predicate(function: Any) -> Predicate:
    return cast("Predicate", predicate(function))  # type: ignore[no-untyped-call]


@_predicate
def answers_here(actor: Actor, held: Held) -> bool:
    """Whether the actor is an officer of the office that has it."""
    return actor.answers_for(held.office_id)


@_predicate
def dispatches_here(actor: Actor, held: Held) -> bool:
    """Whether the actor is a dispatcher of its city."""
    return actor.has_role(Role.DISPATCHER, held.city_id)


@_predicate
def administers_here(actor: Actor, held: Held) -> bool:
    """Whether the actor is an administrator of its city."""
    return actor.has_role(Role.ADMINISTRATOR, held.city_id)


@_predicate
def is_system(actor: Actor, held: Held) -> bool:  # noqa: ARG001 - the form of a predicate
    """Whether the system itself acts."""
    return actor.is_system


may_assign = answers_here | administers_here
may_hand_over = answers_here | dispatches_here
may_keep_templates = answers_here | administers_here | is_system

_ROLES = (
    (answers_here, ActorRole.OFFICER),
    (dispatches_here, ActorRole.DISPATCHER),
    (administers_here, ActorRole.ADMINISTRATOR),
    (is_system, ActorRole.SYSTEM),
)


def allows(rule: Predicate, actor: Actor, held: Held) -> bool:
    """Ask a predicate."""
    return bool(rule.test(actor, held))


def role_in(actor: Actor, held: Held) -> ActorRole:
    """As what the actor works on a case that a predicate let them work on."""
    return next((role for rule, role in _ROLES if allows(rule, actor, held)), ActorRole.CITIZEN)
