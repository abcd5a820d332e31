"""`python -m tests.browser.screenshot FILE`: the picture of the README, taken from a demonstration that really runs."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.served import Served, served
from tests.shared import CHROMIUM, ROOT

REPORTS = 300
SIZE = {"width": 1280, "height": 800}
COLOURS = 128
# Somebody waits, the office works, the clock runs: the page that says what this is for.
WANTED = ("/perm/reports?status=planned", "/perm/reports?status=in_work", "/perm/reports?status=routed")


def main(arguments: list[str]) -> int:
    """Take the picture; 0 when it is there."""
    target = Path(arguments[0]) if arguments else ROOT / "docs" / "screenshot.png"
    if CHROMIUM is None:
        print("No Chromium here, so no picture.", file=sys.stderr)  # noqa: T201
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="veche-") as folder,
        served(Path(folder), reports=REPORTS) as here,
    ):
        taken = _take(here)
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return 0


def _take(here: Served) -> bytes:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE, locale="ru-RU", color_scheme="light", reduced_motion="reduce")
        page.goto(here.origin + _report(page, here))
        page.wait_for_load_state("networkidle")
        taken = page.screenshot()
        browser.close()
    return taken


def _report(page: Page, here: Served) -> str:
    for listed in WANTED:
        page.goto(here.origin + listed)
        found = page.locator("main .cards a[href^='/perm/reports/']")
        if found.count():
            return str(found.first.get_attribute("href"))
    raise AssertionError("no open report in the demonstration")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
