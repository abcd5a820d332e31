from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.shared import PACKS

from veche.commons.journal.models import FactRow
from veche.commons.offices import queries
from veche.commons.offices.models import Competence, Office
from veche.commons.offices.services import load_offices
from veche.commons.places import queries as places
from veche.commons.places.models import City
from veche.kernel.pack import read_pack


@pytest.fixture
def pack():
    return read_pack(PACKS / "perm")


@pytest.fixture
def city(perm):
    return City.objects.get(code="perm")


def lines(city):
    return list(Competence.objects.order_by("id").values_list("id", "office", "category", "valid_until"))


def test_a_pack_brings_offices_with_their_parents_and_competences(perm):
    found = queries.directory(perm.id)
    assert found.by_code("roads").parent_id == found.by_code("city-hall").id
    assert [one.code for one in found.line_above(found.by_code("roads-east").id)] == [
        "roads-east",
        "roads",
        "city-hall",
    ]
    assert ("roads-east", "pothole") in {(row.office_code, row.category) for row in found.competences}


def test_loading_the_same_pack_twice_changes_nothing(pack, city, perm, now):
    before, facts = lines(city), FactRow.objects.count()
    load_offices(pack, city, now + timedelta(days=40))
    assert lines(city) == before
    assert FactRow.objects.count() == facts
    assert places.city_by_id(perm.id).version == perm.version


def test_a_changed_name_is_seen_at_once(pack, city, perm, now):
    renamed = replace(pack.offices[-1], names={"ru": "Парки", "en": "Parks"})
    load_offices(replace(pack, offices=(*pack.offices[:-1], renamed)), city, now)
    assert queries.directory(perm.id).by_code(renamed.code).names["en"] == "Parks"


def test_an_office_that_the_pack_no_longer_names_ends_and_stays_known(pack, city, perm, now):
    left = tuple(one for one in pack.offices if one.code != "parks")
    kept = tuple(one for one in pack.competences if one.office != "parks")
    load_offices(replace(pack, offices=left, competences=kept), city, now)
    today = perm.calendar.local_date(now)
    known = queries.directory(perm.id)
    assert known.by_code("parks").valid_until == today
    assert known.at(today).by_code("parks") is None
    assert known.at(today - timedelta(days=1)).by_code("parks") is not None
    assert not any(row.office_code == "parks" for row in known.at(today).competences)


def test_an_office_that_comes_back_is_in_force_again(pack, city, perm, now):
    without = tuple(one for one in pack.competences if one.office != "parks")
    load_offices(replace(pack, competences=without), city, now)
    load_offices(pack, city, now + timedelta(days=1))
    today = perm.calendar.local_date(now)
    assert any(row.office_code == "parks" for row in queries.directory(perm.id).at(today).competences)


def test_a_competence_with_dates_holds_between_them(pack, city, perm, now):
    dated = replace(pack.competences[0], valid_from=date(2026, 4, 1), valid_until=date(2026, 5, 1))
    load_offices(replace(pack, competences=(dated,)), city, now)
    found = queries.directory(perm.id)

    def held(day):
        return [row.category for row in found.at(day).competences if row.valid_from]

    assert held(date(2026, 3, 31)) == []
    assert held(date(2026, 4, 1)) == [dated.category]
    assert held(date(2026, 5, 1)) == []


def test_the_directory_costs_one_question_when_nothing_changed(perm, django_assert_num_queries):
    queries.directory(perm.id)
    with django_assert_num_queries(1):
        queries.directory(perm.id)


def test_an_unknown_city_has_an_empty_directory(db):
    from veche.kernel.ids import new_id

    assert queries.directory(new_id()).offices == {}
    assert Office.objects.count() == 0
