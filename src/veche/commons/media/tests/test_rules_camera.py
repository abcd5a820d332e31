from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.media.rules import position_of, taken_at
from veche.commons.media.terms import CameraNotes
from veche.kernel.geo import Point

NOW = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)
PERM = ZoneInfo("Asia/Yekaterinburg")


def at(latitude=(58.0, 0.0, 36.0), north="N", longitude=(56.0, 15.0, 0.0), east="E") -> CameraNotes:
    return CameraNotes(latitude=latitude, latitude_ref=north, longitude=longitude, longitude_ref=east)


def test_degrees_minutes_and_seconds_become_a_point():
    assert position_of(at()) == Point(58.01, 56.25)


def test_south_and_west_are_negative():
    assert position_of(at(north="S", east="W\x00")) == Point(-58.01, -56.25)


@pytest.mark.parametrize(
    "notes",
    [
        CameraNotes(),
        at(latitude=()),
        at(north=""),
        at(north="E"),
        at(latitude=(91.0,)),
        at(longitude=(180.0, 0.0, 1.0)),
        at(latitude=(float("nan"), 0.0, 0.0)),
        at(latitude=(-58.0, 0.0, 0.0)),
        at(latitude=(0.0, 0.0, 0.0), longitude=(0.0, 0.0, 0.0)),
    ],
)
def test_missing_or_senseless_coordinates_are_no_position(notes):
    assert position_of(notes) is None


def test_the_clock_of_the_satellites_goes_before_the_camera_s():
    notes = CameraNotes(gps_date="2026:05:17", gps_time=(8.0, 30.0, 5.5), taken="2026:05:17 14:00:00")
    assert taken_at(notes, NOW, PERM) == datetime(2026, 5, 17, 8, 30, 5, tzinfo=UTC)


def test_a_camera_that_names_its_zone_is_believed():
    notes = CameraNotes(taken="2026:05:17 14:00:00", offset="+05:00")
    assert taken_at(notes, NOW) == datetime(2026, 5, 17, 9, 0, tzinfo=UTC)


def test_a_camera_without_a_zone_is_read_in_the_zone_of_the_city_or_not_at_all():
    notes = CameraNotes(taken="2026:05:17 14:00:00")
    assert taken_at(notes, NOW, PERM) == datetime(2026, 5, 17, 9, 0, tzinfo=UTC)
    assert taken_at(notes, NOW) is None


@pytest.mark.parametrize(
    "taken", ["", "0000:00:00 00:00:00", "2026-05-17", "2031:01:01 00:00:00", "1980:01:01 00:00:00"]
)
def test_a_clock_that_was_never_set_tells_no_time(taken):
    assert taken_at(CameraNotes(taken=taken, offset="+00:00"), NOW) is None


figures = st.lists(st.floats(), max_size=4).map(tuple)
words = st.text(max_size=12)


@given(st.builds(CameraNotes, figures, words, figures, words, words, figures, words, words))
def test_whatever_a_camera_wrote_is_a_point_on_earth_or_nothing(notes):
    point = position_of(notes)
    assert point is None or (abs(point.lat) <= 90 and abs(point.lon) <= 180)
    moment = taken_at(notes, NOW, PERM)
    assert moment is None or moment.tzinfo is UTC
