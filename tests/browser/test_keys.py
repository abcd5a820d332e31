"""Everything can be done with a keyboard: the way past the frame, the form, the officer's queue."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.reader import Reader

Meet = Callable[..., Reader]
_HERE = "selector => document.activeElement?.matches(selector) ?? false"


def test_the_first_key_offers_the_way_past_the_frame(meet: Meet) -> None:
    reader = meet("ru")
    for path in ("/", "/perm/reports", "/perm/report"):
        reader.go(path)
        reader.page.keyboard.press("Tab")
        expect(reader.page.locator("a.skip")).to_be_focused()
        expect(reader.page.locator("a.skip")).to_be_in_viewport()
        reader.page.keyboard.press("Enter")
        expect(reader.page.locator("#main")).to_be_focused()


def test_a_report_can_be_filed_without_a_mouse(meet: Meet) -> None:
    reader = meet("en")
    page = reader.page
    reader.sign_in_as("citizen")
    reader.go("/perm/report")
    _tab_to(reader, "details.group summary")
    page.keyboard.press("Enter")
    _tab_to(reader, "button[name=category][value=pothole]")
    _enter(reader, "**/report/where")
    _tab_to(reader, "button[name=act][value=middle]")
    page.keyboard.press("Enter")
    expect(page.locator("#f-lat")).not_to_have_value("")
    _tab_to(reader, "#f-address")
    page.keyboard.type("by the bus stop")
    _enter(reader, "**/report/details")
    _tab_to(reader, "#f-text")
    page.keyboard.type("A pit that one can only find by its sound")
    _tab_to(reader, "[name=answer-road-class]")
    page.keyboard.press("ArrowDown")
    _tab_to(reader, ".actions button")
    _enter(reader, "**/report/check")
    _tab_to(reader, "main form:last-of-type .actions button")
    _enter(reader, "**/report/sent/*")


def test_the_queue_obeys_its_keys(meet: Meet) -> None:
    officer = meet("ru")
    page = officer.page
    officer.sign_in_as("officer")
    officer.go("/perm/work/")
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_contain_class("here")
    page.keyboard.press("j")
    here = min(1, rows.count() - 1)
    expect(rows.nth(here)).to_contain_class("here")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_contain_class("here")
    page.keyboard.press("x")
    expect(rows.nth(0).locator("input[type=checkbox]")).to_be_checked()
    page.keyboard.press("x")
    expect(rows.nth(0).locator("input[type=checkbox]")).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("details[data-keys]")).to_have_attribute("open", "")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("k")
    number = rows.nth(0).locator("th a").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/perm/work/{number}/**")


def test_the_queue_is_narrowed_without_leaving_the_page(meet: Meet) -> None:
    officer = meet("ru")
    page = officer.page
    officer.sign_in_as("officer")
    officer.go("/perm/work/")
    page.evaluate("window.stayed = true")
    said = page.locator("#queue-said")
    expect(said).to_have_text("")
    page.locator("input[name=done]").check()
    page.wait_for_url("**/perm/work/?**done=1**")
    shown = page.locator("tr[data-row]").count()
    expect(said).to_have_text(officer.say("Rows shown: %(count)s", count=shown))
    page.locator("input[name=done]").uncheck()
    expect(page.locator("#queue-all a")).to_have_count(0)
    page.locator("select[name=group]").focus()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]").nth(0)).to_contain_class("here")
    assert page.evaluate("window.stayed") is True
    page.go_back()
    page.wait_for_url("**/perm/work/?**done=1**")
    expect(said).to_have_text(officer.say("Rows shown: %(count)s", count=shown))


def test_narrowing_the_queue_after_the_session_ended_leads_to_the_sign_in_and_back(meet: Meet) -> None:
    officer = meet("ru")
    page = officer.page
    officer.sign_in_as("officer")
    officer.go("/perm/work/")
    page.context.clear_cookies(name="sessionid")
    page.locator("input[name=overdue]").click()
    page.wait_for_url("**/accounts/login/?next=/perm/work/%3F**overdue**")


def test_the_queue_is_narrowed_without_scripts_too(meet: Meet) -> None:
    officer = meet("ru", scripts=False)
    officer.sign_in_as("officer")
    officer.go("/perm/work/")
    officer.page.locator("input[name=done]").check()
    officer.press("Show")
    officer.page.wait_for_url("**/perm/work/?**done=1**")
    expect(officer.page.locator("input[name=done]")).to_be_checked()


def _tab_to(reader: Reader, selector: str, most: int = 80) -> None:
    """Press the Tab key until something that fits has the focus."""
    for _ in range(most):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate(_HERE, selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {reader.page.url}")


def _enter(reader: Reader, url: str) -> None:
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(url)
