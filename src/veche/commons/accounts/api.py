"""Who is calling the API: the signed-in person of a session, with the token that proves the call is meant."""

from typing import Any

from django.http import HttpRequest
from ninja.security import SessionAuth
from ninja.utils import check_csrf

from veche.kernel.refusals import Refusal, Refused


class SignedIn(SessionAuth):
    """The session of a person. A visitor is told to sign in; only then a missing token is complained of."""

    def __call__(self, request: HttpRequest) -> Any:
        """The person, or None for a visitor.

        Refuses: `access.csrf`.
        """
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise Refused(Refusal("access.csrf"))
        return request.user


signed_in = SignedIn()
