"""Django's handler, which remembers where addresses lead."""

from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver

_MOST = 4096


class Handler(WSGIHandler):
    """Finding out where an address leads costs more than asking the database; so each is found out once."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Where the address of a request leads. Refuses: `Resolver404`, as ever, when it leads nowhere."""
        request.resolver_match = match = _match(request.path_info)
        return match


@lru_cache(maxsize=_MOST)
def _match(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)
