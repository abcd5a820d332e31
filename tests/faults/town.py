"""Run inside a house of its own: fills it with reports, or says whether everything in it agrees."""

import json
import sys
from collections import Counter
from datetime import datetime
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402
from tests.cast import a_person, a_pothole, an_officer, person_of  # noqa: E402
from tests.shared import PACKS  # noqa: E402

from veche.commons.casework.models import Case, Clock, Step  # noqa: E402
from veche.commons.casework.terms import Move  # noqa: E402
from veche.commons.journal.models import Delivery, FactRow, Outbox  # noqa: E402
from veche.commons.journal.services.listening import listeners_of  # noqa: E402
from veche.commons.notices.models import Notice  # noqa: E402
from veche.commons.offices.models import Office  # noqa: E402
from veche.commons.places import queries as places  # noqa: E402
from veche.commons.places.models import CellCount  # noqa: E402
from veche.commons.search.models import Document  # noqa: E402
from veche.commons.submissions.models import Submission  # noqa: E402
from veche.kernel.pack import read_pack  # noqa: E402
from veche.modules.reports import services  # noqa: E402
from veche.modules.reports.models import Report  # noqa: E402
from veche.site.packs import load_pack  # noqa: E402
from veche.site.sessions import SessionStore  # noqa: E402


def fill(count: int) -> None:
    """`count` reports of one citizen, each answered by one officer."""
    now = timezone.now()
    load_pack(read_pack(PACKS / "perm"), now=now)
    city: Any = places.city_by_code("perm")
    alice = a_person("alice", now=now)
    boris = an_officer("boris", city, Office.objects.get(code="roads").id, now=now)
    for _ in range(count):
        report = services.file_report(a_pothole(city), city=city, by=alice, now=now)
        services.move_report(
            report.pk, Move("answer", text="Засыпали яму горячим асфальтом."), by=boris, now=now
        )


def state() -> dict[str, Any]:
    """What is there, counted two ways where there are two."""
    facts = Counter(FactRow.objects.values_list("kind", flat=True))
    cells = CellCount.objects.filter(layer="reports.report", zoom=15).exclude(status="").exclude(category="")
    counted: Counter[str] = Counter()
    for status, count in cells.values_list("status", "count"):
        counted[status] += count
    return {
        "reports": Report.objects.count(),
        "submissions": Submission.objects.count(),
        "cases": Case.objects.count(),
        "clocks": Clock.objects.filter(stage="answer").count(),
        "steps": Step.objects.count(),
        "documents": Document.objects.count(),
        "outbox": Outbox.objects.count(),
        "failed": sorted(set(Outbox.objects.exclude(error="").values_list("error", flat=True))),
        "deliveries": Delivery.objects.count(),
        "due_deliveries": sum(len(listeners_of(kind)) * count for kind, count in facts.items()),
        "counted": {key: value for key, value in counted.items() if value},
        "rows": Counter(Report.objects.values_list("status", flat=True)),
        "notices": Counter(Notice.objects.values_list("person__email", flat=True)),
    }


def found(count: int) -> dict[str, Any]:
    """A town with an officer for its roads and so many citizens, each signed in."""
    now = timezone.now()
    load_pack(read_pack(PACKS / "perm"), now=now)
    city: Any = places.city_by_code("perm")
    an_officer("boris", city, Office.objects.get(code="roads").id, now=now)
    return {"citizens": [_signed_in(number, now=now) for number in range(count)]}


def _signed_in(number: int, *, now: datetime) -> dict[str, Any]:
    person = person_of(a_person(f"citizen{number}", now=now))
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "veche.commons.accounts.adapters.SignIn"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    token = get_random_string(32)
    cookie = f"sessionid={session.session_key}; csrftoken={token}"
    return {"number": number, "cookie": cookie, "token": token}


if sys.argv[1] == "found":
    print(json.dumps(found(int(sys.argv[2]))))  # noqa: T201
    sys.exit()
if sys.argv[1] == "fill":
    fill(int(sys.argv[2]))
print(json.dumps(state()))  # noqa: T201
