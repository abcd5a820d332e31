"""Who may change the directory. Default deny."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role


def may_teach(actor: Actor, city_id: UUID) -> bool:
    """Dispatchers and administrators of the city teach routes, and the system itself."""
    return actor.is_system or actor.has_role(Role.DISPATCHER, city_id) or may_appoint(actor, city_id)


def may_appoint(actor: Actor, city_id: UUID) -> bool:
    """Administrators of the city appoint and dismiss officers, and the system itself."""
    return actor.is_system or actor.has_role(Role.ADMINISTRATOR, city_id)
