import json
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.test.utils import override_settings

from veche.commons.places import queries, rules
from veche.commons.places.models import City
from veche.commons.places.services import touch_city
from veche.kernel.geo import Point

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_shows_borders_and_names_in_the_language_asked_for(perm):
    answer = Client().get("/perm/ground.svg?at=58,56.25&zoom=10&lang=en")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    picture = ET.fromstring(answer.content)
    assert {word.text for word in picture.iter(f"{SVG}text")} == {"West district", "East district"}
    assert len(list(picture.iter(f"{SVG}path"))) >= 4


def test_the_picture_needs_no_inline_style_unless_it_follows_the_screen(perm):
    light = Client().get("/perm/ground.svg?theme=light").content.decode()
    assert "style" not in light
    assert "prefers-color-scheme:dark" in Client().get("/perm/ground.svg").content.decode()


def test_the_pin_stands_where_it_was_put(perm):
    address = "/perm/ground.svg?at=58,56.25&size=300x200&pin=58,56.25&theme=dark"
    assert "translate(150.0 100.0)" in Client().get(address).content.decode()


@pytest.mark.parametrize("lon", [56.0, 56.05, 56.1, 56.15, 56.2, 56.25, 56.3])
def test_the_pin_covers_no_name(perm, lon):
    answer = Client().get(
        f"/perm/ground.svg?at=58,{lon}&zoom=14&size=320x200&pin=58,{lon}&theme=light&lang=en"
    )
    names = list(ET.fromstring(answer.content).iter(f"{SVG}text"))
    assert names
    for name in names:
        left = abs(float(name.attrib["x"]) - 160) - len(name.text or "") * 3.3 - 11
        above, below = float(name.attrib["y"]) - 100, float(name.attrib["y"]) - 15 - 100
        assert left >= 0 or above <= -34 or below >= 0


def test_who_has_the_picture_is_not_sent_it_again(perm):
    first = Client().get("/perm/ground.svg?size=300x200&theme=light")
    assert not first.headers["ETag"].startswith("W/")
    again = Client().get(
        "/perm/ground.svg?size=300x200&theme=light", headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    other = Client().get("/perm/ground.svg?size=300x201&theme=light")
    assert other["ETag"] != first["ETag"]


def test_a_taught_route_does_not_make_maps_old(perm):
    before = Client().get("/perm/ground.svg")["ETag"]
    touch_city(perm.id)
    assert Client().get("/perm/ground.svg")["ETag"] == before


@pytest.mark.parametrize("query", ["box=1,2", "at=here", "box=nan,0,1,1", "at=58,56&zoom=nan"])
def test_a_bad_box_is_answered_with_a_sentence(perm, query):
    answer = Client().get(f"/perm/ground.svg?{query}")
    assert answer.status_code == 400
    assert answer.content


def test_an_unknown_city_has_no_ground(db):
    assert Client().get("/tver/ground.svg").status_code == 404
    assert Client().get("/tver/places.geojson").status_code == 404


def test_shapes_are_geojson_with_names_in_every_language(perm):
    answer = Client().get("/perm/places.geojson?zoom=10&box=55,57,58,59")
    assert answer.headers["Content-Type"] == "application/geo+json"
    raw = json.loads(answer.content)
    assert raw["type"] == "FeatureCollection"
    west = next(one for one in raw["features"] if one["properties"]["code"] == "west")
    assert west["properties"]["names"] == {"ru": "Западный район", "en": "West district"}
    assert west["geometry"]["type"] == "Polygon"
    lon, lat = west["properties"]["at"]
    assert queries.locate(perm.id, Point(lat, lon)).code == "west"


def test_shapes_of_a_box_are_cut_to_it(perm):
    raw = json.loads(Client().get("/perm/places.geojson?zoom=12&box=56.1,57.95,56.2,58.0").content)
    codes = {one["properties"]["code"] for one in raw["features"]}
    assert codes == {"krai", "perm-city", "west"}
    points = [point for one in raw["features"] for point in one["geometry"]["coordinates"][0]]
    assert all(56.09 < lon < 56.21 and 57.94 < lat < 58.01 for lon, lat in points)


def test_shapes_without_a_box_stay_small(perm):
    assert len(queries.ground_shapes(perm, 19)) == len(queries.ground_shapes(perm, 7))


def test_a_city_without_tiles_serves_none_and_allows_nothing_from_outside(perm):
    answer = Client().get("/perm/tiles/3/1/1")
    assert answer.status_code == 404
    assert "img-src 'self' data: blob:" in answer.headers["Content-Security-Policy"]


@pytest.fixture
def tiles(perm, tmp_path):
    """A city with an archive of one tile."""
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import Writer

    with (tmp_path / "perm.pmtiles").open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(2, 1, 1), b"\x89PNG picture")
        header = {
            "tile_type": TileType.PNG,
            "tile_compression": Compression.NONE,
            "min_lon_e7": 0,
            "min_lat_e7": 0,
            "max_lon_e7": 1,
            "max_lat_e7": 1,
            "center_zoom": 2,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(header, {})

    def configure(**ground):
        city = City.objects.get(code="perm")
        city.pack["city"]["map"] = {
            "url": "",
            "file": "",
            "attribution": "",
            "min_zoom": 0,
            "max_zoom": 5,
        } | ground
        city.save()
        touch_city(city.id)

    with override_settings(CITY_DIRS=[tmp_path]):
        yield configure


def test_tiles_of_the_pack_are_served(tiles):
    tiles(file="perm.pmtiles")
    answer = Client().get("/perm/tiles/2/1/1")
    assert answer.content == b"\x89PNG picture"
    assert answer.headers["Content-Type"] == "image/png"
    for missing in ("2/0/0", "2/4/1", "25/1/1", "9/99999999/1"):
        assert Client().get(f"/perm/tiles/{missing}").status_code == 404


def test_a_pack_reaches_no_file_outside_its_folder(tiles):
    tiles(file="../perm.pmtiles")
    assert Client().get("/perm/tiles/2/1/1").status_code == 404


def test_a_page_with_a_map_may_load_the_citys_own_tiles(tiles):
    from django.http import HttpResponse

    from veche.commons.places.views import allow_tiles

    tiles(url="https://tiles.example.org/{z}/{x}/{y}.png")
    answer = allow_tiles(HttpResponse(), queries.city_by_code("perm"))
    assert answer._csp_update == {"img-src": ["https://tiles.example.org"]}


def test_neighbours_keep_their_common_border_when_simplified(perm):
    import shapely

    for zoom in (5, 9, 13):
        raw = json.loads(queries.ground_shapes(perm, zoom))
        west, east = (
            shapely.geometry.shape(one["geometry"])
            for one in raw["features"]
            if one["properties"]["code"] in {"west", "east"}
        )
        assert west.intersection(east).area < 1e-9
        assert west.intersection(east).length > 0.1


def test_a_map_is_embedded_with_a_picture_for_those_without_scripts(perm):
    from django.template import engines

    env = engines["jinja2"].env
    page = env.from_string(
        '{% from "places/map.html" import map, map_head, map_scripts %}{{ map_head() }}'
        '{{ map(city, box, "Карта", clusters="/perm/map/clusters.json", pick=("lat", "lon")) }}{{ map_scripts() }}'
    ).render(city=perm, box=rules.box_text(queries.outline_box(perm.id)))
    assert 'data-ground="/perm/places.geojson?v=' in page
    assert "data-clusters=" in page
    assert "<img" in page
    assert "/perm/ground.svg?box=55,57,58,59&amp;size=640x400" in page
    assert " style=" not in page
    assert "<script>" not in page
