"""Marks do not lie upon each other."""

from hypothesis import given
from hypothesis import strategies as st

from veche.modules.reports.rules import gathered, spread
from veche.modules.reports.rules.gathering import SAME_PX, TOO_NEAR_PX, _pixel
from veche.modules.reports.terms import Cluster

marks = st.lists(
    st.builds(
        Cluster,
        st.floats(57.9, 58.1),
        st.floats(56.0, 56.5),
        st.integers(1, 500),
        st.sampled_from([{"new": 1}, {"answered": 2, "new": 1}]),
    ),
    max_size=30,
)


@given(marks, st.integers(3, 17))
def test_nothing_is_lost_by_gathering(all_marks, zoom):
    kept = gathered(all_marks, zoom)
    assert sum(one.count for one in kept) == sum(one.count for one in all_marks)
    assert len(kept) <= len(all_marks)


def test_four_marks_around_a_corner_of_the_grid_become_one():
    heap = [Cluster(58 + dy, 56.25 + dx, 10, {"new": 10}) for dx in (-0.01, 0.01) for dy in (-0.01, 0.01)]
    (one,) = gathered(heap, 9)
    assert one.count == 40
    assert one.statuses == {"new": 40}
    assert abs(one.lat - 58) < 1e-9
    assert len(gathered(heap, 15)) == 4
    assert TOO_NEAR_PX > 0


def test_reports_of_one_house_are_laid_side_by_side():
    house = [Cluster(58.0, 56.25, 1, {"new": 1}) for _ in range(12)]
    spots = [_pixel(one, 18) for one in spread(house, 18)]
    gaps = [
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 for at, (ax, ay) in enumerate(spots) for bx, by in spots[:at]
    ]
    assert min(gaps) > SAME_PX
    assert spots[0] == _pixel(house[0], 18)
