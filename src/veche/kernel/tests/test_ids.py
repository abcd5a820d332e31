import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.kernel.ids import new_id, number_of, serial_of
from veche.kernel.refusals import Refusal

SERIALS = st.integers(1, 10**16)


def test_ids_sort_by_the_time_of_their_making() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}


@given(serial=SERIALS)
def test_a_number_reads_back_however_it_is_written(serial: int) -> None:
    number = number_of(serial)
    for written in (number, f"№ {number}", f"#{number} ", number.replace("-", ""), number.replace("-", "–")):
        assert serial_of(written) == serial


@given(serial=SERIALS, place=st.integers(0, 16), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(serial: int, place: int, digit: int) -> None:
    digits = number_of(serial).replace("-", "")
    place %= len(digits)
    wrong = f"{digits[:place]}{digit}{digits[place + 1 :]}"
    assert wrong == digits or serial_of(wrong) == Refusal("ids.mistyped-number", "number")


@given(serial=SERIALS, place=st.integers(0, 15))
def test_two_swapped_neighbours_are_always_noticed(serial: int, place: int) -> None:
    digits = number_of(serial).replace("-", "")
    place %= len(digits) - 1
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert swapped == digits or isinstance(serial_of(swapped), Refusal)


@pytest.mark.parametrize("typed", ["", "7", "abc", "12а4", "-", "№", "1" * 40, "١٢٣"])
def test_what_is_no_number_is_refused_as_such(typed: str) -> None:
    assert serial_of(typed) == Refusal("ids.not-a-number", "number")


@given(typed=st.text())
def test_no_text_breaks_the_reader(typed: str) -> None:
    assert isinstance(serial_of(typed), (int, Refusal))
