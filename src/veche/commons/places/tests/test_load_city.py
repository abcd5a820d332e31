from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from tests.cast import IN_THE_EAST, IN_THE_WEST, OUTSIDE
from tests.shared import PACKS

from veche.commons.places import queries
from veche.commons.places.models import City, Place
from veche.commons.places.services import load_city, touch_city
from veche.kernel.geo import Box, Point
from veche.kernel.pack import read_pack
from veche.kernel.refusals import Refusal


@pytest.fixture
def pack():
    return read_pack(PACKS / "perm")


def rows():
    return list(
        Place.objects.order_by("code").values_list("id", "code", "names", "valid_until", "approximate")
    )


def test_a_city_is_known_by_its_code_and_by_its_id(perm):
    assert perm.names == {"ru": "Пермь", "en": "Perm"}
    assert perm.languages == ("ru", "en")
    assert perm.default_language == "ru"
    assert queries.city_by_id(perm.id) is perm
    assert queries.city_by_code("tver") is None
    assert [city.code for city in queries.cities()] == ["perm"]


def test_a_city_knows_its_holidays_and_its_terms(perm, now):
    assert perm.calendar.tz.key == "Asia/Yekaterinburg"
    assert not perm.calendar.is_working(perm.calendar.local_date(now))
    assert perm.terms


def test_a_point_lies_in_its_district_and_everything_above_it(perm):
    west = queries.locate(perm.id, IN_THE_WEST)
    assert west.code == "west"
    assert [place.code for place in queries.chain(perm.id, west.id)] == ["west", "perm-city", "krai"]
    assert queries.locate(perm.id, IN_THE_EAST).code == "east"
    assert queries.locate(perm.id, Point(57.5, 55.5)).code == "krai"


def test_a_point_elsewhere_is_outside_the_city(perm):
    assert queries.locate(perm.id, OUTSIDE) == Refusal("places.outside-city", "point")
    assert queries.outline_box(perm.id) == Box(57.0, 55.0, 59.0, 58.0)


def test_loading_the_same_pack_twice_changes_nothing(perm, pack, now, record, recorded):
    before = rows()
    load_city(pack, now=now + timedelta(days=30), record=record)
    assert rows() == before
    assert recorded == []
    assert queries.city_by_code("perm").version == perm.version


def test_a_changed_name_is_seen_at_once(perm, pack, now, record, recorded):
    renamed = replace(pack.places[-1], names={"ru": "Закат", "en": "Sunset"})
    load_city(replace(pack, places=(*pack.places[:-1], renamed)), now=now, record=record)
    by_code = {place.code: place for place in queries.places_of(perm.id).values()}
    assert by_code[renamed.code].names["en"] == "Sunset"
    assert [fact.kind for fact in recorded] == ["places.CityLoaded"]


def test_a_place_that_the_pack_no_longer_names_ends_and_stays_known(perm, pack, now):
    left = tuple(place for place in pack.places if place.code != "east")
    load_city(replace(pack, places=left), now=now)
    [east] = [place for place in queries.places_of(perm.id).values() if place.code == "east"]
    today = perm.calendar.local_date(now)
    assert east.valid_until == today
    assert "east" not in {place.code for place in queries.current_places(perm.id, today)}
    assert [place.code for place in queries.chain(perm.id, east.id)] == ["east", "perm-city", "krai"]


def test_a_place_that_comes_back_holds_again(perm, pack, now):
    load_city(replace(pack, places=pack.places[:-1]), now=now)
    load_city(pack, now=now)
    assert queries.locate(perm.id, IN_THE_EAST).code == "east"


def test_a_pack_of_centres_gets_computed_borders(db, now):
    boston = load_city(read_pack(PACKS / "boston"), now=now)
    places = queries.places_of(boston.id)
    parts = [place for place in places.values() if place.parent_id]
    assert parts
    assert all(place.approximate for place in parts)
    for place in parts:
        found = queries.locate(boston.id, Point(place.lat, place.lon))
        assert place.code in {one.code for one in queries.chain(boston.id, found.id)}


def test_what_was_loaded_as_a_demonstration_stays_marked_as_one(db, pack, now):
    load_city(pack, now=now, demo=True)
    load_city(pack, now=now)
    assert queries.city_by_code("perm").is_demo


def test_a_change_that_was_rolled_back_is_forgotten(perm, pack, now):
    def loaded(name):
        load_city(replace(pack, city=replace(pack.city, names={"ru": name, "en": name})), now=now)
        return queries.city_by_code("perm").names["en"]

    with transaction.atomic():
        assert loaded("One") == "One"
        transaction.set_rollback(True)
    assert loaded("Two") == "Two"


def test_the_version_grows_when_offices_change_and_the_ground_stays(perm):
    touch_city(perm.id)
    fresh = queries.city_by_id(perm.id)
    assert fresh.version > perm.version
    assert fresh.ground_version == perm.ground_version
    assert City.objects.get().version == fresh.version


def test_cities_are_not_asked_for_more_often_than_the_settings_say(perm, settings, django_assert_num_queries):
    settings.CONFIG = settings.CONFIG.model_copy(update={"directory_ttl_s": 60.0})
    queries.forget()
    with django_assert_num_queries(1):
        for _ in range(5):
            queries.city_by_code("perm")


def test_places_are_read_once_per_version(perm, django_assert_num_queries):
    queries.locate(perm.id, IN_THE_WEST)
    with django_assert_num_queries(1):
        queries.locate(perm.id, IN_THE_EAST)
