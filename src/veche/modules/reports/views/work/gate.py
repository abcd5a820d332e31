"""Who comes into the workplace, and for which offices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from veche.commons.accounts.access import to_sign_in
from veche.commons.accounts.terms import Actor, Role
from veche.commons.offices import queries as offices
from veche.commons.offices.terms import OfficeView
from veche.commons.places.terms import CityView
from veche.modules.reports import access


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is working, in which city, for which offices."""

    actor: Actor
    city: CityView
    office_ids: tuple[UUID, ...]
    dispatches: bool
    moderates: bool
    administers: bool

    @property
    def offices(self) -> tuple[OfficeView, ...]:
        """The offices the person answers for."""
        known = offices.directory(self.city.id).offices
        return tuple(known[one] for one in self.office_ids if one in known)

    @property
    def person_id(self) -> UUID:
        """The person at the desk."""
        assert self.actor.person_id is not None
        return self.actor.person_id


View = Callable[..., HttpResponse]


def at_desk(view: View) -> View:
    """Let in only people with a role in the city; visitors are asked to sign in first.

    The view takes `(request, desk, ...)`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, city: str, **kwargs: Any) -> HttpResponse:  # noqa: ARG001 - the shell read it
        actor: Actor = request.actor  # type: ignore[attr-defined]
        here: CityView = request.city  # type: ignore[attr-defined]
        if actor.person_id is None:
            return to_sign_in(request)
        if not access.works_in(actor, here.id):
            raise PermissionDenied
        return view(request, desk_of(actor, here), **kwargs)

    return guarded


def desk_of(actor: Actor, city: CityView) -> Desk:
    """What somebody may do in a city, as the workplace asks it."""
    mine = sorted(
        grant.office_id
        for grant in actor.grants
        if grant.role is Role.OFFICER and grant.city_id == city.id and grant.office_id
    )
    return Desk(
        actor,
        city,
        tuple(mine),
        dispatches=access.may_route(actor, city.id),
        moderates=access.may_hide(actor, city.id),
        administers=access.may_appoint(actor, city.id),
    )
