"""A form that comes back with its key: changed, its page loses nothing; kept by the browser, it is a new act."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.looking import faults_of
from tests.browser.reader import Reader

Meet = Callable[..., Reader]
PROFILE = "/cabinet/profile/"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_form_that_comes_back_changed_can_be_sent_as_well(language: str, meet: Meet) -> None:
    reader = meet(language)
    page = reader.page
    reader.sign_in_as("citizen")
    reader.go(PROFILE)
    key = page.locator("form:has([name=name]) [name=once]").input_value()
    _send(reader, "Анна", key)
    expect(page.locator("h1")).to_be_visible()
    reader.go(PROFILE)
    _send(reader, "Анна «Новая» <b>", key)
    expect(page.locator("h1")).to_have_text(reader.say("This form was sent before"))
    assert not (faults := faults_of(page, "sent before")), "\n".join(faults)
    reader.press("Send this as well")
    page.wait_for_url(f"**{PROFILE}")
    expect(page.locator("[name=name]")).to_have_value("Анна «Новая» <b>")


def test_a_form_the_browser_kept_gets_a_new_key(meet: Meet) -> None:
    reader = meet("en")
    page = reader.page
    reader.sign_in_as("citizen")
    reader.go(PROFILE)
    before = page.locator("[name=once]").evaluate_all("all => all.map((one) => one.value)")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    after = page.locator("[name=once]").evaluate_all("all => all.map((one) => one.value)")
    assert len(before) == len(after) == len(set(after))
    assert not set(before) & set(after)
    assert all(len(one) == 32 for one in after)


def _send(reader: Reader, name: str, key: str) -> None:
    page = reader.page
    form = page.locator("form:has([name=name])")
    form.locator("[name=once]").evaluate("(field, key) => { field.value = key; }", key)
    form.locator("[name=name]").fill(name)
    with page.expect_navigation():
        form.locator("button").first.click()
