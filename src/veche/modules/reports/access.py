"""Who may do what with reports. Default deny."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role


def may_hide(actor: Actor, city_id: UUID) -> bool:
    """Moderators of the city hide and show reports."""
    return actor.has_role(Role.MODERATOR, city_id)


def may_see_hidden(actor: Actor, city_id: UUID, author_id: UUID | None) -> bool:
    """Moderators of the city and the author still see a hidden report."""
    return may_hide(actor, city_id) or (actor.person_id is not None and actor.person_id == author_id)


def may_route(actor: Actor, city_id: UUID) -> bool:
    """Dispatchers of the city give reports to offices."""
    return actor.has_role(Role.DISPATCHER, city_id)


def may_answer(actor: Actor, office_id: UUID | None) -> bool:
    """Officers answer for their own office."""
    return actor.answers_for(office_id)


def works_in(actor: Actor, city_id: UUID) -> bool:
    """Whether the actor has a workplace in the city."""
    return any(grant.city_id == city_id for grant in actor.grants)


def may_see_officers(actor: Actor, city_id: UUID) -> bool:
    """Names of officers are shown inside the offices only; the public sees posts."""
    return works_in(actor, city_id)


def may_import(actor: Actor, city_id: UUID) -> bool:
    """Administrators of the city, and the system itself at the console."""
    return actor.is_system or actor.has_role(Role.ADMINISTRATOR, city_id)
