"""Who may do what with photographs; what is not named here nobody may."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role


def may_see_sealed(actor: Actor, city_id: UUID, owner_id: UUID | None) -> bool:
    """Who sent the photograph, and whoever has a role in its city."""
    if actor.person_id is not None and actor.person_id == owner_id:
        return True
    return any(grant.city_id == city_id for grant in actor.grants)


def may_hide(actor: Actor, city_id: UUID) -> bool:
    """Moderators of the city, its administrators, and the system itself."""
    return (
        actor.is_system
        or actor.has_role(Role.MODERATOR, city_id)
        or actor.has_role(Role.ADMINISTRATOR, city_id)
    )
