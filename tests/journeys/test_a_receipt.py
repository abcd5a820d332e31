"""Who files gets a receipt that proves it, at once and later; strangers learn nothing private from it."""

import json
from base64 import b64decode

import pytest
from django.db import connection
from tests.cast import a_pothole
from tests.unguarded import unguarded

from veche.commons.journal import queries as journal
from veche.commons.journal import services
from veche.commons.journal.models import FactRow
from veche.commons.journal.rules import tree
from veche.commons.journal.rules.leaves import commitment
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.rules.receipts import Promise
from veche.kernel.ids import number_of
from veche.modules.reports.services import file_report, hide_report

TEXT = "Провал у канареечного дома"


@pytest.fixture
def report(perm, alice, now):
    return file_report(a_pothole(perm, text=TEXT), city=perm, by=alice, now=now)


@pytest.fixture
def code(report):
    return journal.promise_for(report.id, "reports.ReportFiled").code


def logged(now):
    while services.sequence(now=now):
        pass


def test_the_api_hands_out_a_signed_promise_at_once(perm, alice, signed_in):
    body = {"category": "pothole", "text": TEXT, "lat": 58.0, "lon": 56.1}
    answer = signed_in(alice).post(
        "/api/v1/perm/reports", body, content_type="application/json", headers={"Idempotency-Key": "r-1"}
    )
    receipt = answer.json()["receipt"]
    note = Note.parse(receipt["promise"])
    assert note.signed_by(services.verifier())
    promised = Promise.parse(note.text)
    assert str(promised.fact_id) == receipt["fact"]
    assert promised.leaf == b64decode(receipt["leaf_hash"])
    assert promised.leaf == bytes(FactRow.objects.get(pk=receipt["fact"]).leaf_hash)


def test_a_receipt_is_a_promise_first_and_a_proof_later(client, code, now):
    first = client.get(f"/receipts/{code}.json").json()
    assert first["position"] is None
    assert first["checkpoint"] == ""
    assert "Обещано" in client.get(f"/receipts/{code}").content.decode()
    assert client.get(f"/receipts/{code}.tlog-proof").status_code == 404
    logged(now)
    later = client.get(f"/receipts/{code}.json").json()
    assert later["promise"] == first["promise"]
    assert later["entry"] == first["entry"]
    note = Note.parse(later["checkpoint"])
    assert note.signed_by(Verifier.parse(later["key"]))
    checkpoint = Checkpoint.parse(note.text)
    proof = [b64decode(one) for one in later["proof"]]
    leaf = tree.leaf_hash(b64decode(later["entry"]))
    assert tree.includes(leaf, later["position"], checkpoint.size, proof, checkpoint.root)
    assert (
        client.get(f"/receipts/{code}.tlog-proof")
        .content.decode()
        .startswith("c2sp.org/tlog-proof@v1\nindex ")
    )


def test_the_public_receipt_opens_what_the_page_shows_and_no_more(client, report, code, mila, now):
    shown = client.get(f"/receipts/{code}.json").json()
    assert shown["openings"]["text"]["value"] == TEXT
    assert "person" not in shown["openings"]
    for name, one in shown["openings"].items():
        assert commitment(b64decode(one["salt"]), name, one["value"]) == shown["fact"]["private"][name]
    hide_report(report.id, "insult", by=mila, now=now)
    hidden = client.get(f"/receipts/{code}.json").json()
    assert hidden["openings"] == {}
    assert TEXT not in json.dumps(hidden, ensure_ascii=False)


def test_the_authors_receipt_opens_everything_and_is_the_authors_alone(
    perm, alice, boris, report, client, signed_in
):
    address = f"/perm/reports/{number_of(report.serial)}/receipt.json"
    own = signed_in(alice).get(address)
    assert "attachment" in own["Content-Disposition"]
    assert own.json()["openings"].keys() == own.json()["fact"]["private"].keys()
    assert own.json()["openings"]["person"]["value"] == str(alice.person_id)
    assert client.get(address).status_code == 404
    assert signed_in(boris).get(address).status_code == 404


def test_a_typed_code_leads_to_its_receipt_and_a_wrong_one_says_what_to_do(client, code):
    typed = code.lower().replace("-", "")
    assert client.get("/receipts", {"code": typed})["Location"] == f"/receipts/{code}"
    unknown = client.get("/receipts", {"code": "06AC-7Q3F-9KME-PX2T-B4WD"})
    assert unknown.status_code == 404
    assert "сохраните его" in unknown.content.decode()
    assert "двадцать букв" in client.get("/receipts", {"code": "абв"}).content.decode()


def test_a_line_changed_past_the_program_is_shown_with_a_warning_and_proved_as_it_was(client, code, now):
    logged(now)
    before = client.get(f"/receipts/{code}.json").json()
    with unguarded(connection):
        FactRow.objects.filter(kind="reports.ReportFiled").update(at=now.replace(year=2020))
    assert client.get(f"/receipts/{code}.json").json()["entry"] == before["entry"]
    assert "изменил её в обход программы" in client.get(f"/receipts/{code}").content.decode()


def test_a_line_removed_past_the_program_is_still_proved(client, code, report, now):
    logged(now)
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_outbox")
        cursor.execute("DELETE FROM journal_factrow WHERE kind = 'reports.ReportFiled'")
    found = client.get(f"/receipts/{code}.json").json()
    assert found["position"] is not None
    assert "из списка она пропала" in client.get(f"/receipts/{code}").content.decode()


def test_an_order_of_a_court_leaves_a_tombstone(client, report, mila, now):
    hide_report(report.id, "court", by=mila, now=now, order="Ленинский суд Перми, дело 2-17, 3 марта 2026")
    page = client.get(f"/perm/reports/{number_of(report.serial)}")
    assert page.status_code == 410
    assert "дело 2-17" in page.content.decode()
    assert TEXT not in page.content.decode()
    body = FactRow.objects.get(kind="reports.ReportHidden").body
    assert (body["reason"], body["role"], body["order"]) == (
        "court", "moderator", "Ленинский суд Перми, дело 2-17, 3 марта 2026",
    )  # fmt: skip
