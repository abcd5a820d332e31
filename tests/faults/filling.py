"""Run inside a house of its own: files reports that are answered, brings them into the log, or builds the log anew."""

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django first
from django.utils import timezone  # noqa: E402
from tests.cast import a_person, a_pothole, an_officer  # noqa: E402
from tests.shared import PACKS  # noqa: E402
from tests.unguarded import unguarded  # noqa: E402

from veche.commons.casework.terms import Move  # noqa: E402
from veche.commons.journal import services as journal  # noqa: E402
from veche.commons.journal.models import FactRow, Leaf  # noqa: E402
from veche.commons.journal.rules.receipts import code_of  # noqa: E402
from veche.commons.journal.tasks import deliver_outbox  # noqa: E402
from veche.commons.offices.models import Office  # noqa: E402
from veche.commons.places import queries as places  # noqa: E402
from veche.kernel.pack import read_pack  # noqa: E402
from veche.modules.reports import services  # noqa: E402
from veche.site.packs import load_pack  # noqa: E402


def file(count: int, name: str) -> dict[str, Any]:
    """File reports, and answer each."""
    now = timezone.now()
    city: Any = places.city_by_code("perm")
    if city is None:
        load_pack(read_pack(PACKS / "perm"), now=now)
        city = places.city_by_code("perm")
    author = a_person(name, now=now)
    boris = an_officer(f"boris-{name}", city, Office.objects.get(code="roads").id, now=now)
    filed = []
    with transaction.atomic():
        for _ in range(count):
            report = services.file_report(a_pothole(city), city=city, by=author, now=timezone.now())
            move = Move("answer", text="Засыпали яму горячим асфальтом.")
            services.move_report(report.pk, move, by=boris, now=timezone.now())
            filed.append(report.pk)
    facts = FactRow.objects.filter(subject_id__in=filed, kind="reports.ReportFiled").order_by("id")
    return {"codes": [code_of(one) for one in facts.values_list("id", flat=True)]}


def settle() -> dict[str, Any]:
    """Deliver everything and bring it into the log."""
    while deliver_outbox(timezone.now()):
        pass
    while journal.sequence(now=timezone.now()):
        pass
    return {"size": Leaf.objects.count()}


def rebuild() -> dict[str, Any]:
    """Build the log anew out of the facts that are left; its files must have been removed before."""
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_leaf")
        cursor.execute("DELETE FROM journal_unsequenced")
        cursor.execute("INSERT INTO journal_unsequenced (fact_id) SELECT id FROM journal_factrow ORDER BY id")
    return settle()


WORDS = {"file": file, "settle": settle, "rebuild": rebuild}
if __name__ == "__main__":
    given = [int(one) if one.isdigit() else one for one in sys.argv[2:]]
    print(json.dumps(WORDS[sys.argv[1]](*given)))  # type: ignore[operator]  # noqa: T201
