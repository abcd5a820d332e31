"""The content security policy, written once: django-csp builds it anew for every response otherwise."""

from dataclasses import asdict
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_OWN_WISHES = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class PolicyMiddleware(CSPMiddleware):
    """django-csp's middleware, which keeps the policy of ordinary pages; a page with wishes of its own is built."""

    @cached_property
    def ordinary(self) -> str:
        """The policy of a page that asks for nothing else."""
        return build_policy(**asdict(self.get_policy_parts(HttpRequest(), HttpResponseBase())))

    def process_request(self, request: HttpRequest) -> None:
        """Nothing: our pages have no inline scripts, so no page asks for a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Give the response its policy."""
        if any(name in response.__dict__ for name in _OWN_WISHES):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.ordinary)
        return response
