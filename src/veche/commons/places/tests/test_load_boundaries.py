import json

import pytest
from tests.cast import IN_THE_EAST
from tests.shared import PACKS, ROOT, SHARED, needs_shared

from veche.commons.places import queries
from veche.commons.places.models import Place
from veche.commons.places.services import load_boundaries, load_city
from veche.commons.places.terms import FAR_AWAY, SENTENCES
from veche.kernel.geo import Point
from veche.kernel.pack import read_pack
from veche.kernel.refusals import Refused


def square(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def file(tmp_path):
    def write(*features, text=None):
        path = tmp_path / "borders.geojson"
        raw = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
        path.write_text(json.dumps(raw) if text is None else text, encoding="utf-8")
        return path

    return write


def test_a_border_moves_and_the_ground_version_with_it(perm, file, now, record, recorded):
    path = file(({"name": "West district"}, square(56.0, 57.9, 56.45, 58.1)))
    report = load_boundaries(path, "perm", "name", now=now, record=record)
    assert report.matched == ("west",)
    assert report.unmatched == ()
    assert queries.locate(perm.id, Point(58.0, 56.24)).code == "west"
    assert queries.city_by_code("perm").ground_version > perm.ground_version
    [fact] = recorded
    assert (fact.kind, fact.body()) == ("places.BoundariesLoaded", {"city": "perm", "places": 1})


def test_names_match_whatever_their_capitals_and_yo(perm, file, now):
    Place.objects.filter(code="west").update(names={"ru": "Весёлый  район", "en": "Merry"})
    path = file(({"район": "веселый РАЙОН"}, square(56.0, 57.9, 56.2, 58.1)))
    assert load_boundaries(path, "perm", "район", now=now).matched == ("west",)


def test_loading_the_same_file_twice_changes_nothing(perm, file, now, record, recorded):
    path = file(({"place": "west"}, square(56.0, 57.9, 56.45, 58.1)))
    load_boundaries(path, "perm", now=now)
    version = queries.city_by_code("perm").version
    load_boundaries(path, "perm", now=now, record=record)
    assert queries.city_by_code("perm").version == version
    assert recorded == []


def test_islands_of_one_name_become_one_border(perm, file, now):
    path = file(
        ({"place": "west"}, square(56.0, 57.9, 56.1, 58.1)),
        ({"place": "west"}, square(57.0, 57.9, 57.1, 58.1)),
    )
    load_boundaries(path, "perm", now=now)
    assert queries.locate(perm.id, Point(58.0, 57.05)).code == "west"


def test_every_feature_that_is_left_over_has_its_reason(perm, file, now):
    path = file(
        ({"place": "west"}, square(56.0, 57.9, 56.2, 58.1)),
        ({"place": "atlantis"}, square(0, 0, 1, 1)),
        ({"other": 1}, square(0, 0, 1, 1)),
        ({"place": "east"}, {"type": "Point", "coordinates": [56, 58]}),
        ({"place": "east"}, {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}),
        ({"place": "east"}, square(6_000_000, 8_000_000, 6_100_000, 8_100_000)),
    )
    report = load_boundaries(path, "perm", now=now)
    assert report.matched == ("west",)
    assert [(one.number, one.reason) for one in report.unmatched] == [
        (2, "no place has this name"),
        (3, "the feature has no such property"),
        (4, "it is not a polygon"),
        (5, "nothing is left of it after repair"),
        (6, "its coordinates are not degrees of longitude and latitude"),
    ]


def test_the_border_of_a_namesake_in_another_city_is_left_over(perm, file, now):
    kazan = square(49.0, 55.7, 49.2, 55.9)
    report = load_boundaries(
        file(({"place": "west"}, kazan), ({"place": "east"}, square(56.3, 57.9, 56.5, 58.1))), "perm", now=now
    )
    assert report.matched == ("east",)
    assert [(one.number, one.name, one.reason) for one in report.unmatched] == [(1, "west", FAR_AWAY)]
    with pytest.raises(Refused) as refused:
        load_boundaries(file(({"place": "west"}, kazan)), "perm", now=now)
    assert refused.value.codes == ("places.nothing-matched",)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"features": []}', '{"features": [1]}', "\x00", '{"features": null}']
)
def test_a_file_that_is_no_geojson_is_refused_with_a_sentence(perm, file, now, text):
    before = list(Place.objects.order_by("code").values_list("code", "boundary"))
    with pytest.raises(Refused) as refused:
        load_boundaries(file(text=text), "perm", now=now)
    [refusal] = refused.value.refusals
    assert refusal.code == "places.not-geojson"
    assert "borders.geojson" in SENTENCES[refusal.code] % refusal.params
    assert list(Place.objects.order_by("code").values_list("code", "boundary")) == before


def test_a_missing_file_and_an_unknown_city_are_refused(perm, tmp_path, file, now):
    with pytest.raises(Refused) as refused:
        load_boundaries(tmp_path / "no.geojson", "perm", now=now)
    assert refused.value.codes == ("places.not-geojson",)
    with pytest.raises(Refused) as refused:
        load_boundaries(file(({}, {})), "tver", now=now)
    assert refused.value.codes == ("places.unknown-city",)


def test_an_unknown_property_is_refused_and_the_known_ones_are_named(perm, file, now):
    with pytest.raises(Refused) as refused:
        load_boundaries(file(({"name": "west"}, square(0, 0, 1, 1))), "perm", "district", now=now)
    [refusal] = refused.value.refusals
    assert refusal.code == "places.no-such-property"
    assert refusal.params["there"] == "name"


def test_a_file_that_matches_nothing_is_refused(perm, file, now):
    with pytest.raises(Refused) as refused:
        load_boundaries(file(({"place": "atlantis"}, square(0, 0, 1, 1))), "perm", now=now)
    assert refused.value.codes == ("places.nothing-matched",)


def test_a_border_from_a_file_outlives_the_next_load_of_the_pack(db, file, now):
    pack = read_pack(PACKS / "boston")
    city = load_city(pack, now=now)
    [some, *_] = [place for place in queries.places_of(city.id).values() if place.parent_id]
    border = square(some.lon - 0.001, some.lat - 0.001, some.lon + 0.001, some.lat + 0.001)
    load_boundaries(file(({"place": some.code}, border)), "boston", "place", now=now)
    load_city(pack, now=now)
    after = queries.places_of(city.id)[some.id]
    assert not after.approximate
    assert Place.objects.get(pk=some.id).border_from == "file"


@needs_shared
def test_the_borders_of_perm_krai_match_every_municipality(db, now):
    city = load_city(read_pack(ROOT / "src" / "veche" / "cities" / "perm"), now=now)
    report = load_boundaries(SHARED / "places" / "perm_krai.geojson", "perm", "district", now=now)
    assert report.unmatched == ()
    assert len(report.matched) == 46
    places = queries.places_of(city.id)
    for place in places.values():
        if place.kind == "municipality":
            assert not place.approximate
    found = queries.locate(city.id, Point(58.01, 56.25))
    assert found.kind == "district"
    assert found.approximate
    assert queries.locate(city.id, Point(59.41, 56.80)).code == "berezniki"


@needs_shared
def test_the_districts_of_kazan_do_not_fit_perm(perm, now):
    with pytest.raises(Refused) as refused:
        load_boundaries(SHARED / "places" / "kazan.geojson", "perm", "district", now=now)
    assert refused.value.codes == ("places.nothing-matched",)


def test_a_wrong_city_keeps_its_places(perm):
    assert queries.locate(perm.id, IN_THE_EAST).code == "east"
