"""The way through the form, as a person walks it, with scripts or without."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.reader import Reader


@dataclass(frozen=True, slots=True)
class Told:
    """What a citizen tells about a pit; `aside` moves the pin from the middle of the picture, in its pixels."""

    text: str
    address: str
    aside: tuple[int, int] = (0, 0)
    email: str = ""


def choose_pothole(reader: Reader, *, scripts: bool) -> None:
    """The first step: by a word where scripts run, by opening its group where they do not."""
    page = reader.page
    pothole = page.locator("button[name=category][value=pothole]")
    if scripts:
        page.locator("#f-q").fill({"ru": "яма", "en": "pothole"}[reader.language])
    else:
        page.locator("details.group", has=page.locator("button[value=pothole]")).locator("summary").click()
    pothole.click()
    page.wait_for_url("**/report/where")


def put_pin(reader: Reader, told: Told, *, scripts: bool) -> None:
    """The second step: a press on the map that moves, or on the picture that the server drew."""
    page = reader.page
    right, down = told.aside
    if scripts:
        reader.press("Open the map one can move")
        canvas = page.locator(".map-canvas.leaflet-container")
        expect(canvas).to_be_visible()
        box = canvas.bounding_box()
        assert box is not None
        canvas.click(position={"x": box["width"] / 2 + right, "y": box["height"] / 2 + down})
        expect(page.locator("#f-lat")).not_to_have_value("")
    else:
        press_picture(reader, 320 + right, 210 + down)
        press_picture(reader, 320, 210)
    page.locator("#f-address").fill(told.address)


def press_picture(reader: Reader, x: float, y: float) -> None:
    """Press the picture of the map, which a browser sends as the place of the press."""
    with reader.page.expect_navigation():
        reader.page.locator("input[type=image][name=pin]").click(position={"x": x, "y": y})
    expect(reader.page.locator("#f-lat")).not_to_have_value("")


def give_details(reader: Reader, told: Told, photo: Path | None) -> None:
    """The third step."""
    page = reader.page
    page.locator("#f-text").fill(told.text)
    page.locator("[name=answer-road-class]").select_option("local")
    if photo:
        page.locator("#f-photos").set_input_files(photo)
    if told.email:
        page.locator("#f-email").fill(told.email)


def next_page(reader: Reader, sentence: str, url: str) -> None:
    """Press the main button and wait for the page it leads to; the hidden twin of it only serves the Enter key."""
    reader.page.locator(".actions button", has_text=reader.say(sentence)).click()
    reader.page.wait_for_url(url)


def file_pothole(reader: Reader, told: Told, photo: Path, *, scripts: bool) -> str:
    """The whole way, with the mail that a visitor has to confirm by; answers the number of the report."""
    page = reader.page
    reader.go("/perm/")
    page.locator("header.top nav a[href='/perm/report']").click()
    choose_pothole(reader, scripts=scripts)
    put_pin(reader, told, scripts=scripts)
    next_page(reader, "Next: details", "**/report/details")
    give_details(reader, told, photo)
    next_page(reader, "Check everything", "**/report/check")
    expect(page.locator(".office")).to_be_visible()
    expect(page.locator(".promises")).to_contain_text(
        before_hole(reader.say("The answer must come by %(date)s."))
    )
    expect(page.locator(".thumbs img")).to_have_count(1)
    if told.email:
        next_page(reader, "Send me the link", "**/report/mailed")
        reader.go(reader.here.link_mailed_to(told.email))
    next_page(reader, "Send the report", "**/report/sent/*")
    expect(page.locator("main")).to_contain_text(
        before_hole(reader.say("%(office)s sees your report at once."))
    )
    found = re.search(r"/sent/(\d+-\d)$", page.url)
    assert found is not None
    return found.group(1)


def before_hole(sentence: str) -> str:
    """The longest fixed part of a sentence with holes."""
    return max(re.split(r"%\(\w+\)s", sentence), key=len).strip(" .,:")
