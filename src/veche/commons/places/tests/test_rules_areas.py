import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from veche.commons.places.rules import Site, areas_of, cells_of, from_geojson, repaired

REGION = Polygon([(55, 57), (58, 57), (58, 58), (56.5, 59), (55, 59)])
spots = st.tuples(
    st.integers(5500, 5800).map(lambda n: n / 100), st.integers(5700, 5900).map(lambda n: n / 100)
)
centres = st.lists(spots, min_size=1, max_size=12, unique=True)


def sites(found, parent="town"):
    return [Site(f"p{at:02}", parent, lat, lon) for at, (lon, lat) in enumerate(found)]


@settings(max_examples=60, deadline=None)
@given(centres)
def test_cells_of_centres_fill_the_region_and_do_not_overlap(found):
    cells = cells_of(sites(found), REGION)
    assert abs(shapely.union_all(list(cells.values())).symmetric_difference(REGION).area) < 1e-9
    assert abs(sum(cell.area for cell in cells.values()) - REGION.area) < 1e-9


@settings(max_examples=60, deadline=None)
@given(centres)
def test_a_centre_inside_the_region_lies_in_its_own_cell(found):
    cells = cells_of(sites(found), REGION)
    for site in sites(found):
        if REGION.buffer(-1e-6).contains(Point(site.lon, site.lat)):
            assert cells[site.code].buffer(1e-9).covers(Point(site.lon, site.lat))


def test_a_single_centre_gets_the_whole_region():
    assert cells_of(sites([(56, 58)]), REGION) == {"p00": REGION}


def test_of_two_places_in_one_spot_the_first_code_gets_the_ground():
    cells = cells_of(sites([(56, 58), (56, 58), (57, 57.5)]), REGION)
    assert set(cells) == {"p00", "p02"}


def test_centres_in_a_row_share_the_region_in_stripes():
    cells = cells_of(sites([(55.5, 57.5), (56, 57.5), (56.5, 57.5)]), REGION)
    assert len(cells) == 3
    assert cells["p01"].intersection(cells["p02"]).length > 0


def test_distance_is_compared_on_the_ground_and_not_in_degrees():
    # At sixty degrees north a degree of longitude is half as long as one of latitude.
    cells = cells_of(sites([(0, 60), (1, 60), (0, 60.6)]), box(-1, 59, 2, 62))
    assert cells["p01"].covers(Point(0.9, 60.25))


def test_a_city_of_centres_only_ends_a_little_beyond_the_outermost():
    found = areas_of([Site("town", "", 58, 56), *sites([(56, 58), (56.2, 58.1)])])
    assert found["town"].approximate
    assert found["town"].area.contains(Point(56.2, 58.1))
    assert not found["town"].area.contains(Point(57, 58.1))


def test_a_parent_with_known_children_is_their_sum_and_not_approximate():
    west, east = box(55, 57, 56, 58), box(56, 57, 57, 58)
    found = areas_of(
        [Site("town", "", 57.5, 56), Site("w", "town", 57.5, 55.5, west), Site("e", "town", 57.5, 56.5, east)]
    )
    assert not found["town"].approximate
    assert found["town"].area.equals(box(55, 57, 57, 58))


def test_a_place_without_a_border_gets_what_its_neighbours_leave():
    town, known = box(55, 57, 57, 58), box(55, 57, 56, 58)
    found = areas_of(
        [
            Site("town", "", 57.5, 56, town),
            Site("known", "town", 57.5, 55.5, known),
            Site("other", "town", 57.5, 56.5),
        ]
    )
    assert found["other"].approximate
    assert found["other"].area.equals(box(56, 57, 57, 58))


def test_an_outline_of_the_pack_is_cut_to_its_parent_and_marked_approximate():
    found = areas_of(
        [
            Site("krai", "", 57.5, 56, box(55, 57, 57, 58)),
            Site("town", "krai", 57.5, 56.5, outline=box(56.5, 57.2, 57.5, 57.8)),
            Site("rest", "krai", 57.5, 55.5),
        ]
    )
    assert found["town"].area.equals(box(56.5, 57.2, 57, 57.8))
    assert found["town"].approximate
    assert abs(found["rest"].area.area - (2 - 0.3)) < 1e-9


def test_a_coarse_outline_never_shuts_out_a_known_border():
    found = areas_of(
        [
            Site("krai", "", 57.5, 56, outline=box(55, 57, 56, 58)),
            Site("far", "krai", 57.5, 56.5, box(56, 57, 57, 58)),
            Site("near", "krai", 57.5, 55.5),
        ]
    )
    assert found["krai"].area.covers(found["far"].area)


def test_districts_of_a_computed_municipality_share_it():
    found = areas_of(
        [
            Site("krai", "", 57.5, 56, box(55, 57, 57, 58)),
            Site("town", "krai", 57.5, 55.5),
            Site("land", "krai", 57.5, 56.5),
            *sites([(55.3, 57.5), (55.7, 57.5)]),
        ]
    )
    parts = found["p00"].area.union(found["p01"].area)
    assert abs(parts.symmetric_difference(found["town"].area).area) < 1e-9


def test_a_bow_tie_is_mended_and_a_line_is_not_a_territory():
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    assert abs(from_geojson(bow).area - 0.5) < 1e-9
    assert from_geojson({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}) is None
    assert from_geojson({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}) is None
    assert from_geojson({"type": "Polygon", "coordinates": "here"}) is None
    assert repaired(Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])) is None
