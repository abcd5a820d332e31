from datetime import timedelta

import pytest

from veche.commons.journal.models import FactRow
from veche.commons.offices import queries
from veche.commons.offices.models import Competence
from veche.commons.offices.services import learn_route
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refused


def taught(perm, day):
    return [row for row in queries.directory(perm.id).at(day).competences if row.origin == "dispatcher"]


def test_a_taught_route_holds_from_today_on(perm, dina, office_id, place_id, now):
    learn_route("dark-yard", place_id("west"), office_id("parks"), city_id=perm.id, by=dina, now=now)
    today = perm.calendar.local_date(now)
    assert [row.office_code for row in taught(perm, today)] == ["parks"]
    assert taught(perm, today - timedelta(days=1)) == []
    fact = FactRow.objects.get(kind="offices.RouteLearned")
    assert fact.body == {"category": "dark-yard", "office": "parks", "place": "west"}


def test_teaching_the_same_again_changes_nothing(perm, dina, office_id, place_id, now):
    first = learn_route("dark-yard", place_id("west"), office_id("parks"), city_id=perm.id, by=dina, now=now)
    again = learn_route("dark-yard", place_id("west"), office_id("parks"), city_id=perm.id, by=dina, now=now)
    assert first == again
    assert FactRow.objects.filter(kind="offices.RouteLearned").count() == 1


def test_a_new_lesson_ends_the_old_one(perm, dina, office_id, now):
    later = now + timedelta(days=10)
    learn_route("dark-yard", None, office_id("parks"), city_id=perm.id, by=dina, now=now)
    learn_route("dark-yard", None, office_id("roads"), city_id=perm.id, by=dina, now=later)
    assert [row.office_code for row in taught(perm, perm.calendar.local_date(later))] == ["roads"]
    assert [row.office_code for row in taught(perm, perm.calendar.local_date(now))] == ["parks"]


def test_a_mistake_mended_the_same_day_leaves_no_trace_in_the_table(perm, dina, office_id, now):
    learn_route("dark-yard", None, office_id("parks"), city_id=perm.id, by=dina, now=now)
    learn_route("dark-yard", None, office_id("roads"), city_id=perm.id, by=dina, now=now)
    assert Competence.objects.filter(origin="dispatcher").count() == 1


def test_officers_and_citizens_teach_nothing(perm, alice, boris, office_id, now):
    for person in (alice, boris):
        with pytest.raises(Refused) as refused:
            learn_route("dark-yard", None, office_id("parks"), city_id=perm.id, by=person, now=now)
        assert refused.value.codes == ("offices.may-not-teach",)


def test_an_office_or_place_of_nowhere_is_refused(perm, dina, office_id, now):
    with pytest.raises(Refused) as refused:
        learn_route("dark-yard", None, new_id(), city_id=perm.id, by=dina, now=now)
    assert refused.value.codes == ("offices.unknown-office",)
    with pytest.raises(Refused) as refused:
        learn_route("dark-yard", new_id(), office_id("parks"), city_id=perm.id, by=dina, now=now)
    assert refused.value.codes == ("offices.unknown-place",)
