import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.commons.places import queries, rules
from veche.commons.places.models import CellCount
from veche.commons.places.services import apply_cell_changes, recount
from veche.commons.places.terms import COUNTED_ZOOMS, CellChange
from veche.kernel.geo import Box, Point, cell_at, cell_of

LAYER = "tests.thing"
HERE, NEAR, FAR = Point(58.0, 56.1), Point(58.0001, 56.1001), Point(59.5, 57.9)
ALL = Box(57.0, 55.0, 60.0, 58.0)


def counted(perm, **which):
    return sum(one.count for one in queries.cells_in(LAYER, perm.id, ALL, 15, **which))


@pytest.fixture
def three(perm):
    changes = [
        CellChange(HERE, "new", "roads"),
        CellChange(NEAR, "answered", "roads"),
        CellChange(FAR, "new", "crime"),
    ]
    apply_cell_changes(LAYER, perm.id, changes)


def test_totals_and_parts_are_counted(perm, three):
    assert counted(perm) == 3
    assert counted(perm, status="new") == 2
    assert counted(perm, category="roads") == 2
    assert counted(perm, status="new", category="roads") == 1
    assert counted(perm, status="refused") == 0


def test_every_zoom_counts_everything(perm, three):
    for zoom in (1, *COUNTED_ZOOMS, 18):
        assert sum(one.count for one in queries.cells_in(LAYER, perm.id, ALL, zoom)) == 3


def test_near_things_share_a_cell_whose_middle_is_theirs(perm, three):
    [cell] = queries.cells_in(LAYER, perm.id, Box(57.9, 56.0, 58.1, 56.2), 10)
    assert cell.count == 2
    assert cell.cell == cell_at(cell_of(HERE), 10)
    assert (cell.lat, cell.lon) == pytest.approx((58.00005, 56.10005))


def test_several_statuses_come_in_one_answer(perm, three):
    found = queries.cells_in(LAYER, perm.id, ALL, 4, statuses=("new", "answered"))
    totals = {}
    for one in found:
        totals[one.status] = totals.get(one.status, 0) + one.count
    assert totals == {"new": 2, "answered": 1}


def test_a_move_takes_from_one_status_and_gives_to_another(perm, three):
    apply_cell_changes(
        LAYER, perm.id, [CellChange(HERE, "new", "roads", -1), CellChange(HERE, "routed", "roads", 1)]
    )
    assert counted(perm) == 3
    assert counted(perm, status="new") == 1
    assert counted(perm, status="routed") == 1


def test_a_cell_without_things_is_gone(perm, three):
    apply_cell_changes(LAYER, perm.id, [CellChange(FAR, "new", "crime", -1)])
    assert counted(perm) == 2
    assert not CellCount.objects.filter(count=0).exists()


def test_a_change_that_comes_too_early_is_not_shown_and_evens_out(perm):
    apply_cell_changes(
        LAYER, perm.id, [CellChange(HERE, "new", "roads", -1), CellChange(HERE, "routed", "roads", 1)]
    )
    assert counted(perm, status="new") == 0
    apply_cell_changes(LAYER, perm.id, [CellChange(HERE, "new", "roads", 1)])
    assert counted(perm) == 1
    assert counted(perm, status="routed") == 1


def test_layers_and_cities_are_counted_apart(perm, three):
    from veche.kernel.ids import new_id

    assert queries.cells_in("tests.other", perm.id, ALL, 10) == []
    assert queries.cells_in(LAYER, new_id(), ALL, 10) == []


def test_counting_anew_gives_what_the_changes_gave(perm, three):
    before = set(CellCount.objects.values_list("zoom", "status", "category", "cell", "count"))
    rows = [(HERE, "new", "roads"), (NEAR, "answered", "roads"), (FAR, "new", "crime")]
    recount(LAYER, perm.id, ((point.lat, point.lon, status, category) for point, status, category in rows))
    assert set(CellCount.objects.values_list("zoom", "status", "category", "cell", "count")) == before


def test_many_changes_fit_into_one_batch_after_another(perm):
    points = [Point(57.5 + n / 500, 55.5 + n / 400) for n in range(500)]
    apply_cell_changes(LAYER, perm.id, [CellChange(point, "new", "roads") for point in points])
    assert counted(perm) == 500


def test_a_viewport_is_answered_by_one_question(perm, three, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.cells_in(
            LAYER, perm.id, Box(57.9, 56.0, 58.1, 56.2), 15, statuses=("new", "routed", "answered")
        )


changes = st.lists(
    st.builds(
        CellChange,
        st.builds(Point, st.floats(-89, 89), st.floats(-179, 179)),
        st.sampled_from(["new", "routed"]),
        st.sampled_from(["roads", "crime"]),
        st.sampled_from([1, -1]),
    ),
    max_size=40,
)


@given(changes)
def test_every_level_sums_up_to_the_same(many):
    tallies = rules.key_changes(many)
    for status, category in [("", ""), ("new", ""), ("", "crime"), ("new", "crime")]:
        whole = sum(
            one.delta for one in many if status in {"", one.status} and category in {"", one.category}
        )
        for zoom in COUNTED_ZOOMS:
            counts = [one.count for key, one in tallies.items() if key[:3] == (zoom, status, category)]
            assert sum(counts) == whole


@given(changes)
def test_a_change_and_its_opposite_leave_nothing_counted(many):
    back = [CellChange(one.point, one.status, one.category, -one.delta) for one in reversed(many)]
    assert all(tally.count == 0 for tally in rules.key_changes([*many, *back]).values())
