import pytest
from tests.cast import person_of

from veche.commons.accounts.queries import actor_of
from veche.commons.journal.models import FactRow
from veche.commons.offices import queries, rules
from veche.commons.offices.models import Office
from veche.commons.offices.services import appoint_officer, dismiss_officer
from veche.kernel.refusals import Refused

POST = {"ru": "Главный инженер", "en": "Chief engineer"}


@pytest.fixture
def parks(office_id):
    return Office.objects.get(pk=office_id("parks"))


def test_an_appointed_officer_answers_for_the_office(perm, alice, adele, parks, now):
    appoint_officer(person_of(alice), parks, POST, by=adele, now=now)
    assert actor_of(alice.person_id, now=now).answers_for(parks.id)
    assert queries.officers_of([parks.id])[alice.person_id].post == POST
    assert [post.office_id for post in queries.posts_of(alice.person_id)] == [parks.id]


def test_the_fact_of_an_appointment_names_nobody(perm, alice, adele, parks, now):
    appoint_officer(person_of(alice), parks, POST, by=adele, now=now)
    assert FactRow.objects.get(kind="offices.OfficerAppointed").body == {"office": "parks", "is_head": False}


def test_a_new_head_takes_the_place_of_the_old_one(perm, alice, clara, adele, parks, now):
    appoint_officer(person_of(alice), parks, POST, is_head=True, by=adele, now=now)
    appoint_officer(person_of(clara), parks, POST, is_head=True, by=adele, now=now)
    assert rules.head_of(queries.officers_of([parks.id]).values()).person_id == clara.person_id


def test_a_dismissed_officer_answers_for_nothing_more(perm, alice, adele, parks, now):
    appoint_officer(person_of(alice), parks, POST, by=adele, now=now)
    dismiss_officer(person_of(alice), parks, by=adele, now=now)
    assert queries.officers_of([parks.id]) == {}
    assert not actor_of(alice.person_id, now=now).answers_for(parks.id)


def test_nobody_is_appointed_twice_or_dismissed_from_nowhere(perm, alice, clara, adele, parks, now):
    appoint_officer(person_of(alice), parks, POST, by=adele, now=now)
    with pytest.raises(Refused) as refused:
        appoint_officer(person_of(alice), parks, POST, by=adele, now=now)
    assert refused.value.codes == ("offices.already-there",)
    with pytest.raises(Refused) as refused:
        dismiss_officer(person_of(clara), parks, by=adele, now=now)
    assert refused.value.codes == ("offices.not-an-officer",)


def test_only_administrators_appoint(perm, alice, dina, parks, now):
    with pytest.raises(Refused) as refused:
        appoint_officer(person_of(alice), parks, POST, by=dina, now=now)
    assert refused.value.codes == ("offices.may-not-appoint",)
