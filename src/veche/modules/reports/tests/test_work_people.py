"""Who works in the city: appointed, dismissed, given and taken roles, each with a reason and a fact."""

import re
import sys

import pytest
from tests.cast import an_officer, person_of

from veche.commons.accounts.models import Person, RoleGrant
from veche.commons.accounts.queries import actor_of, person_by_email
from veche.commons.journal.models import FactRow

PEOPLE = "/perm/work/people/"


@pytest.fixture
def office(adele, signed_in):
    return signed_in(adele, language="en")


def appoint(client, office_id, **changes):
    fields = {
        "act": "appoint",
        "email": "Nina@Example.org",
        "office": str(office_id("roads")),
        "post-ru": "Инженер",
        "post-en": "Engineer",
        "why": "Order 12",
    }
    return client.post(PEOPLE, fields | changes)


def facts(kind):
    return FactRow.objects.filter(kind=kind).count()


def test_only_the_administrator_comes_in(perm, boris, dina, mila, alice, signed_in):
    for who in (boris, dina, mila, alice):
        assert signed_in(who).get(PEOPLE).status_code == 403
        assert signed_in(who).post(PEOPLE, {"act": "give"}).status_code == 403


def test_the_administrator_begins_here(perm, adele, signed_in):
    assert signed_in(adele).get("/perm/work/")["Location"] == PEOPLE


def test_an_officer_is_appointed_by_mail_and_may_answer_from_then_on(perm, office, office_id):
    assert appoint(office, office_id).status_code == 302
    person = person_by_email("nina@example.org")
    assert actor_of(person.id).answers_for(office_id("roads"))
    assert facts("offices.OfficerAppointed") == facts("accounts.RoleGranted") == 1
    page = office.get(PEOPLE).content.decode()
    assert "nina@example.org" in page
    assert "Engineer" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nobody"}, "This does not look like an e-mail address"),
        ({"office": ""}, "This office is not in the city"),
        ({"post-ru": "", "post-en": " "}, "Write the name of the post"),
        ({"why": " "}, "Please say why"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_stored(
    changes, sentence, perm, office, office_id
):
    people = Person.objects.count()
    answer = appoint(office, office_id, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"<span>{sentence}" in page
    assert ("Nina@Example.org" in page) == ("email" not in changes)
    assert Person.objects.count() == people


def test_appointing_twice_is_refused(perm, office, office_id):
    appoint(office, office_id)
    answer = appoint(office, office_id)
    assert answer.status_code == 422
    assert "already answers for the office" in answer.content.decode()


def test_an_officer_is_dismissed_with_a_reason(perm, office, boris, office_id):
    fields = {
        "act": "take",
        "person": str(boris.person_id),
        "role": "officer",
        "office": str(office_id("roads")),
    }
    refused = office.post(PEOPLE, fields)
    assert refused.status_code == 422
    assert "Please say why" in refused.content.decode()
    assert office.post(PEOPLE, fields | {"why": "Order 13"}).status_code == 302
    assert not actor_of(boris.person_id).answers_for(office_id("roads"))
    assert facts("offices.OfficerDismissed") == facts("accounts.RoleRevoked") == 1
    assert person_of(boris).is_active


@pytest.mark.parametrize("role", ["dispatcher", "moderator"])
def test_a_role_is_given_and_taken_back(role, perm, office):
    given = {"act": "give", "email": "nina@example.org", "role": role, "why": "Order 14"}
    assert office.post(PEOPLE, given).status_code == 302
    person = person_by_email("nina@example.org")
    assert {grant.role for grant in actor_of(person.id).grants} == {role}
    taken = {"act": "take", "person": str(person.id), "role": role, "office": "", "why": "Order 15"}
    assert office.post(PEOPLE, taken).status_code == 302
    assert not actor_of(person.id).grants
    assert office.post(PEOPLE, taken).status_code == 422


@pytest.mark.parametrize("role", ["administrator", "officer", "tsar", ""])
def test_no_other_role_is_given_here(role, perm, office):
    grants = RoleGrant.objects.count()
    answer = office.post(PEOPLE, {"act": "give", "email": "nina@example.org", "role": role, "why": "Order"})
    assert answer.status_code == 422
    assert RoleGrant.objects.count() == grants
    assert person_by_email("nina@example.org") is None


def test_the_administrators_own_role_is_not_taken_here(perm, office, adele):
    answer = office.post(
        PEOPLE, {"act": "take", "person": str(adele.person_id), "role": "administrator", "why": "Enough"}
    )
    assert answer.status_code == 422
    assert actor_of(adele.person_id).grants


def test_the_cabinet_leads_people_with_a_role_to_their_workplace(perm, adele, boris, alice, signed_in):
    assert PEOPLE in signed_in(adele).get("/cabinet/").content.decode()
    assert 'href="/perm/work/"' in signed_in(boris).get("/cabinet/").content.decode()
    assert "/perm/work/" not in signed_in(alice).get("/cabinet/").content.decode()


def test_the_people_are_paged_everybody_once_and_the_whole_citys_first(
    perm, adele, dina, mila, boris, olga, office_id, now, signed_in, monkeypatch
):
    monkeypatch.setattr(sys.modules["veche.modules.reports.views.work.people"], "STAFF_PAGE", 3)
    for name in ("gleb", "vera"):
        an_officer(name, perm, office_id("roads"), now=now)
    browser, seen, page = signed_in(adele), [], PEOPLE
    while page:
        text = browser.get(page).content.decode()
        seen.append(re.findall(r"(\w+)@example\.org", text.split("<tbody>")[1].split("</tbody>")[0]))
        later = re.search(r'rel="next" href="([^"]+)"', text)
        page = f"{PEOPLE}{later[1]}" if later else ""
    assert set(seen[0]) == {"adele", "dina", "mila"}
    assert sorted([*seen[1], *seen[2]]) == ["boris", "gleb", "olga", "vera"]
    assert [len(one) for one in seen] == [3, 3, 1]
