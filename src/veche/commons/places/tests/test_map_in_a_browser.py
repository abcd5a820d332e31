"""The map that moves, in a real browser, under the content policy of the pages."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.template import engines
from tests.shared import CHROMIUM

from veche.commons.places import queries, rules

pytestmark = [pytest.mark.browser, pytest.mark.slow]

POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'"
MARKS = {
    "marks": [
        {"lat": 58.0, "lon": 56.1, "n": 7, "size": 40, "words": "7 reports", "url": "#", "open": False,
         "svg": '<circle class="disc" r="14" cx="15" cy="15"/><text x="15" y="15">7</text>'},
        {"lat": 58.0, "lon": 56.4, "n": 1, "size": 30, "words": "Pothole <b>", "url": "/perm/reports/1-5", "open": True,
         "svg": '<path d="M15 2a13 13 0 1 1 0 26a13 13 0 0 1 0-26z"/>'},
    ]
}  # fmt: skip
PAGE = """<!doctype html><html lang="en" data-theme="auto"><head><meta name="color-scheme" content="light dark">
{% from "places/map.html" import map, map_head, map_scripts %}
<link rel="stylesheet" href="{{ static("site/veche.css") }}">{{ map_head() }}</head>
<body><input id="lat" value=""><input id="lon" value="">
{{ map(city, box, "Map of reports", clusters="/perm/marks.json?status=new", pick=("lat", "lon") if pick else ()) }}
{{ map_scripts() }}</body></html>"""


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop of its own in this thread; the database is used from it on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        # Beside a running loop Django opens connections of their own: nobody else would ever close them.
        connections.close_all()
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(live_server: Any, perm: Any, browser: Any) -> Callable[..., Any]:
    """Open a page with a map; `complaints` are what the browser complained of, `asked` the marks asked for."""
    html = engines["jinja2"].env.from_string(PAGE)
    box = rules.box_text(queries.outline_box(perm.id))

    def show(*, pick: bool = False, scripts: bool = True, dark: bool = False) -> Any:
        context = browser.new_context(
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            geolocation={"latitude": 58.01, "longitude": 56.2},
            permissions=["geolocation"],
            viewport={"width": 800, "height": 700},
        )
        page = context.new_page()
        page.complaints, page.asked = [], []
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        body = html.render(city=perm, box=box, pick=pick)
        page.route(
            "**/perm/page",
            lambda route: route.fulfill(
                body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY}
            ),
        )

        def marks(route: Any) -> None:
            page.asked.append(route.request.url)
            route.fulfill(body=json.dumps(MARKS), content_type="application/json")

        page.route("**/perm/marks.json*", marks)
        page.goto(f"{live_server.url}/perm/page")
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("VECHE_PICTURES"):
            page.screenshot(path=f"{folder}/map-{pick}-{scripts}-{dark}.png")
        return page

    return show


def test_a_map_shows_ground_names_and_marks_and_breaks_no_policy(opened):
    page = opened()
    assert page.locator("path.ground").count() == 4
    page.locator(".leaflet-marker-icon.mark").first.wait_for()
    assert page.locator(".leaflet-marker-icon.mark").count() == 2
    assert page.get_by_role("button", name="7 reports").count() == 1
    assert "8" in page.locator("[data-map-status]").inner_text()
    assert "status=new" in page.asked[0]
    assert "box=" in page.asked[0]
    assert page.locator("[data-map-plain]").is_hidden()
    assert page.complaints == []


def test_a_cluster_comes_closer_by_keyboard_and_a_single_mark_opens_its_card(opened):
    page = opened()
    page.get_by_role("button", name="Pothole <b>").focus()
    page.keyboard.press("Enter")
    assert page.locator(".leaflet-popup-content a").get_attribute("href") == "/perm/reports/1-5"
    page.keyboard.press("Escape")
    for _ in range(3):
        before = len(page.asked)
        page.get_by_role("button", name="7 reports").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(800)
        assert len(page.asked) > before
    page.locator(".map-name span", has_text="West district").wait_for(timeout=5000)
    assert page.complaints == []


def test_a_pin_is_put_by_click_by_keyboard_and_by_being_there(opened):
    page = opened(pick=True)
    page.locator(".map-canvas").click(position={"x": 100, "y": 100})
    clicked = float(page.locator("#lat").input_value())
    assert 57 < clicked < 59.5
    page.get_by_role("button", name="Поставить метку в середину карты").or_(
        page.get_by_role("button", name="Put the pin in the middle of the map")
    ).click()
    assert float(page.locator("#lat").input_value()) == pytest.approx(58.0, abs=0.1)
    page.get_by_role("button", name="Я здесь").or_(page.get_by_role("button", name="I am here")).click()
    page.wait_for_function("document.getElementById('lat').value.startsWith('58.01')")
    assert float(page.locator("#lon").input_value()) == pytest.approx(56.2)
    assert page.complaints == []


def test_without_scripts_there_is_a_picture(opened):
    page = opened(scripts=False, dark=True)
    picture = page.locator("img.map-plain")
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    assert page.complaints == []
