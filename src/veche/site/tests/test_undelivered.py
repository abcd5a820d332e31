"""What did not arrive: the administrator of a city sees it, sends it again, and sees what becomes of it."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from tests.cast import a_person

from veche.commons.accounts.terms import Role
from veche.commons.journal import services as journal
from veche.commons.journal.models import FactRow, Outbox
from veche.commons.journal.services import listening
from veche.commons.journal.tasks import deliver_outbox
from veche.commons.notices import services as letters
from veche.commons.notices.models import Letter
from veche.commons.notices.terms import Mail
from veche.commons.places.terms import CityLoaded
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.site import undelivered

pytestmark = pytest.mark.django_db
PAGE = "/perm/work/undelivered/"


@pytest.fixture(autouse=True)
def _own_registers(monkeypatch):
    monkeypatch.setattr(
        listening, "_listeners", {kind: dict(all_) for kind, all_ in listening._listeners.items()}
    )


@pytest.fixture
def trouble(perm):
    """A listener that breaks with the address of somebody in its words, until it is mended."""
    deliver_outbox(timezone.now())

    class Trouble:
        mended = False

        def __call__(self, fact, *, fact_id, now):
            if not self.mended:
                raise KeyError("anna@example.org")

    one = Trouble()
    journal.subscribe(CityLoaded, "toy:trouble", one)
    return one


def failed_fact(city_id=None):
    fact = CityLoaded(
        ref=SubjectRef("places.city", new_id()), at=timezone.now(), city_id=city_id, city="perm", places=1
    )
    with transaction.atomic():
        fact_id = journal.record(fact).id
    deliver_outbox(timezone.now())
    return fact_id


def dead_letter(city_id=None):
    mail = Mail(new_id(), "anna@example.org", "Вам ответили", "Здравствуйте, Анна!")
    letters.post_letter(mail, now=timezone.now())
    Letter.objects.filter(id=mail.id).update(city_id=city_id)
    letters.letter_given_up(mail.id, "550", now=timezone.now())
    return mail.id


def test_only_the_administrator_of_the_city_comes_in(
    client, perm, boston, signed_in, adele, boris, dina, alice, now
):
    assert client.get(PAGE).status_code == 302
    for somebody in (alice, boris, dina):
        assert signed_in(somebody).get(PAGE).status_code == 403
        assert signed_in(somebody).post(PAGE, {"act": "facts"}).status_code == 403
    assert signed_in(adele).get(PAGE).status_code == 200
    assert signed_in(adele).get("/boston/work/undelivered/").status_code == 403
    other = a_person("bob", now=now, role=Role.ADMINISTRATOR, city_id=boston.id)
    assert signed_in(other).get(PAGE).status_code == 403


def test_an_empty_page_says_that_everything_arrived(perm, signed_in, adele):
    page = signed_in(adele, language="en").get(PAGE).content.decode()
    assert "Every fact has reached everybody" in page
    assert "The post has taken every letter" in page
    assert "Try all of them again" not in page


def test_what_failed_is_shown_by_classes_and_codes_and_names_nobody(perm, trouble, signed_in, adele):
    failed_fact(perm.id)
    dead_letter(perm.id)
    page = signed_in(adele, language="en").get(PAGE).content.decode()
    assert "toy:trouble: KeyError" in page
    assert "places.CityLoaded" in page
    assert "the post answered: 550" in page
    for secret in ("anna", "Анна", "Вам ответили"):
        assert secret not in page


def test_one_fact_is_tried_again_and_the_page_tells_what_became_of_it(perm, trouble, signed_in, adele):
    one, other = failed_fact(perm.id), failed_fact()
    browser = signed_in(adele, language="en")
    answer = browser.post(PAGE, {"act": "fact", "id": str(one)}, follow=True).content.decode()
    assert "fact is on its way again" in answer
    assert "wait for their turn: 1" in answer
    trouble.mended = True
    Outbox.objects.filter(fact_id=other).update(due_at=timezone.now() + timedelta(minutes=30))
    deliver_outbox(timezone.now())
    assert "arrived: 1" in browser.get(PAGE).content.decode()
    assert list(Outbox.objects.values_list("fact_id", flat=True)) == [other]
    row = FactRow.objects.get(kind="journal.DeliveriesReleased")
    assert (row.city_id, row.body["count"]) == (perm.id, 1)
    assert str(adele.person_id) not in str(row.body)


def test_all_are_tried_again_those_of_the_city_and_those_of_none(perm, boston, trouble, signed_in, adele):
    foreign = failed_fact(boston.id)
    for city_id in (perm.id, None):
        failed_fact(city_id)
    signed_in(adele).post(PAGE, {"act": "facts"})
    assert list(Outbox.objects.filter(attempts__gt=0).values_list("fact_id", flat=True)) == [foreign]


def test_letters_are_sent_again_or_thrown_away(perm, signed_in, adele):
    one, two, three = (dead_letter(perm.id) for _ in range(3))
    browser = signed_in(adele, language="en")
    assert "1 letter was thrown away" in browser.post(
        PAGE, {"act": "let-go", "id": str(one)}, follow=True
    ).content.decode().replace("\u00a0", " ")
    browser.post(PAGE, {"act": "letters", "id": str(two)})
    assert set(Letter.objects.filter(gave_up_at=None).values_list("id", flat=True)) == {two}
    browser.post(PAGE, {"act": "letters"})
    assert set(Letter.objects.filter(gave_up_at=None).values_list("id", flat=True)) == {two, three}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "x"},
        {"act": "fact"},
        {"act": "fact", "id": "x"},
        {"act": "letters", "id": ""},
        {"act": "let-go", "id": "1;"},
    ],
)
def test_what_makes_no_sense_changes_nothing(perm, trouble, signed_in, adele, form):
    failed_fact(perm.id)
    dead_letter(perm.id)
    assert signed_in(adele).post(PAGE, form).status_code == 302
    assert Outbox.objects.filter(attempts=1).count() == 1
    assert Letter.objects.filter(gave_up_at__isnull=False).count() == 1


def test_long_lists_are_paged(perm, trouble, signed_in, adele, monkeypatch):
    monkeypatch.setattr(undelivered, "PAGE", 2)
    facts = [failed_fact(perm.id) for _ in range(3)]
    dead = sorted(dead_letter(perm.id) for _ in range(3))
    browser = signed_in(adele)
    first = browser.get(PAGE).content.decode()
    assert f"?after={facts[1]}" in first
    assert f"?letters-after={dead[1]}" in first
    assert str(facts[2]) not in first
    assert str(facts[2]) in browser.get(f"{PAGE}?after={facts[1]}").content.decode()
    assert str(dead[2]) in browser.get(f"{PAGE}?letters-after={dead[1]}").content.decode()
    assert browser.get(f"{PAGE}?after=x&letters-after=y").status_code == 200


def test_the_cabinet_leads_administrators_there_and_says_how_much_waits(
    perm, trouble, signed_in, adele, boris
):
    assert "everything has arrived" in signed_in(adele, language="en").get("/cabinet/").content.decode()
    failed_fact(perm.id)
    dead_letter()
    page = signed_in(adele, language="en").get("/cabinet/").content.decode().replace("\u00a0", " ")
    assert f'href="{PAGE}"' in page
    assert "2 things wait for you" in page
    assert PAGE not in signed_in(boris).get("/cabinet/").content.decode()


def outbox(*words):
    stream = io.StringIO()
    call_command("outbox", *words, stdout=stream)
    return stream.getvalue()


def test_the_command_shows_and_releases_the_same(perm, boston, trouble):
    own, foreign, letter = failed_fact(perm.id), failed_fact(boston.id), dead_letter(perm.id)
    rows = [json.loads(line) for line in outbox("--city", "perm", "--json").splitlines()]
    assert [row["id"] for row in rows] == [str(own), str(letter)]
    assert [row["why"] for row in rows] == ["toy:trouble: KeyError", "550"]
    assert "anna" not in outbox()
    assert json.loads(outbox("--release", "--id", str(own), "--json")) == {"facts": 1, "letters": 0}
    assert json.loads(outbox("--release", "--json")) == {"facts": 1, "letters": 1}
    assert outbox() == ""
    assert {fact.city_id for fact in FactRow.objects.filter(kind="journal.DeliveriesReleased")} == {None}
    assert Outbox.objects.filter(fact_id__in=[own, foreign], attempts=0).count() == 2


@pytest.mark.parametrize("words", [("--city", "nowhere"), ("--id", str(new_id()))])
def test_wrong_usage_is_said_in_a_sentence(perm, words):
    with pytest.raises(CommandError):
        outbox(*words)
