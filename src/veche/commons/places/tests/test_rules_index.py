from uuid import UUID

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from veche.commons.places.rules import PlaceIndex, Site, areas_of

KRAI, WEST, EAST, CENTRE = (UUID(int=n) for n in range(1, 5))
SHAPES = [
    (KRAI, 0, "krai", box(55, 57, 58, 59)),
    (WEST, 1, "west", box(55.5, 57.5, 56.5, 58.5)),
    (EAST, 1, "east", box(56.5, 57.5, 57.5, 58.5)),
    (CENTRE, 2, "centre", box(56.4, 57.9, 56.6, 58.1)),
]


def index(shapes=SHAPES):
    return PlaceIndex((id_, depth, code, shapely.to_wkb(area)) for id_, depth, code, area in shapes)


def plainly(lat, lon):
    """The same answer without trees and grids."""
    holding = [one for one in SHAPES if one[3].intersects(Point(lon, lat))]
    return min(holding, key=lambda one: (-one[1], one[3].area, one[2]))[0] if holding else None


def test_the_most_specific_place_wins():
    found = index()
    assert found.find(58.0, 56.5) == CENTRE
    assert found.find(58.4, 55.6) == WEST
    assert found.find(58.9, 55.1) == KRAI


def test_outside_there_is_no_place():
    assert index().find(60, 56) is None
    assert index().find(58, 58.0000001) is None
    assert index([]).find(58, 56) is None


def test_a_point_on_the_border_belongs_to_the_same_place_whatever_the_order_of_loading():
    turned = index(list(reversed(SHAPES)))
    assert index().find(58.4, 56.5) == turned.find(58.4, 56.5) == EAST  # equal in area: the code decides


def test_the_outermost_border_belongs_to_the_city():
    assert index().find(57, 55) == KRAI
    assert index().find(59, 58) == KRAI


def test_a_town_drawn_over_its_district_wins_by_being_smaller():
    district, town = UUID(int=8), UUID(int=9)
    found = index([(district, 1, "a", box(0, 0, 2, 2)), (town, 1, "b", box(0.5, 0.5, 1, 1))])
    assert found.find(0.7, 0.7) == town


on_lines = st.sampled_from([55.0, 55.5, 56.4, 56.5, 56.6, 57.5, 58.0])
anywhere = st.floats(54.9, 58.1)


@given(
    st.one_of(st.floats(56.9, 59.1), st.sampled_from([57.0, 57.5, 57.9, 58.1, 58.5, 59.0])),
    on_lines | anywhere,
)
def test_the_grid_answers_what_the_borders_say(lat, lon):
    assert index().find(lat, lon) == plainly(lat, lon)


def test_a_remembered_square_answers_as_a_new_one():
    found = index()
    first = [found.find(57.4 + n / 997, 55.9 + n / 991) for n in range(1000)]
    assert [found.find(57.4 + n / 997, 55.9 + n / 991) for n in range(1000)] == first
    assert first == [plainly(57.4 + n / 997, 55.9 + n / 991) for n in range(1000)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(550, 580), st.integers(570, 590)), min_size=1, max_size=10, unique=True),
    st.lists(st.tuples(st.floats(54, 59), st.floats(56, 60)), max_size=30),
)
def test_every_point_inside_the_outline_lies_in_exactly_one_place_of_it(found, points):
    sites = [Site(f"p{n}", "town", lat / 10, lon / 10) for n, (lon, lat) in enumerate(found)]
    town = box(55, 57, 58, 59)
    borders = areas_of([Site("town", "", 58, 56, town), *sites])
    ids = {code: UUID(int=n + 1) for n, code in enumerate(borders)}
    tree = PlaceIndex(
        (ids[code], 0 if code == "town" else 1, code, shapely.to_wkb(border.area))
        for code, border in borders.items()
    )
    for lon, lat in points:
        assert (tree.find(lat, lon) is not None) == town.covers(Point(lon, lat))
        parts = [code for code in borders if code != "town" and borders[code].area.contains(Point(lon, lat))]
        on_a_line = any(borders[code].area.boundary.distance(Point(lon, lat)) < 1e-9 for code in borders)
        if town.contains(Point(lon, lat)) and not on_a_line:
            assert [tree.find(lat, lon)] == [ids[code] for code in parts]
