"""An address is found out once and leads to the same page ever after."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, URLResolver

from veche.site import handler
from veche.site.handler import Handler


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that had to be found out."""
    handler._match.cache_clear()
    found: list[str] = []
    resolve = URLResolver.resolve

    def counted(self: URLResolver, path: Any) -> Any:
        if self.pattern.regex.pattern == "^/":
            found.append(str(path))
        return resolve(self, path)

    monkeypatch.setattr(URLResolver, "resolve", counted)
    return found


def test_each_address_is_found_out_once(rf: RequestFactory, looks: list[str]) -> None:
    for path in ("/perm/reports", "/perm/map", "/perm/reports", "/berezniki/reports"):
        match = Handler().resolve_request(rf.get(path))
        assert match.kwargs == {"city": path.split("/")[1]}
        assert match.url_name == path.rsplit("/", 1)[1].replace("reports", "list")
    assert looks == ["/perm/reports", "/perm/map", "/berezniki/reports"]


def test_an_address_that_leads_nowhere_is_refused_every_time(rf: RequestFactory, looks: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(Resolver404):
            Handler().resolve_request(rf.get("/no/such/page/here"))
