"""The access table of the whole house: who may call which address."""

from veche.kernel.manifest import Access
from veche.site import pages, wiring

PUBLIC, SIGNED_IN = "PUBLIC", "SIGNED_IN"
_READ = ("GET", "HEAD")
_OWN = (
    Access("healthz", _READ, PUBLIC),
    Access("readyz", _READ, PUBLIC),
    # Only with the token, or from this machine: the view sees to it.
    Access("metrics", _READ, PUBLIC),
    Access("api:openapi-json", ("GET",), PUBLIC),
    Access("api:openapi-view", ("GET",), PUBLIC),
    Access("api:api-root", ("GET",), PUBLIC),
)


def table() -> tuple[Access, ...]:
    """Every line of every room, and of the site itself."""
    return (*_OWN, *pages.PERMISSIONS, *wiring.accesses())
