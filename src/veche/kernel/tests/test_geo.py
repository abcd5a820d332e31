from itertools import pairwise
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from veche.kernel.geo import (
    CELL_BITS,
    Box,
    Point,
    box_around,
    cell_at,
    cell_box,
    cell_of,
    cell_ranges,
    distance_m,
)

lats, lons = st.floats(-90, 90), st.floats(-180, 180)
points = st.builds(Point, lats, lons)
town_lats, town_lons = st.floats(57, 59), st.floats(55, 58)


@st.composite
def boxes(draw, lats=lats, lons=lons):
    south, north = sorted((draw(lats), draw(lats)))
    west, east = sorted((draw(lons), draw(lons)))
    return Box(south, west, north, east)


def covered(cell, ranges):
    return any(low <= cell < high for low, high in ranges)


@given(points)
def test_a_cell_fits_a_signed_column_of_64_bits(point):
    assert 0 <= cell_of(point) < 1 << 2 * CELL_BITS


@given(points, st.integers(0, CELL_BITS))
def test_a_point_lies_in_the_box_of_its_cell_at_every_zoom(point, zoom):
    box = cell_box(cell_at(cell_of(point), zoom), zoom)
    slack = 1e-9
    assert box.south - slack <= point.lat <= box.north + slack
    assert box.west - slack <= point.lon <= box.east + slack


@given(points, st.integers(1, CELL_BITS))
def test_a_cell_lies_in_its_parent(point, zoom):
    cell = cell_of(point)
    assert cell_at(cell, zoom) >> 2 == cell_at(cell, zoom - 1)


@given(points, points, st.integers(0, CELL_BITS))
def test_cells_are_in_morton_order(one, other, zoom):
    low, high = sorted((cell_of(one), cell_of(other)))
    assert cell_at(low, zoom) <= cell_at(high, zoom)


@given(st.integers(0, (1 << 20) - 1))
def test_a_cell_of_the_grid_is_found_again_in_the_middle_of_its_box(cell):
    box = cell_box(cell, 10)
    middle = Point((box.south + box.north) / 2, (box.west + box.east) / 2)
    assert cell_at(cell_of(middle), 10) == cell


@given(boxes(), st.integers(1, 64))
def test_ranges_are_few_in_order_and_apart(box, limit):
    ranges = list(cell_ranges(box, limit=limit))
    assert 1 <= len(ranges) <= limit
    for low, high in ranges:
        assert 0 <= low < high <= 1 << 2 * CELL_BITS
    for (_, end), (start, _) in pairwise(ranges):
        assert end < start


@given(boxes(town_lats, town_lons), st.data())
def test_every_point_of_a_box_is_covered_by_its_ranges(box, data):
    point = Point(data.draw(st.floats(box.south, box.north)), data.draw(st.floats(box.west, box.east)))
    assert covered(cell_of(point), list(cell_ranges(box)))


@given(boxes())
def test_the_corners_of_a_box_are_covered(box):
    ranges = list(cell_ranges(box))
    for lat in (box.south, box.north):
        for lon in (box.west, box.east):
            assert covered(cell_of(Point(lat, lon)), ranges)


@given(st.integers(0, 9), st.integers(0, 1 << 18))
def test_the_box_of_a_cell_is_covered_to_its_last_point_and_reaches_no_further_than_its_neighbours(
    zoom, number
):
    cell = number % (1 << 2 * zoom)
    box = cell_box(cell, zoom)
    ranges = list(cell_ranges(box))
    shift = 2 * (CELL_BITS - zoom)
    assert covered(cell << shift, ranges)
    assert covered((cell + 1 << shift) - 1, ranges)
    # Its northern and eastern edges belong to the neighbours: at most four cells of its own size are touched.
    assert sum(high - low for low, high in ranges) <= 4 << shift


def test_the_whole_world_is_one_range():
    assert list(cell_ranges(Box(-90, -180, 90, 180))) == [(0, 1 << 2 * CELL_BITS)]


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(one, other):
    there = distance_m(one, other)
    assert isclose(there, distance_m(other, one), abs_tol=1e-6)
    assert 0 <= there <= 20_015_200


def test_known_distances():
    assert isclose(distance_m(Point(58.0105, 56.2502), Point(55.7558, 37.6173)), 1_153_000, rel_tol=0.01)
    assert isclose(distance_m(Point(0, 0), Point(1, 0)), 111_195, rel_tol=1e-4)
    assert distance_m(Point(58, 56), Point(58, 56)) == 0


@given(st.builds(Point, st.floats(-80, 80), st.floats(-170, 170)), st.floats(1, 50_000), st.floats(0, 6.2832))
def test_every_point_within_a_radius_lies_in_the_box_around(point, radius, angle):
    from math import cos, radians, sin

    lat = point.lat + radius * 0.999 * sin(angle) / 111_195.1
    lon = point.lon + radius * 0.999 * cos(angle) / 111_195.1 / cos(radians(point.lat))
    other = Point(lat, lon)
    if distance_m(point, other) <= radius:
        assert box_around(point, radius).holds(other)
