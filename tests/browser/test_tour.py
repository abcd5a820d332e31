"""Every page of the tour: axe finds nothing in both languages and both themes, and all of it fits 320 pixels."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.looking import faults_of
from tests.browser.reader import Reader
from tests.browser.steps import Told, choose_pothole, give_details, next_page, put_pin

Meet = Callable[..., Reader]
# The report pages stand for what they show: the first of a filtered list.
TOURS = {
    "visitor": (
        *(
            "/",
            "/perm/",
            "/perm/reports",
            "/perm/reports?overdue=1",
            "/perm/reports?text=щщщ",
            "/perm/map",
            "/journal",
            "proof:",
            "/receipts?code=06AC-7Q3F-9KME-PX2T-B4WD",
        ),
        *(
            "first:status=routed",
            "first:overdue=1",
            "first:status=confirmed",
            "/styleguide",
            "/accounts/login/",
        ),
        *("/accounts/login/password/", "/accounts/demo/", "/look", "/nothing-here", "/perm/reports/1-1"),
    ),
    "citizen": (
        *("/cabinet/", "/cabinet/reports", "/cabinet/notices/", "/cabinet/profile/", "first:status=answered"),
        "/accounts/logout/",
    ),
    "officer": ("/perm/work/", "desk:", "/perm/work/templates/", "/cabinet/", "/perm/work/people/"),
    "dispatcher": ("/perm/work/dispatch/",),
    "moderator": ("first:status=routed",),
    "administrator": ("/perm/work/people/", "/perm/work/undelivered/", "/cabinet/"),
}
LOW_VISION = {"look": "size-3.contrast-high.spacing-wide.images-off", "theme": "light"}
IN_LARGE = ("/", "/perm/reports", "first:overdue=1", "/perm/report", "/look")


def test_the_judge_sees_faults(meet: Meet) -> None:
    page = meet("en").page
    page.set_content(
        "<p style='color:#999;width:600px'>grey</p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    )
    found = "\n".join(faults_of(page, "bad"))
    for fault in ("light: image-alt", "light: color-contrast", "dark: color-contrast", "at 320: 6"):
        assert f"bad{'' if fault.startswith('at') else ','} {fault}" in found


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("role", TOURS)
def test_pages_are_open_to_everybody(role: str, language: str, meet: Meet) -> None:
    reader = meet(language)
    if role != "visitor":
        reader.sign_in_as(role)
    faults = []
    for stop in TOURS[role]:
        _open(reader, stop)
        assert reader.page.locator("html").get_attribute("lang") == language
        faults += faults_of(reader.page, f"{role} at {stop}")
    assert not faults, "\n".join(faults)


def test_the_low_vision_version_is_open_and_fits_as_well(meet: Meet) -> None:
    reader = meet("ru", cookies=LOW_VISION)
    faults = []
    for stop in IN_LARGE:
        _open(reader, stop)
        assert reader.page.locator("html").get_attribute("data-size") == "3"
        faults += faults_of(reader.page, stop, dark=False)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_step_of_filing_is_open_to_everybody(language: str, meet: Meet, photo: Path) -> None:
    reader = meet(language)
    told = Told(
        "Провалился люк у остановки", "напротив 5", aside=(-60, 40), email=f"guest-{language}@perm.example"
    )
    faults = []

    def look(name: str) -> None:
        faults.extend(faults_of(reader.page, name))

    reader.go("/perm/report")
    look("what")
    choose_pothole(reader, scripts=True)
    look("where")
    next_page(reader, "Next: details", "**/report/where")
    look("where, refused")
    put_pin(reader, told, scripts=True)
    look("where, with the map")
    next_page(reader, "Next: details", "**/report/details")
    look("details")
    next_page(reader, "Check everything", "**/report/details")
    look("details, refused")
    give_details(reader, told, photo)
    next_page(reader, "Check everything", "**/report/check")
    look("check")
    next_page(reader, "Send me the link", "**/report/mailed")
    look("mailed")
    reader.go(reader.here.link_mailed_to(told.email))
    look("confirm")
    next_page(reader, "Send the report", "**/report/sent/*")
    look("sent")
    reader.go("/perm/report/confirm/00000000-0000-7000-8000-000000000000/gone")
    look("gone")
    assert not faults, "\n".join(faults)


def _open(reader: Reader, stop: str) -> None:
    kind, _, query = stop.partition(":")
    page = reader.page
    if kind == "first":
        reader.go(f"/perm/reports?{query}")
        page.locator("main .cards a[href^='/perm/reports/']").first.click()
        page.wait_for_url("**/perm/reports/*-*")
    elif kind == "proof":
        reader.go("/journal")
        page.locator("ol.journal a[href^='/receipts/']").first.click()
        page.wait_for_url("**/receipts/*")
        # All of it is judged, the figures as well.
        page.locator("details.source > summary").first.click()
    elif kind == "desk":
        reader.go("/perm/work/")
        page.locator("tr[data-row] th a").first.click()
        page.wait_for_url("**/perm/work/*-*/**")
    else:
        reader.go(stop)
        if stop.endswith("/map"):
            page.wait_for_load_state("networkidle")
