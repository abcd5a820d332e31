"""Who may do which verb: small predicates joined by `&`, `|` and `~`; what is not said is not allowed.

may_route = has_role(Role.DISPATCHER) | has_role(Role.ADMINISTRATOR)

@needs(may_route)
def queue(request, city): ...
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rules.predicates import Predicate

from veche.commons.accounts.terms import VISITOR, Actor, Level, Role, Target

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _asks(name: str, question: Callable[[Actor, Target | None], bool]) -> Predicate:
    return Predicate(question, name)


is_anybody = _asks("is_anybody", lambda _actor, _target: True)
is_signed_in = _asks("is_signed_in", lambda actor, _: actor.person_id is not None)
is_system = _asks("is_system", lambda actor, _: actor.is_system)
is_owner = _asks(
    "is_owner",
    lambda actor, target: bool(target and actor.person_id and actor.person_id == target.person_id),
)
answers_for_office = _asks(
    "answers_for_office", lambda actor, target: target is not None and actor.answers_for(target.office_id)
)


def has_level(level: Level) -> Predicate:
    """A person verified at least this far."""
    return _asks(
        f"has_level:{level.name}", lambda actor, _: actor.person_id is not None and actor.level >= level
    )


def has_role(role: Role) -> Predicate:
    """A person who holds the role in the city of the target."""
    return _asks(
        f"has_role:{role}",
        lambda actor, target: bool(target and target.city_id and actor.has_role(role, target.city_id)),
    )


def has_role_somewhere(role: Role) -> Predicate:
    """A person who holds the role in any city."""
    return _asks(
        f"has_role_somewhere:{role}", lambda actor, _: any(grant.role is role for grant in actor.grants)
    )


def may(actor: Actor, asked: Predicate, target: Target | None = None) -> bool:
    """Put the question whether this actor may do this to that."""
    return bool(asked.test(actor, target))


def actor_in(request: HttpRequest) -> Actor:
    """Who is acting in a request; the page shell put it there."""
    return cast("Actor", getattr(request, "actor", VISITOR))


def needs(asked: Predicate) -> Callable[[View[P]], View[P]]:
    """Guard a view: visitors are led to the sign-in and back, people who may not get the 403 page.

    The target is the city of the address; a view that knows more asks `may` itself.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_in(request)
            city: Any = getattr(request, "city", None)
            if may(actor, asked, Target(city_id=city.id if city else None)):
                return view(request, *args, **kwargs)
            if actor.person_id is None:
                return to_sign_in(request)
            raise PermissionDenied

        return cast("View[P]", guarded)

    return guard


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the sign-in; afterwards the same page opens."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    response = redirect_to_login(back, settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": response.url})
    return response
