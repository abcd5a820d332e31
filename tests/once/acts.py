"""One act for every address to which something can be sent: a new address needs a new act here."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.cast import a_person, person_of

from veche.commons.accounts.services import open_demo_account
from veche.commons.accounts.terms import Actor
from veche.commons.notices import services as letters
from veche.commons.notices.services import tell, unsubscribe_token
from veche.commons.notices.terms import Mail
from veche.commons.offices.models import Office
from veche.kernel.ids import new_id, number_of
from veche.modules.reports import services
from veche.modules.reports.tests.filing_cast import TEXT, link_in_mail, send, up_to_check
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved, unrouted

_SIGN_IN = "veche.commons.accounts.adapters.SignIn"
# Repeating them changes nothing, and they bring no key.
WITHOUT_A_KEY = {"look": "it only sets cookies", "notices:unsubscribe": "mail programs send no key"}
_PASSWORD = "колокол-на-площади-7"


@dataclass(frozen=True)
class Call:
    """Something to send, as often as one likes: always the same, with the cookies of the first time."""

    route: str
    path: str
    data: Mapping[str, Any]
    cookies: Mapping[str, str]
    key: str = field(default_factory=lambda: str(uuid4()))
    photos: tuple[bytes, ...] = ()

    def send(self) -> Any:
        """Send it once, from a browser that knows of no answer yet."""
        client = Client()
        client.cookies.load(dict(self.cookies))
        if self.route.startswith("api:"):
            headers = {"Idempotency-Key": self.key}
            return client.post(
                self.path, json.dumps(self.data), content_type="application/json", headers=headers
            )
        files = [SimpleUploadedFile(f"{n}.jpg", one, "image/jpeg") for n, one in enumerate(self.photos)]
        key = {} if self.route in WITHOUT_A_KEY else {"once": self.key}
        return client.post(self.path, {**self.data, **key} | ({"photos": files} if files else {}))

    def changed(self) -> "Call":
        """The same key with something else in it."""
        return replace(self, data={**self.data, "text": "something else"})


class World:
    """The small city and its people; every act gets matters of its own, so that none hinders another."""

    def __init__(self, city: Any, now: datetime, **people: Actor) -> None:
        self.city, self.now, self.people = city, now, people
        self._numbers = count(1)

    def __getattr__(self, name: str) -> Actor:
        return self.people[name]

    def number(self) -> int:
        """A number nobody has yet."""
        return next(self._numbers)

    def somebody(self, password: str = "") -> Actor:
        """A new person."""
        actor = a_person(f"somebody{self.number()}", now=self.now)
        if password:
            person = person_of(actor)
            person.set_password(password)
            person.save()
        return actor

    def visitor(self) -> Client:
        """A browser of nobody, with the cookie every form brings."""
        client = Client()
        client.cookies["lang"] = "ru"
        client.cookies["csrftoken"] = uuid4().hex
        return client

    def browser(self, who: Actor) -> Client:
        """A browser in which somebody is signed in."""
        client = self.visitor()
        client.force_login(person_of(who), backend=_SIGN_IN)
        return client

    def call(self, route: str, who: Actor | Client, data: Mapping[str, Any] = {}, **more: Any) -> Call:
        """Something to send to a route of the city."""
        photos = more.pop("photos", 0)
        client = who if isinstance(who, Client) else self.browser(who)
        names = {"city": "perm"} if re.match(r"reports:|api:report", route) else {}
        cookies = {name: one.value for name, one in client.cookies.items()}
        path = reverse(route, kwargs=names | more)
        return Call(route, path, data, cookies, photos=tuple(self.picture() for _ in range(photos)))

    def picture(self) -> bytes:
        """A picture like no other."""
        file, n = BytesIO(), self.number()
        Image.new("RGB", (64, 48), (n * 5 % 250, n * 11 % 250, 99)).save(file, "JPEG")
        return file.getvalue()

    def report(self, *steps: tuple[str, str]) -> Any:
        """A report of Alice's, after some steps: (verb, who)."""
        report = filed(self.city, self.alice, now=self.now)
        for verb, who in steps:
            moved(report, verb, self.people[who], now=self.now)
        return report


