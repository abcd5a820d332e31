"""The first load of the main pages, as it comes through the wire: at most 30 KB, without maps and photographs."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.reader import Reader

MOST = 30 * 1024
_NOT_COUNTED = ("/media/", "/perm/ground.svg")


@pytest.mark.parametrize("path", ["/", "/perm/", "/perm/reports", "first", "/perm/report"])
def test_the_first_load_is_small(path: str, meet: Callable[..., Reader]) -> None:
    reader = meet("ru")
    if path == "first":
        visitor = meet("ru")
        visitor.go("/perm/reports?overdue=1")
        path = str(visitor.page.locator("main .cards a[href^='/perm/reports/']").first.get_attribute("href"))
    loaded: list[Any] = []
    reader.page.on("response", lambda one: loaded.append(one))  # noqa: PLW0108 - Playwright marks its listeners
    reader.go(path)
    reader.page.wait_for_load_state("networkidle")
    sizes = {
        one.url: one.request.sizes()["responseBodySize"]
        for one in loaded
        if not any(part in one.url for part in _NOT_COUNTED) and not one.url.startswith("data:")
    }
    # Without a window the browser shows no icon, so it does not fetch it.
    icon = str(reader.page.locator("link[rel=icon]").get_attribute("href"))
    answer = reader.page.request.get(reader.here.origin + icon)
    sizes[icon] = int(answer.headers.get("content-length", len(answer.body())))
    assert len(sizes) > 3
    assert sum(sizes.values()) <= MOST, sizes
