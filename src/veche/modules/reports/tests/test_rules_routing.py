from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from veche.modules.reports.rules import route
from veche.modules.reports.terms import CompetenceLine

DAY = date(2026, 3, 14)
DISTRICT, CITY, ELSEWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
CATEGORIES = ("pothole", "roads")
PLACES = ((DISTRICT, "west"), (CITY, "perm-city"))

dates = st.none() | st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3))
lines = st.builds(
    lambda office, category, place, origin, valid_from, valid_until: CompetenceLine(
        UUID(int=100 + office), f"office-{office}", category, place, origin, valid_from, valid_until
    ),
    st.integers(0, 5),
    st.sampled_from(("", "pothole", "roads", "lamp")),
    st.sampled_from((None, DISTRICT, CITY, ELSEWHERE)),
    st.sampled_from(("pack", "dispatcher")),
    dates,
    dates,
)
tables = st.lists(lines, max_size=8)


def line(office: int, category: str = "", place: UUID | None = None, **more: object) -> CompetenceLine:
    return CompetenceLine(UUID(int=100 + office), f"office-{office}", category, place, **more)  # type: ignore[arg-type]


def chosen(*table: CompetenceLine) -> UUID | None:
    found = route(CATEGORIES, PLACES, table, on=DAY)
    return found.office_id if found else None


def test_without_a_line_the_dispatcher_decides():
    assert chosen() is None
    assert chosen(line(1, "lamp"), line(2, "pothole", ELSEWHERE)) is None


def test_a_subcategory_goes_before_its_group_and_a_group_before_everything():
    assert chosen(line(1), line(2, "roads"), line(3, "pothole")) == UUID(int=103)
    assert chosen(line(1), line(2, "roads")) == UUID(int=102)


def test_a_closer_place_wins_within_a_category():
    assert chosen(line(1, "pothole"), line(2, "pothole", CITY), line(3, "pothole", DISTRICT)) == UUID(int=103)
    assert chosen(line(1, "pothole"), line(3, "roads", DISTRICT)) == UUID(int=101)


def test_what_a_dispatcher_taught_wins_over_the_pack():
    taught = line(2, "pothole", DISTRICT, origin="dispatcher")
    assert chosen(line(1, "pothole", DISTRICT), taught) == UUID(int=102)


def test_the_first_day_counts_and_the_last_does_not():
    assert chosen(line(1, "pothole", valid_from=DAY)) == UUID(int=101)
    assert chosen(line(1, "pothole", valid_from=DAY + timedelta(days=1))) is None
    assert chosen(line(1, "pothole", valid_until=DAY)) is None
    assert chosen(line(1, "pothole", valid_until=DAY + timedelta(days=1))) == UUID(int=101)


def test_the_route_names_its_reason_and_the_next_best_office():
    found = route(CATEGORIES, PLACES, [line(1, "pothole", DISTRICT), line(2, "roads")], on=DAY)
    assert found is not None
    assert found.why() == {"category": "pothole", "place": "west", "origin": "pack"}
    assert found.runner_up == UUID(int=102)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_table_does_not_matter(table, chance):
    shuffled = list(table)
    chance.shuffle(shuffled)
    one, other = route(CATEGORIES, PLACES, table, on=DAY), route(CATEGORIES, PLACES, shuffled, on=DAY)
    assert (one and one.office_id) == (other and other.office_id)


@given(tables)
def test_the_office_always_comes_from_a_line_that_holds_and_none_is_closer(table):
    found = route(CATEGORIES, PLACES, table, on=DAY)
    holding = [
        one
        for one in table
        if one.category in ("", *CATEGORIES)
        and one.place_id in (None, DISTRICT, CITY)
        and (one.valid_from is None or one.valid_from <= DAY)
        and (one.valid_until is None or one.valid_until > DAY)
    ]
    if not holding:
        assert found is None
        return
    assert found is not None
    assert found.line in holding
    order = (*CATEGORIES, "")
    assert order.index(found.line.category) == min(order.index(one.category) for one in holding)


@given(tables, lines)
def test_a_line_about_something_else_changes_nothing(table, other):
    foreign = CompetenceLine(other.office_id, other.office_code, "lamp", other.place_id)
    before, after = (
        route(CATEGORIES, PLACES, table, on=DAY),
        route(CATEGORIES, PLACES, [foreign, *table], on=DAY),
    )
    assert before == after
