"""Who may do what with photographs; what is not named here nobody may."""

from uuid import UUID

from veche.commons.accounts.terms import Actor, Role


def may_hide(actor: Actor, city_id: UUID) -> bool:
    """Moderators of the city, its administrators, and the system itself."""
    return (
        actor.is_system
        or actor.has_role(Role.MODERATOR, city_id)
        or actor.has_role(Role.ADMINISTRATOR, city_id)
    )
