from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.places.rules import (
    box_of,
    box_text,
    frame_asked,
    frame_at,
    frame_of,
    point_of,
    tile_origin,
)
from veche.kernel.geo import Box, Point
from veche.kernel.refusals import Refusal

PERM = Box(57.9, 56.0, 58.1, 56.5)
lats, lons = st.floats(-80, 80), st.floats(-179, 179)


def test_the_middle_of_a_box_is_the_middle_of_its_picture():
    frame = frame_of(PERM, 640, 400)
    assert isclose(frame.point_at(320, 200).lon, 56.25)
    assert frame.box.holds(Point(57.9, 56.0))
    assert frame.box.holds(Point(58.1, 56.5))


@given(lats, lons, st.floats(3, 18), st.integers(16, 2048), st.integers(16, 2048))
def test_from_a_point_to_its_pixel_and_back_is_the_same_point(lat, lon, zoom, width, height):
    frame = frame_at(Point(lat, lon), zoom, width, height)
    x, y = frame.pixel_of(Point(lat, lon))
    assert isclose(x, width / 2, abs_tol=1e-3)
    assert isclose(y, height / 2, abs_tol=1e-3)
    back = frame.point_at(x, y)
    assert isclose(back.lat, lat, abs_tol=1e-9)
    assert isclose(back.lon, lon, abs_tol=1e-9)


@given(lats, lons, st.floats(3, 17), st.floats(0, 640), st.floats(0, 400))
def test_whoever_is_given_the_box_finds_the_point_under_the_click(lat, lon, zoom, x, y):
    shown = frame_at(Point(lat, lon), zoom, 640, 400)
    read = box_of(box_text(shown.box))
    if isinstance(read, Refusal):  # the world ends inside the picture
        assert shown.box.west < -180 or shown.box.east > 180
        return
    clicked = frame_of(read, 640, 400).point_at(x, y)
    right, down = shown.pixel_of(clicked)
    assert abs(right - x) < 0.5
    assert abs(down - y) < 0.5


def test_zooming_keeps_the_middle_and_shifting_moves_by_parts_of_the_picture():
    frame = frame_of(PERM, 640, 400)
    assert isclose(frame.zoomed(2).point_at(320, 200).lat, frame.point_at(320, 200).lat)
    assert isclose(frame.zoomed(2).zoom, frame.zoom + 1)
    assert isclose(frame.shifted(0.5, 0).point_at(0, 0).lon, frame.point_at(320, 0).lon)
    at = Point(58.05, 56.1)
    assert isclose(frame.zoomed(4, at=at).point_at(320, 200).lon, at.lon)


def test_a_point_of_no_size_is_shown_at_the_deepest_zoom():
    assert frame_of(Box(58, 56, 58, 56), 640, 400).zoom == pytest.approx(19)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "2,1,1,2", "1,2,2,1", "0,0,181,1", "nan,0,1,1", "0,-91,1,1"]
)
def test_what_is_no_box_is_refused(text):
    assert box_of(text) == Refusal("places.bad-box", "box")


def test_a_picture_is_asked_for_by_box_by_point_or_not_at_all():
    assert frame_asked({}, PERM) == frame_of(PERM, 640, 400)
    assert frame_asked({"size": "300x200", "box": box_text(PERM)}, PERM) == frame_of(PERM, 300, 200)
    assert frame_asked({"at": "58,56"}, PERM) == frame_at(Point(58, 56), 14, 640, 400)
    assert frame_asked({"size": "99999999x1"}, PERM) == frame_of(PERM, 2048, 16)
    assert isinstance(frame_asked({"at": "here"}, PERM), Refusal)
    assert isinstance(frame_asked({"at": "58,56", "zoom": "inf"}, PERM), Refusal)


def test_a_point_is_two_numbers_on_the_earth():
    assert point_of("58.5,56") == Point(58.5, 56)
    assert point_of("58.5") is None
    assert point_of("91,0") is None
    assert point_of("nan,0") is None


def test_only_tiles_from_elsewhere_need_to_be_allowed():
    assert tile_origin("https://tiles.example.org/{z}/{x}/{y}.png") == "https://tiles.example.org"
    assert tile_origin("https://{s}.example.org/{z}/{x}/{y}.png") == "https://*.example.org"
    assert tile_origin("/perm/tiles/{z}/{x}/{y}") == ""
