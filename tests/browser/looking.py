"""Judging a page as it stands: axe in both themes, and whether it fits a narrow telephone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1100, "height": 800}
# What depends on the colours; everything else is the same in the dark.
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
# What sticks out at the right, without what lies in a box that scrolls by itself.
_TOO_WIDE = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= innerWidth) return null;
  const boxed = (one) => /auto|scroll|hidden/.test(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && (boxed(one) || scrolls(one.parentElement));
  const out = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(one.parentElement))
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 100));
  return `${wide} pixels wide: ${out.join(" | ")}`;
}"""
_axe = Axe()


def faults_of(page: Page, name: str, *, dark: bool = True) -> list[str]:
    """Everything wrong with the page that is open, as lines; it is wide and light again afterwards."""
    faults = [f"{name}, light: {one}" for one in _told(_axe.run(page).response)]
    if dark:
        page.emulate_media(color_scheme="dark")
        found = page.evaluate("options => axe.run(document, options)", _COLOURS)
        faults += [f"{name}, dark: {one}" for one in _told(found)]
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    if too_wide := page.evaluate(_TOO_WIDE):
        faults.append(f"{name} at 320: {too_wide}")
    page.set_viewport_size(WIDE)
    return faults


def _told(found: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']} ({rule['help']}): " + " | ".join(node["html"][:160] for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]
