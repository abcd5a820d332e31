"""A stranger looks at the house: what is honest is proven, and whatever an administrator did by SQL is named."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.unguarded import unguarded
from tests.verifying import Looked, codes, looked, said, sequenced, wrongs

from veche.commons.casework.models import Case, Step
from veche.commons.journal.adapters.folder import MemoryStore
from veche.commons.journal.models import FactRow, Leaf, PrivateValues
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules.receipts import code_of
from veche.commons.journal.rules.verifying.run import Wish, verify_offline
from veche.commons.submissions.models import Submission
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import a_draft_with_a_photo, filed, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """The real moment: a stranger's clock is nobody's to set."""
    return datetime.now(UTC)


@pytest.fixture
def store(monkeypatch):
    found = MemoryStore()
    monkeypatch.setattr(EQUIPMENT, "store", found)
    return found


@pytest.fixture
def town(perm, alice, clara, boris, dina, mila, office_id, now, store, deliver):
    """A few reports that lived in every way, all of it in the log."""
    reports = [filed(perm, alice, now=now + timedelta(minutes=n)) for n in range(6)]
    pictured = a_draft_with_a_photo(perm, alice, now=now, photos=2)
    reports.append(filed(perm, alice, now=now, photos_from=pictured))
    dark = filed(perm, alice, now=now, category="dark-yard", text="Темно во дворе, не видно ступеней.")
    services.join_report(reports[0].pk, by=clara, now=now)
    services.join_report(reports[1].pk, by=clara, now=now)
    services.leave_report(reports[1].pk, by=clara, now=now)
    moved(reports[0], "take", boris, now=now)
    moved(reports[0], "answer", boris, now=now)
    moved(reports[0], "send_back", alice, now=now)
    moved(reports[1], "plan", boris, now=now)
    moved(reports[2], "refuse", boris, now=now)
    moved(reports[3], "not_ours", boris, now=now)
    services.route_report(dark.pk, office_id("roads"), by=dina, now=now)
    services.hide_report(reports[4].pk, "insult", by=mila, now=now)
    deliver()
    sequenced(now=now)
    return [*reports, dark]


def changed(row, **values):
    """A superuser changes one row by SQL, with the triggers off."""
    with unguarded(connection):
        type(row).objects.filter(pk=row.pk).update(**values)


def back(row, values):
    """Put a row back as it was."""
    model = type(row)
    key = values.get("position", row.pk) if model is Leaf else row.pk
    with unguarded(connection):
        was = {name: getattr(row, model._meta.get_field(name).attname) for name in values}
        model.objects.filter(pk=key).update(**was)


def test_an_honest_house_is_proven(town):
    verdict = looked()
    assert said(verdict) == ""
    assert {"log.whole", "rows.same", "reports.same"} <= {one.code for one in verdict.findings}
    assert verdict.memory


def test_the_list_is_read_with_as_many_statements_however_many_facts_it_shows(
    town, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        Looked().get("/api/v1/journal?openings=true&limit=200", most=1 << 26)


COLUMNS = [
    (FactRow, {"kind": "reports.ReportJoined"}), (FactRow, {"subject_kind": "other.kind"}),
    (FactRow, {"subject_id": "018f0000-0000-7000-8000-000000000001"}), (FactRow, {"city_id": None}),
    (FactRow, {"at": "2020-01-01T00:00:00Z"}), (FactRow, {"body": {"number": "1"}}),
    (FactRow, {"sealed": {"text": "00"}}), (FactRow, {"leaf_hash": bytes(32)}),
    (Leaf, {"leaf_hash": bytes(32)}), (Leaf, {"position": 10_000}),
    (Leaf, {"fact_id": "018f0000-0000-7000-8000-000000000002"}),
    (Step, {"at": "2020-01-01T00:00:00Z"}), (Step, {"text": "Всё хорошо, ямы нет."}), (Step, {"verb": "take"}),
    (Step, {"from_status": "new"}), (Step, {"to_status": "confirmed"}), (Step, {"actor_role": "citizen"}),
    (Step, {"actor_id": None}), (Step, {"reason": "lie"}), (Step, {"details": {"x": "y"}}), (Step, {"position": 77}),
    (Step, {"office_id": None}),
    (Submission, {"text": "Здесь чисто."}), (Submission, {"address": "улица Мира, 1"}), (Submission, {"lat": 58.01}),
    (Submission, {"lon": 56.2}), (Submission, {"author_id": None}), (Submission, {"anonymous": False}),
    (Submission, {"details": {"a": "b"}}), (Submission, {"channel": "mail"}), (Submission, {"language": "en"}),
    (Submission, {"received_at": "2020-01-01T00:00:00Z"}), (Submission, {"serial": 987_654}),
    (Submission, {"source": "other"}), (Submission, {"external_id": "7"}), (Submission, {"cell": 1}),
    (Report, {"status": "confirmed"}), (Report, {"overdue": True}), (Report, {"office_id": None}),
    (Report, {"title": "Чисто"}), (Report, {"folded": "x"}), (Report, {"address": ""}), (Report, {"lat": 57.9}),
    (Report, {"cell": 5}), (Report, {"supporters": 40}), (Report, {"filed_at": "2020-01-01T00:00:00Z"}),
    (Report, {"due_at": "2029-01-01T00:00:00Z"}), (Report, {"answered_at": "2020-01-01T00:00:00Z"}),
    (Report, {"hidden": True}), (Report, {"group": "parks"}), (Report, {"serial": 876_543}),
    (Case, {"status": "confirmed"}), (Case, {"due_at": "2029-01-01T00:00:00Z"}), (Case, {"office_id": None}),
    (Case, {"overdue_at": "2026-01-01T00:00:00Z"}), (Case, {"closed_at": "2026-01-01T00:00:00Z"}),
    (Case, {"answered_at": "2020-01-01T00:00:00Z"}), (Case, {"not_ours_count": 9}), (Case, {"steps_count": 9}),
    (Case, {"opened_at": "2020-01-01T00:00:00Z"}), (Case, {"subject_id": "018f0000-0000-7000-8000-000000000003"}),
]  # fmt: skip


@pytest.mark.parametrize("model", [FactRow, Leaf, Step, Submission, Report, Case])
def test_whatever_column_is_changed_by_sql_it_is_named(town, model):
    report = town[1]  # planned: joined and left, one step with its details
    fact = FactRow.objects.get(kind="reports.ReportFiled", subject_id=report.pk)
    name = str(fact.pk) if model in {FactRow, Leaf} else f"Report {number_of(report.serial)}"
    row = {
        FactRow: fact,
        Leaf: Leaf.objects.get(fact_id=fact.pk),
        Step: Step.objects.get(case_id=report.case_id),
        Submission: report.submission,
        Report: report,
        Case: report.case,
    }[model]
    row.refresh_from_db()
    unseen = []
    for values in (values for one, values in COLUMNS if one is model):
        changed(row, **values)
        if name not in said(looked()):
            unseen.append(values)
        back(row, values)
    assert unseen == []
    assert said(looked()) == ""


def test_a_hidden_report_is_watched_too(town):
    hidden = town[4]
    changed(hidden.submission, text="Совсем другое.")
    assert f"Report {number_of(hidden.serial)}" in said(looked())
    assert codes(looked()) >= {"report.altered"}


def test_a_hidden_report_that_is_shown_by_sql_is_named(town):
    changed(town[4], hidden=False)
    assert "hidden is shown as no; by the log it is yes" in said(looked())


@pytest.mark.parametrize("model", [FactRow, Leaf, Step, PrivateValues])
def test_whatever_row_is_deleted_by_sql_is_named(town, model):
    report = town[1]
    fact = FactRow.objects.get(kind="reports.ReportFiled", subject_id=report.pk)
    step = Step.objects.get(case_id=report.case_id)
    column = "fact_id" if model in {Leaf, PrivateValues} else "id"
    key = step.pk if model is Step else fact.pk
    with unguarded(connection), connection.cursor() as cursor:
        plain = key.hex if connection.vendor == "sqlite" else key
        cursor.execute("DELETE FROM journal_delivery")
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = %s", [plain])
    assert str(fact.pk) in said(looked()) or f"Report {number_of(report.serial)}" in said(looked())


def test_a_fact_put_in_by_sql_is_named_once_it_should_have_been_logged(town, now):
    fact = FactRow.objects.first()
    fact.pk = type(fact)._meta.pk.default()
    with unguarded(connection):
        fact.save(force_insert=True)
    assert "row.unlogged" in codes(looked())
    assert "row.unlogged" not in codes(looked(later=timedelta(0)))


def test_a_log_that_was_cut_is_told_by_who_saw_it_whole(town, store, perm, alice, now):
    seen = looked(later=timedelta(0)).memory
    early = dict(store.files)
    filed(perm, alice, now=now)
    sequenced(now=now)
    later = looked(memory=seen)
    assert "log.extends" in {one.code for one in later.findings}
    store.files.clear()
    store.files.update(early)
    verdict = looked(Wish(), later.memory)
    assert codes(verdict) == {"log.shrunk"}
    assert "Lines that are gone: 2." in said(verdict)
    assert verdict.memory is None
    (finding,) = wrongs(verdict)
    assert finding.evidence[0] == later.memory.note


def rebuilt(store, now):
    """The log built anew out of what is left of the facts."""
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_leaf")
        cursor.execute("DELETE FROM journal_unsequenced")
        cursor.execute("INSERT INTO journal_unsequenced (fact_id) SELECT id FROM journal_factrow ORDER BY id")
    store.files.clear()
    sequenced(now=now)


def test_a_log_built_anew_without_one_report_contradicts_its_past(town, store, perm, alice, now):
    seen = looked().memory
    victim = FactRow.objects.filter(subject_id=town[0].pk)
    ids = list(victim.values_list("id", flat=True))
    with unguarded(connection):
        PrivateValues.objects.filter(fact_id__in=ids).delete()
        connection.cursor().execute("DELETE FROM journal_delivery")
        FactRow.objects.filter(pk__in=ids)._raw_delete("default")
    for n in range(12):
        filed(perm, alice, now=now + timedelta(minutes=n))
    rebuilt(store, now)
    assert codes(looked(Wish(quick=True), seen)) == {"log.rewritten"}
    assert codes(looked(Wish(quick=True), None)) == set(), "who never looked before cannot know"


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000"])
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_a_file_of_the_log_that_was_tampered_with_is_named(town, store, path, how):
    content = store.files[path]
    if how == "gone":
        del store.files[path]
    else:
        store.files[path] = (
            content[:-5] if how == "cut" else content[:40] + bytes([content[40] ^ 1]) + content[41:]
        )
    found = codes(looked(Wish()))
    assert found & {"tile.missing", "tile.altered", "entry.altered"}, found


def test_another_key_is_an_alarm_and_is_not_believed(town, store, now, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from veche.commons.journal.adapters.log_key import KeyFile

    seen = looked().memory
    old = EQUIPMENT.key
    monkeypatch.setattr(EQUIPMENT, "key", KeyFile(old.name, Ed25519PrivateKey.generate()))
    store.files.clear()
    sequenced(now=now)
    verdict = looked(Wish(), seen)
    assert codes(verdict) == {"about.key-changed", "checkpoint.unsigned"}
    assert verdict.memory is None
    accepted = looked(Wish(accept=True), seen)
    assert codes(accepted) == set()
    assert accepted.memory.key.key == EQUIPMENT.key.public


def test_a_witness_that_is_missing_is_named(town, store, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from veche.commons.journal.rules.notes import COSIGNING, Note, Verifier, cosigned

    private = Ed25519PrivateKey.generate()
    paper = Verifier("paper.example.org", private.public_key().public_bytes_raw(), COSIGNING)
    other = Verifier(
        "uni.example.org", Ed25519PrivateKey.generate().public_key().public_bytes_raw(), COSIGNING
    )
    wish = Wish(witnesses=(paper, other), needed=1)
    assert codes(looked(wish)) == {"witnesses.few"}
    note = Note.parse(store.files["checkpoint"].decode())
    store.files["checkpoint"] = str(
        note.with_signatures([cosigned(note.text, paper, private, at=1)])
    ).encode()
    verdict = looked(wish)
    assert codes(verdict) == set()
    assert [one.params["name"] for one in verdict.findings if one.code == "witness.missing"] == [
        "uni.example.org"
    ]
    assert codes(looked(Wish(witnesses=(paper, other), needed=2))) == {"witnesses.few"}


def receipt_of(fact_id):
    return Looked().get(f"/receipts/{code_of(fact_id)}.json", most=1 << 20)


def test_a_fact_that_was_written_in_with_an_old_date_is_named_by_who_looked_before(town, perm, now):
    from veche.commons.journal.rules.verifying.memory import Memory

    seen = looked().memory
    fact = FactRow.objects.first()
    old = int((now - timedelta(days=900)).timestamp() * 1000)
    fact.pk = type(fact.pk)(int=(old << 80) | 0x7000_8000_0000_0000_0001)
    from veche.commons.journal import queries
    from veche.commons.journal.rules.leaves import leaf_of
    from veche.commons.journal.rules.tree import leaf_hash

    fact.leaf_hash = leaf_hash(leaf_of(queries.leaf_fact(fact)))
    fact.save(force_insert=True)
    sequenced(now=now)
    assert isinstance(seen, Memory)
    assert codes(looked(Wish(), seen)) == {"entry.late"}
    assert "entry.order" in {one.code for one in looked(Wish()).findings}


def test_a_receipt_proves_itself_and_no_byte_of_it_may_change(town, now):
    fact = FactRow.objects.get(kind="reports.ReportFiled", subject_id=town[0].pk)
    content = receipt_of(fact.pk)
    verdict = verify_offline([("r.json", content)], None)
    assert codes(verdict) == set()
    said_of = {one.code: one.params for one in verdict.findings}
    assert said_of["receipt.opened"]["names"] == "address, point, text"
    receipt = json.loads(content)
    for name, other in (
        ("code", "0000-0000-0000-0000-0000"), ("position", receipt["position"] + 1), ("origin", "x"),
        ("proof", receipt["proof"][:-1]), ("leaf_hash", receipt["proof"][0]), ("position", True), ("proof", None),
        ("checkpoint", receipt["promise"]), ("promise", receipt["checkpoint"]), ("openings", {"text": 5}),
        ("key", receipt["key"].replace("/journal", "/journals")), ("fact", {**receipt["fact"], "kind": "x"}),
        ("openings", {**receipt["openings"], "text": {**receipt["openings"]["text"], "value": "Чисто."}}),
    ):  # fmt: skip
        mutant = json.dumps({**receipt, name: other}).encode()
        assert codes(verify_offline([("m.json", mutant)], None)) & {
            "receipt.altered",
            "receipt.unreadable",
        }, name
    assert codes(looked(Wish(receipts=(("r.json", content),)))) == set()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"key": 5}', b"[" * 100_000])
def test_what_is_no_receipt_is_said_to_be_none(content):
    assert codes(verify_offline([("x.json", content)], None)) == {"receipt.unreadable"}


def test_a_promise_that_was_not_kept_is_proof(town, store, perm, alice, now):
    report = filed(perm, alice, now=now)
    fact = FactRow.objects.get(kind="reports.ReportFiled", subject_id=report.pk)
    promised = receipt_of(fact.pk)
    assert json.loads(promised)["position"] is None
    wish = Wish(receipts=(("p.json", promised),))
    early = looked(wish, later=timedelta(0))
    assert {one.code for one in early.findings} >= {"receipt.promised", "receipt.waits"}
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_unsequenced")
    assert codes(looked(wish)) == {"receipt.missing"}
    assert "promised on" in said(looked(wish))
    # And when it does come, the promise is kept.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_unsequenced (fact_id) SELECT id FROM journal_factrow"
            " WHERE id NOT IN (SELECT fact_id FROM journal_leaf)"
        )
    sequenced(now=now)
    assert codes(looked(wish)) == set()
    assert codes(looked(Wish(quick=True, receipts=wish.receipts))) == set()


def test_the_record_of_a_report_shows_no_private_word(town, client, alice):
    for report in town:
        content = client.get(f"/api/v1/perm/reports/{number_of(report.serial)}/record").content.decode()
        assert report.submission.text not in content
        assert "example.org" not in content
        assert str(alice.person_id) not in content


@pytest.mark.django_db(transaction=True)
def test_a_person_who_was_forgotten_is_not_missed_but_nobody_else_may_go(town, now, alice, boris, deliver):
    from veche.commons.accounts.models import Person, RoleGrant
    from veche.commons.offices.models import Officer
    from veche.site.forgetting import forget_person

    Officer.objects.filter(person_id=boris.person_id).update(until_at=now)
    RoleGrant.objects.filter(person_id=boris.person_id).update(until_at=now)
    for one in (alice, boris):
        forget_person(one.person_id, reason="person", role="citizen", now=now)
    deliver()
    sequenced(now=now)
    assert said(looked()) == ""
    assert Person.objects.exists()
    # Keys of which no line says so: the words of offices.
    for report in town:
        EQUIPMENT.ring.destroy(report.pk)
    assert "report.unopened" in codes(looked())