Act = Callable[[World], Call]
ACTS: dict[str, Act] = {}


def act(route: str) -> Callable[[Act], Act]:
    """Say which route an act is for."""

    def keep(one: Act) -> Act:
        ACTS[route] = one
        return one

    return keep


@act("look")
def look(world: World) -> Call:
    return world.call("look", world.visitor(), {"size": "2"})


@act("account_login")
def ask_for_a_code(world: World) -> Call:
    return world.call("account_login", world.visitor(), {"email": f"ask{world.number()}@example.org"})


@act("account_request_login_code")
def ask_for_a_code_again(world: World) -> Call:
    email = f"ask{world.number()}@example.org"
    return world.call("account_request_login_code", world.visitor(), {"email": email})


@act("account_confirm_login_code")
def type_the_code(world: World) -> Call:
    client = world.visitor()
    client.post("/accounts/login/", {"email": f"code{world.number()}@example.org"})
    code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert code
    return world.call("account_confirm_login_code", client, {"code": code[0]})


@act("account_password_login")
def sign_in_with_a_password(world: World) -> Call:
    who = person_of(world.somebody(_PASSWORD))
    return world.call("account_password_login", world.visitor(), {"login": who.email, "password": _PASSWORD})


@act("account_logout")
def sign_out(world: World) -> Call:
    return world.call("account_logout", world.somebody())


@act("account_reauthenticate")
def show_who_one_is(world: World) -> Call:
    return world.call("account_reauthenticate", world.somebody(_PASSWORD), {"password": _PASSWORD})


@act("account_change_password")
def change_the_password(world: World) -> Call:
    new = {"oldpassword": _PASSWORD, "password1": f"{_PASSWORD}!", "password2": f"{_PASSWORD}!"}
    return world.call("account_change_password", world.somebody(_PASSWORD), new)


@act("account_set_password")
def set_a_password(world: World) -> Call:
    client = world.visitor()
    client.post("/accounts/login/", {"email": f"set{world.number()}@example.org"})
    code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert code
    client.post("/accounts/login/code/confirm/", {"code": code[0]})
    return world.call("account_set_password", client, {"password1": _PASSWORD, "password2": _PASSWORD})


@act("accounts:demo")
def enter_the_demonstration(world: World) -> Call:
    person = open_demo_account("citizen", name="", language="ru", now=world.now)
    return world.call("accounts:demo", world.visitor(), {"account": str(person.id)})


@act("accounts:profile")
def tell_a_name(world: World) -> Call:
    return world.call("accounts:profile", world.somebody(), {"name": "Анна", "language": "en"})


def _told(world: World) -> Actor:
    who = world.somebody()
    tell(
        [who.person_id],
        fact_id=new_id(),
        kind="k",
        sentence="Something happened.",
        params={},
        url="/",
        city_id=None,
        now=world.now,
    )
    return who


@act("notices:read-all")
def read_everything(world: World) -> Call:
    return world.call("notices:read-all", _told(world))


@act("notices:mail")
def choose_the_mail(world: World) -> Call:
    return world.call("notices:mail", world.somebody(), {"mail": "daily"})


@act("notices:unsubscribe")
def stop_the_mail(world: World) -> Call:
    who = world.somebody()
    assert who.person_id
    return world.call("notices:unsubscribe", world.visitor(), token=unsubscribe_token(who.person_id))


@act("undelivered")
def let_a_letter_go(world: World) -> Call:
    letter = Mail(new_id(), "gone@example.org", "Вам ответили", "Здравствуйте!")
    letters.post_letter(letter, now=world.now)
    letters.letter_given_up(letter.id, "550", now=world.now)
    return world.call("undelivered", world.adele, {"act": "let-go", "id": str(letter.id)}, city="perm")


@act("reports:file-what")
def begin_a_report(world: World) -> Call:
    client = world.visitor()
    client.get("/perm/report")
    return world.call("reports:file-what", client, {"category": "pothole"})


@act("reports:file-where")
def say_where(world: World) -> Call:
    client = world.visitor()
    client.post("/perm/report", {"category": "pothole"})
    data = {"lat": "58.0", "lon": "56.1", "act": "next"}
    return world.call("reports:file-where", client, data, photos=2)


