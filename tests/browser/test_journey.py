"""From the pit to the answer and back: citizen, office, citizen, with and without scripts, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.reader import Reader
from tests.browser.steps import Told, file_pothole

ASIDE = {("ru", True): (0, 0), ("ru", False): (60, 30), ("en", True): (30, 60), ("en", False): (60, 60)}
WORDS = {
    "ru": {
        "text": "У дома {house} по улице Куйбышева яма во всю полосу",
        "first": "Выехали и засыпали щебнем, проверьте, пожалуйста.",
        "objection": "Щебень разъехался за день, яма на месте.",
        "second": "Уложили горячий асфальт, сделали фото.",
    },
    "en": {
        "text": "A pit across the whole lane at {house} Kuibyshev street",
        "first": "We went there and filled it with gravel, please look.",
        "objection": "The gravel was gone in a day, the pit is still there.",
        "second": "We laid hot asphalt and took a photo.",
    },
}


@pytest.mark.parametrize(
    ("language", "scripts", "signed_in"),
    [("ru", True, False), ("ru", False, True), ("en", True, True), ("en", False, False)],
    ids=["ru-scripts-visitor", "ru-plain-signed-in", "en-scripts-signed-in", "en-plain-visitor"],
)
def test_a_pit_is_reported_answered_sent_back_answered_again_and_confirmed(
    language: str, scripts: bool, signed_in: bool, meet: Callable[..., Reader], photo: Path
) -> None:
    words = WORDS[language]
    citizen, officer = meet(language, scripts=scripts), meet(language, scripts=scripts)
    number = _file(citizen, photo, scripts=scripts, signed_in=signed_in)
    address = f"/perm/reports/{number}"

    citizen.follow("Follow the report")
    expect(citizen.page).to_have_url(re.compile(f"{address}$"))
    expect(citizen.page.locator(".clock").first).to_be_visible()
    expect(citizen.page.locator(".office").first).to_be_visible()

    _find_in_queue(officer, number)
    officer.press("Take into work")
    expect(_status(officer)).to_have_text(officer.say("in work"))
    _answer(officer, words["first"], photo)

    citizen.go(address)
    expect(citizen.page.locator(".timeline")).to_contain_text(words["first"])
    expect(citizen.page.locator(".timeline img")).to_have_count(1)
    _send_back(citizen, words["objection"])
    expect(_status(citizen)).to_have_text(citizen.say("sent back"))

    officer.go(f"/perm/work/{number}/")
    expect(officer.page.locator(".timeline")).to_contain_text(words["objection"])
    _answer(officer, words["second"])

    citizen.go(address)
    citizen.press("Yes, it is done")
    expect(_status(citizen)).to_have_text(citizen.say("confirmed"))

    said = [words[one] for one in ("first", "objection", "second")]
    _everybody_sees(meet(language, scripts=scripts), number, said)


@pytest.mark.parametrize(
    ("language", "scripts", "signed_in"),
    [("ru", True, True), ("ru", False, False), ("en", True, False), ("en", False, True)],
    ids=["ru-scripts-signed-in", "ru-plain-visitor", "en-scripts-visitor", "en-plain-signed-in"],
)
def test_every_other_kind_of_citizen_can_file_as_well(
    language: str, scripts: bool, signed_in: bool, meet: Callable[..., Reader], photo: Path
) -> None:
    citizen = meet(language, scripts=scripts)
    number = _file(citizen, photo, scripts=scripts, signed_in=signed_in)
    citizen.go("/cabinet/reports")
    expect(citizen.page.locator(f"a[href='/perm/reports/{number}']").first).to_be_visible()


def _file(citizen: Reader, photo: Path, *, scripts: bool, signed_in: bool) -> str:
    """A report of one's own: no two are alike, and no two pins meet on the map."""
    house = 10 + 8 * list(ASIDE).index((citizen.language, scripts)) + signed_in
    right, down = ASIDE[citizen.language, scripts]
    if signed_in:
        citizen.sign_in_as("citizen")
    told = Told(
        text=WORDS[citizen.language]["text"].format(house=house),
        address=f"{house}",
        aside=(right - 30 * signed_in, down),
        email="" if signed_in else f"resident{house}@perm.example",
    )
    return file_pothole(citizen, told, photo, scripts=scripts)


def _find_in_queue(officer: Reader, number: str) -> None:
    officer.sign_in_as("officer")
    officer.go("/perm/work/")
    officer.page.locator("input[name=q]").fill(number)
    officer.press("Show")
    row = officer.page.locator("tr[data-row]")
    expect(row).to_have_count(1)
    row.get_by_role("link", name=number).click()
    expect(officer.page.locator("h1")).to_contain_text(number)


def _answer(officer: Reader, text: str, photo: Path | None = None) -> None:
    form = officer.page.locator("#move-answer")
    form.locator("textarea").fill(text)
    if photo:
        form.locator("input[type=file]").set_input_files(photo)
    form.get_by_role("button", name=officer.say("Send the answer")).click()
    expect(officer.page.locator(".note.good")).to_be_visible()


def _send_back(citizen: Reader, text: str) -> None:
    page = citizen.page
    page.locator("#answer summary").click()
    page.locator("#answer select[name=reason]").select_option(index=1)
    page.locator("#answer textarea").fill(text)
    citizen.press("Send back")
    expect(page.locator(".timeline")).to_contain_text(text)


def _everybody_sees(visitor: Reader, number: str, said: list[str]) -> None:
    """The public page in its order, the list, and the map."""
    page, address = visitor.page, f"/perm/reports/{number}"
    visitor.go(address)
    timeline = " ".join(page.locator(".timeline").inner_text().split())
    places = [timeline.find(one) for one in said]
    assert -1 not in places
    assert places in (sorted(places), sorted(places, reverse=True))
    expect(_status(visitor)).to_have_text(visitor.say("confirmed"))
    title = page.locator("h1").inner_text()
    spot = page.locator("main + aside a[href*='/perm/map?at=']").get_attribute("href")
    assert spot is not None

    visitor.go("/perm/reports?status=confirmed")
    expect(page.locator(f"a[href='{address}']").first).to_have_text(title)

    visitor.go(spot)
    expect(page.locator(f".map [aria-label$='№ {number}']").first).to_be_visible()


def _status(reader: Reader) -> Locator:
    return reader.page.locator(".facts .status").first
