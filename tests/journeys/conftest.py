"""A clock that can be turned, and the worker that does what is due by it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.cast import IN_THE_WEST

from veche.commons.accounts.terms import Actor


class Town:
    """A city, its time, its worker and its post; people open browsers in it that see this time."""

    def __init__(self, city: Any, now: datetime, signed_in: Callable[..., Client], post: Any) -> None:
        self.city, self.now, self.post = city, now, post
        self._signed_in = signed_in

    def later(self, **by: float) -> None:
        """Let time pass, and the worker with it."""
        self.now += timedelta(**by)
        self.work()

    def work(self) -> None:
        """Everything the worker does again and again, until nothing is left to do."""
        from veche.commons.casework.tasks import sweep_deadlines
        from veche.commons.journal.tasks import deliver_outbox
        from veche.commons.notices.tasks import send_mail
        from veche.commons.search.tasks import follow_documents

        while sweep_deadlines(self.now) + deliver_outbox(self.now):
            pass
        send_mail(self.now)
        follow_documents(self.now)

    def browser(self, who: Actor | None = None, *, language: str = "ru") -> Client:
        """A browser, of somebody or of a visitor."""
        if who is not None:
            return self._signed_in(who, language=language)
        client = Client()
        client.cookies["lang"] = language
        return client

    def files(self, who: Client, **changes: str) -> str:
        """File a report by the three steps of the form; answers its number."""
        point = {"lat": str(IN_THE_WEST.lat), "lon": str(IN_THE_WEST.lon)}
        typed = {
            "category": "pothole",
            "text": "Глубокая яма у перехода",
            "address": "улица Ленина, 10",
            **point,
        } | changes
        for step, names in (
            ("", ("category",)),
            ("/where", ("lat", "lon", "address")),
            ("/details", ("text",)),
            ("/check", ()),
        ):
            answer = who.post(
                f"/{self.city.code}/report{step}", {name: typed[name] for name in names} | {"act": "next"}
            )
            assert answer.status_code == 302, (
                step,
                re.findall(r'class="error[^>]*>.*?<', answer.content.decode()),
            )
        number: str = answer["Location"].rpartition("/")[2]
        self.work()
        return number

    def page(self, who: Client, path: str) -> str:
        """A page of the city as somebody sees it."""
        answer = who.get(f"/{self.city.code}/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return body.decode()

    def does(self, who: Client, path: str, **typed: Any) -> None:
        """Press a button of a page, and let the worker do what follows."""
        answer = who.post(f"/{self.city.code}/{path}", typed)
        assert answer.status_code == 302, (path, typed, answer.status_code, answer.content.decode()[:3000])
        assert who.get(answer["Location"]).status_code == 200  # as a browser would: it says what was done
        self.work()

    def told(self, who: Client) -> str:
        """What a person's notices say."""
        answer = who.get("/cabinet/notices", follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def addresses(self, who: Actor) -> list[str]:
        """Where a person's notices lead."""
        from veche.commons.notices.models import Notice

        return list(
            Notice.objects.filter(person_id=who.person_id)
            .order_by("created_at", "id")
            .values_list("url", flat=True)
        )


@pytest.fixture
def town(perm: Any, now: datetime, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The small city on a Saturday at noon, with a post that keeps its letters."""
    from django.utils import timezone

    from veche.commons.notices.adapters.mailers import MemoryMailer
    from veche.commons.notices.ports import EQUIPMENT

    usual, EQUIPMENT.mailer = EQUIPMENT.mailer, MemoryMailer("Veche <veche@example.org>")
    here = Town(perm, now, signed_in, EQUIPMENT.mailer)
    monkeypatch.setattr(timezone, "now", lambda: here.now)
    yield here
    EQUIPMENT.mailer = usual