@act("reports:file-details")
def say_more(world: World) -> Call:
    client = world.visitor()
    up_to_check(client)
    data = {"text": TEXT, "email": "d@example.org", "act": "next"}
    return world.call("reports:file-details", client, data, photos=2)


@act("reports:file-check")
def send_a_report(world: World) -> Call:
    client = world.browser(world.somebody())
    up_to_check(client)
    return world.call("reports:file-check", client)


@act("reports:file-confirm")
def follow_the_link(world: World) -> Call:
    client = world.visitor()
    up_to_check(client, email=f"link{world.number()}@example.org")
    assert send(client)["Location"] == "/perm/report/mailed"
    draft, token = link_in_mail().split("/")[-2:]
    return world.call("reports:file-confirm", world.visitor(), draft=draft, token=token)


@act("reports:join")
def join(world: World) -> Call:
    return world.call("reports:join", world.somebody(), number=number_of(world.report().serial))


@act("reports:leave")
def leave(world: World) -> Call:
    who, report = world.somebody(), world.report()
    services.join_report(report.pk, by=who, now=world.now)
    return world.call("reports:leave", who, number=number_of(report.serial))


@act("reports:confirm")
def confirm(world: World) -> Call:
    report = world.report(("answer", "boris"))
    return world.call("reports:confirm", world.alice, number=number_of(report.serial))


@act("reports:send-back")
def send_back(world: World) -> Call:
    number = number_of(world.report(("answer", "boris")).serial)
    data = {"reason": "not-done", "text": ANSWER}
    return world.call("reports:send-back", world.alice, data, number=number, photos=1)


@act("reports:hide")
def hide(world: World) -> Call:
    number = number_of(world.report().serial)
    return world.call("reports:hide", world.mila, {"hide_reason": "insult"}, number=number)


@act("reports:show")
def show(world: World) -> Call:
    report = world.report()
    services.hide_report(report.pk, "insult", by=world.mila, now=world.now)
    data = {"hide_reason": "insult"}
    return world.call("reports:show", world.mila, data, number=number_of(report.serial))


@act("reports:work")
def take_several(world: World) -> Call:
    reports = [str(world.report().pk) for _ in range(3)]
    return world.call("reports:work", world.boris, {"act": "take", "report": reports})


@act("reports:work-report")
def answer(world: World) -> Call:
    number = number_of(world.report().serial)
    data = {"verb": "answer", "text": ANSWER}
    return world.call("reports:work-report", world.boris, data, number=number, photos=1)


@act("reports:templates")
def write_a_template(world: World) -> Call:
    office = Office.objects.get(city_id=world.city.id, code="roads")
    data = {"office": str(office.id), "title": f"Ответ {world.number()}", "text": ANSWER}
    return world.call("reports:templates", world.boris, data)


@act("reports:dispatch")
def dispatch(world: World) -> Call:
    report = unrouted(world.city, world.alice, now=world.now)
    office = Office.objects.get(city_id=world.city.id, code="roads")
    return world.call("reports:dispatch", world.dina, {"report": str(report.pk), "office": str(office.id)})


@act("reports:people")
def appoint(world: World) -> Call:
    office = Office.objects.get(city_id=world.city.id, code="roads")
    data = {
        "act": "appoint",
        "email": person_of(world.somebody()).email,
        "office": str(office.id),
        "post-ru": "Инженер",
        "post-en": "Engineer",
        "why": "По приказу",
    }
    return world.call("reports:people", world.adele, data)


@act("api:reports")
def file(world: World) -> Call:
    point = {"lat": 58.0, "lon": 56.1}
    return world.call("api:reports", world.alice, {"category": "pothole", "text": TEXT, **point})


@act("api:report-join")
def join_by_program(world: World) -> Call:
    return world.call("api:report-join", world.somebody(), number=number_of(world.report().serial))


@act("api:report-moves")
def move_by_program(world: World) -> Call:
    number = number_of(world.report().serial)
    return world.call("api:report-moves", world.boris, {"verb": "answer", "text": ANSWER}, number=number)
