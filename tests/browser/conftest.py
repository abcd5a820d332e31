"""One demonstration and one Chromium for all tests of this folder; each test brings people with windows of their own.

The scope is the package and not the session: Playwright runs a loop in this thread, which must be gone before tests
of other folders use the database again.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

from tests.browser.reader import Reader
from tests.browser.served import Served, served
from tests.shared import CHROMIUM

REPORTS = 200
FOLDER = Path(__file__).parent
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-quic", "--no-first-run")
Meet = Callable[..., Reader]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it goes to one worker: one server is enough."""
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration."""
    with served(tmp_path_factory.mktemp("veche"), reports=REPORTS) as house:
        yield house


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def meet(here: Served, chromium: Browser) -> Iterator[Meet]:
    """Bring a reader in: `meet("ru", scripts=False)`. Afterwards none of their browsers may have complained."""
    readers: list[Reader] = []

    def bring(
        language: str = "ru", *, scripts: bool = True, cookies: dict[str, str] | None = None, **more: Any
    ) -> Reader:
        options: dict[str, Any] = {"viewport": {"width": 1100, "height": 800}, "reduced_motion": "reduce"}
        context = chromium.new_context(java_script_enabled=scripts, **(options | more))
        context.set_default_timeout(20_000)
        kept = {"lang": language} | (cookies or {})
        context.add_cookies(
            [{"name": name, "value": value, "url": here.origin} for name, value in kept.items()]
        )
        reader = Reader(context.new_page(), here, language)
        readers.append(reader)
        return reader

    yield bring
    complaints = [one for reader in readers for one in reader.complaints]
    for reader in readers:
        reader.page.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph, drawn here: a dark pit in a grey road."""
    picture = Image.effect_noise((900, 600), 30).convert("RGB")
    ImageDraw.Draw(picture).ellipse((300, 220, 640, 430), fill=(40, 38, 36))
    path = tmp_path_factory.mktemp("photos") / "pit.jpg"
    picture.save(path, quality=80)
    return path
