"""Who stands how to a report."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role
from veche.commons.casework.terms import ActorRole
from veche.kernel.refusals import Refusal
from veche.modules.reports.terms import OPEN

_BY_CITY = {
    Role.DISPATCHER: ActorRole.DISPATCHER,
    Role.MODERATOR: ActorRole.MODERATOR,
    Role.ADMINISTRATOR: ActorRole.ADMINISTRATOR,
}


def roles_of(
    actor: Actor, *, city_id: UUID, author_id: UUID | None, office_id: UUID | None
) -> frozenset[ActorRole]:
    """The roles in which an actor may move this report."""
    if actor.is_system:
        return frozenset({ActorRole.SYSTEM})
    roles = {ours for role, ours in _BY_CITY.items() if actor.has_role(role, city_id)}
    if actor.person_id is not None and actor.person_id == author_id:
        roles.add(ActorRole.CITIZEN)
    if actor.answers_for(office_id):
        roles.add(ActorRole.OFFICER)
    return frozenset(roles)


def may_join(status: str, *, actor: Actor, author_id: UUID | None) -> Refusal | None:
    """Say whether a person may join a report instead of repeating it.

    Refuses: `reports.own-report`, `reports.closed`.
    """
    if actor.person_id is not None and actor.person_id == author_id:
        return Refusal("reports.own-report")
    if status not in OPEN:
        return Refusal("reports.closed")
    return None
