"""The workloads: the same page or act on the real server and, by its captured SQL, on the bare handler."""

import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks import captured, load, town
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from veche.commons.search import services as search
from veche.kernel.ids import number_of, serial_of
from veche.modules.reports.models import Report
from veche.site import server

Request = Callable[[int], bytes]
_NUMBERS = 500
_FIRST_TIMES = 20_000


@dataclass(frozen=True)
class Workload:
    """A request by its turn, and the same for the bare handler where it is compared.

    `warm` requests are sent before anything is measured.
    """

    name: str
    request: Request
    bare: Request | None = None
    warm: int = 200


@dataclass(frozen=True)
class Scene:
    """All workloads of one town, and the SQL the bare handler needs."""

    workloads: tuple[Workload, ...]
    statements: str


def prepare(reports: int) -> Scene:
    """Bring the town to its size and take down the SQL of the pages and of one filing."""
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    server.collect_static()
    town.build(reports)
    search.rebuild(timezone.now())
    chance = random.Random(1)
    serials = list(
        Report.objects.order_by("-serial").values_list("serial", flat=True)[
            : reports // 2 : max(1, reports // 2 // _NUMBERS)
        ]
    )
    numbers = [number_of(one) for one in chance.sample(serials, min(_NUMBERS, len(serials)))]
    cookie = _session()
    pages = {"/perm/reports": _page("/perm/reports")}
    for number in numbers:
        pages[f"/perm/reports/{number}"] = _page(f"/perm/reports/{number}")
    pages["/file"] = _filing(cookie)
    return Scene(_workloads(numbers, _others(reports), cookie), captured.dump(pages))


def _others(reports: int) -> list[str]:
    """Reports nobody looked at yet: their pages have to be drawn."""
    rows = Report.objects.order_by("serial").values_list("serial", flat=True)
    return [number_of(one) for one in rows[: min(_FIRST_TIMES, reports // 2)]]


def _workloads(numbers: list[str], others: list[str], cookie: str) -> tuple[Workload, ...]:
    boxes = _boxes()
    words = ["яма на дороге", "фонарь", "снег тротуар", "собаки", "остановка автобуса"]
    queries = [load.get(f"/perm/reports?text={quote(one)}") for one in words]
    shown = [load.get(f"/perm/reports/{number}") for number in numbers]
    unseen = [load.get(f"/perm/reports/{number}") for number in others]
    filtered = [
        load.get(f"/perm/reports?status={status}&before={number.rpartition('-')[0]}")
        for status in ("routed", "answered", "confirmed")
        for number in others[::7]
    ]
    tiles = [load.get(f"/perm/map/clusters.json?box={box}&zoom={zoom}") for box, zoom in boxes]
    return (
        Workload("healthz", lambda _: load.get("/healthz")),
        Workload("list", lambda _: load.get("/perm/reports"), lambda _: load.get("/perm/reports")),
        Workload("report", lambda n: shown[n % len(shown)], lambda n: shown[n % len(shown)], warm=len(shown)),
        Workload("report, drawn anew", lambda n: unseen[n % len(unseen)], warm=0),
        Workload("list, filtered", lambda n: filtered[n % len(filtered)]),
        Workload("cluster tile", lambda n: tiles[n % len(tiles)]),
        Workload("search", lambda n: queries[n % len(queries)]),
        Workload("filing", lambda _: _file_request(cookie), lambda _: load.post("/file", b"{}")),
    )


def _page(path: str) -> list[list[object]]:
    client = Client()
    client.get(path)  # the directories of the city are read once and kept, as in a server
    return captured.plain(captured.statements(lambda: client.get(path)))


def _filing(cookie: str) -> list[list[object]]:
    client = Client()
    client.cookies.load(cookie)
    body = _body()

    numbers: list[str] = []

    def file() -> None:
        answer = client.post(
            "/api/v1/perm/reports", body, content_type="application/json", headers=_csrf(cookie) | _key()
        )
        assert answer.status_code == 201, answer.content
        numbers.append(answer.json()["number"])

    taken = captured.statements(file)
    serial = serial_of(numbers[0])
    assert isinstance(serial, int)
    return captured.plain(captured.inserts(taken, serial))


def _file_request(cookie: str, more: str = "") -> bytes:
    token = _csrf(cookie)["X-CSRFToken"]
    headers = f"Cookie: {cookie}\r\nX-CSRFToken: {token}\r\nIdempotency-Key: {uuid.uuid4()}\r\n{more}"
    return load.post("/api/v1/perm/reports", _body().encode(), headers=headers)


def _body() -> str:
    return json.dumps(
        {
            "id": str(uuid.uuid4()),
            "category": "social-other",
            "text": "Яма посреди дороги, объезжать опасно.",
            "lat": 58.0105,
            "lon": 56.2294,
            "address": "улица Ленина, 52",
        }
    )


def _session() -> str:
    person = town.citizen()
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "veche.commons.accounts.adapters.SignIn"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}; csrftoken={get_random_string(32)}"


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def _csrf(cookie: str) -> dict[str, str]:
    return {"X-CSRFToken": cookie.rpartition("csrftoken=")[2]}


def _boxes() -> list[tuple[str, int]]:
    """Viewports as a person would move over the city, near and far."""
    chance = random.Random(2)
    found = []
    for zoom, wide in ((6, 8.0), (8, 4.0), (10, 1.2), (12, 0.3), (14, 0.08)):
        for _ in range(20):
            lat, lon = 58.01 + chance.gauss(0, 0.05), 56.23 + chance.gauss(0, 0.1)
            box = f"{lon - wide / 2:.5f},{lat - wide / 4:.5f},{lon + wide / 2:.5f},{lat + wide / 4:.5f}"
            found.append((box, zoom))
    return found
