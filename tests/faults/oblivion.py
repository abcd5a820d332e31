"""Run inside a house of its own: a person lives there, leaves words everywhere, and is forgotten."""

import io
import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.mail import EmailMessage  # noqa: E402 - Django first
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402
from tests.cast import a_person, a_pothole, an_officer  # noqa: E402
from tests.shared import PACKS  # noqa: E402

from veche.commons.accounts.models import Person  # noqa: E402
from veche.commons.casework.terms import Move  # noqa: E402
from veche.commons.journal import queries as journal  # noqa: E402
from veche.commons.journal import services as log  # noqa: E402
from veche.commons.journal.models import FactRow  # noqa: E402
from veche.commons.journal.ports import EQUIPMENT  # noqa: E402
from veche.commons.journal.rules import tree  # noqa: E402
from veche.commons.journal.rules.notes import Checkpoint, Note  # noqa: E402
from veche.commons.media import services as media  # noqa: E402
from veche.commons.offices.models import Office  # noqa: E402
from veche.commons.places import queries as places  # noqa: E402
from veche.commons.search import services as search  # noqa: E402
from veche.commons.submissions import services as submissions  # noqa: E402
from veche.commons.submissions.terms import SUBMISSION  # noqa: E402
from veche.kernel.pack import read_pack  # noqa: E402
from veche.kernel.refs import SubjectRef  # noqa: E402
from veche.modules.reports import services  # noqa: E402
from veche.site import server  # noqa: E402
from veche.site.forgetting import forget_person  # noqa: E402
from veche.site.packs import load_pack  # noqa: E402
from veche.site.tasks import deliver  # noqa: E402

# Each stands in one place only, so that what is found names where it was left.
CANARIES = {
    name: f"kanareika{name}zq" for name in ("text", "address", "back", "draft", "name", "mail", "letter")
}
EMAIL = f"{CANARIES['mail']}@example.org"


def live() -> dict[str, Any]:
    """A person reports, objects, joins, begins a form, gets mail; the town works on it all."""
    server.collect_static()
    now = timezone.now()
    load_pack(read_pack(PACKS / "perm"), now=now)
    city: Any = places.city_by_code("perm")
    alice = a_person("alice", now=now)
    Person.objects.filter(id=alice.person_id).update(email=EMAIL, name=CANARIES["name"])
    boris = an_officer("boris", city, Office.objects.get(code="roads").id, now=now)
    new = a_pothole(city, text=f"Яма {CANARIES['text']} у дома", address=f"улица {CANARIES['address']}")
    report = services.file_report(new, city=city, by=alice, now=now)
    photo = media.take_in(
        _upload(),
        subject=SubjectRef(SUBMISSION, report.submission_id),
        city_id=city.id,
        owner_id=alice.person_id,
        now=now,
    )
    services.move_report(report.pk, Move("answer", text="Засыпали горячим асфальтом."), by=boris, now=now)
    services.move_report(
        report.pk, Move("send_back", text=f"Нет {CANARIES['back']}", reason="not-done"), by=alice, now=now
    )
    draft, _ = submissions.draft_for(
        None, city_id=city.id, purpose="report", person_id=alice.person_id, now=now
    )
    submissions.keep(draft, {"text": CANARIES["draft"]}, now=now)
    EmailMessage("Письмо", CANARIES["letter"], to=[EMAIL]).send()
    _work()
    page = Client(SERVER_NAME="localhost").get(f"/perm/reports/{_number(report)}")
    assert CANARIES["text"] in page.content.decode()
    return {
        "person": str(alice.person_id),
        "report": str(report.pk),
        "photo": str(photo.id),
        "key": EQUIPMENT.ring.known_keys([alice.person_id])[alice.person_id].hex(),
        "canaries": list(CANARIES.values()),
        "number": _number(report),
    }


def forget() -> dict[str, Any]:
    """The person is forgotten; the town works on; what proves what."""
    now = timezone.now() + timedelta(minutes=1)
    person = Person.objects.get(email=EMAIL)
    facts = list(FactRow.objects.values_list("id", flat=True))
    sealed = sum(
        len(one) for one in journal.openings_of({fact: ["text", "address"] for fact in facts}).values()
    )
    forget_person(person.id, reason="person", role="citizen", now=now)
    _work()
    search.rebuild(timezone.now())
    left = journal.openings_of({fact: ["text", "address", "point", "person"] for fact in facts})
    words = [one.value for some in left.values() for one in some.values()]
    return {
        "proven": sum(map(_is_proven, facts)),
        "facts": len(facts),
        "sealed": sealed,
        "left": words,
        "pages": _pages(),
    }


def _is_proven(fact_id: Any) -> bool:
    found = journal.receipt_of(fact_id)
    assert found is not None
    assert found.position is not None
    checkpoint = Checkpoint.parse(Note.parse(found.checkpoint).text)
    leaf = tree.leaf_hash(found.entry)
    return tree.includes(leaf, found.position, checkpoint.size, found.proof, checkpoint.root)


def _work() -> None:
    while deliver():
        pass
    while log.sequence(now=timezone.now()):
        pass


def _pages() -> str:
    client = Client(SERVER_NAME="localhost")
    number = (
        FactRow.objects.filter(kind="reports.ReportFiled").values_list("body", flat=True).first()["number"]
    )
    report = f"perm/reports/{number}"
    paths = (
        "/perm/", "/perm/reports", f"/{report}", "/journal", "/api/v1/perm/reports", f"/api/v1/{report}",
        "/api/v1/journal", "/perm/reports?q=kanareika", "/perm/reports.csv",
    )  # fmt: skip
    return "".join(client.get(path).content.decode(errors="replace") for path in paths)


def _number(report: Any) -> str:
    from veche.kernel.ids import number_of

    return number_of(report.serial)


def _upload() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 60)).save(body, "JPEG")
    return SimpleUploadedFile("pit.jpg", body.getvalue(), "image/jpeg")


if __name__ == "__main__":
    print(json.dumps({"live": live, "forget": forget}[sys.argv[1]](), default=str))  # noqa: T201
