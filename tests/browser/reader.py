"""A person with a browser: their page, their language, and what the browser complained of meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from playwright.sync_api import ConsoleMessage, Error, Page, Request, Response

from tests.browser.served import Served

# The browser says so for every page with such a status, and it is the page that was asked for.
_STATUS_LINE = "Failed to load resource: the server responded with a status of"


@dataclass
class Reader:
    """One browser window of one person."""

    page: Page
    here: Served
    language: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to everything that must not happen."""
        context = self.page.context
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._told)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))

    def go(self, path: str) -> Response:
        """Open an address of the house."""
        answer = self.page.goto(self.here.origin + path if path.startswith("/") else path)
        assert answer is not None
        return answer

    def say(self, sentence: str, **params: Any) -> str:
        """An English sentence of ours in the reader's language."""
        with translation.override(self.language):
            said = translation.gettext(sentence)
        return said % params if params else said

    def press(self, sentence: str, **params: Any) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=self.say(sentence, **params), exact=True).click()

    def follow(self, sentence: str) -> None:
        """Follow the first link with these words."""
        self.page.get_by_role("link", name=self.say(sentence), exact=True).first.click()

    def sign_in_as(self, role: str) -> None:
        """Use the sign-in of the demonstration: roles are `citizen`, `officer` and so on, in the order of its page."""
        order = ("citizen", "officer", "dispatcher", "moderator", "administrator")
        self.go("/accounts/demo/")
        self.page.locator("button[name=account]").nth(order.index(role)).click()
        self.page.wait_for_url("**/cabinet/")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.here.origin + "/", "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page gives up what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure} for {request.url}")

    def _told(self, line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"} and not line.text.startswith(_STATUS_LINE):
            self.complaints.append(f"console on {self._where()}: {line.text}")

    def _where(self) -> str:
        try:
            return self.page.url
        except Error:
            return "a closed page"
