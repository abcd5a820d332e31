import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.kernel.facts import Fact
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
REF = SubjectRef("toy.thing", new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything(Fact):
    """One field of every type that facts may have."""

    text: str
    number: int
    share: float
    done: bool
    day: date
    until_at: datetime
    other_id: UUID
    codes: tuple[str, ...]
    maybe_id: UUID | None = None
    maybe_day: date | None = None


def everything(**changes: object) -> Everything:
    values: dict[str, object] = {
        "text": "a",
        "number": 1,
        "share": 0.5,
        "done": True,
        "day": date(2026, 3, 2),
        "until_at": AT,
        "other_id": new_id(),
        "codes": ("a", "b"),
        **changes,
    }
    return Everything(ref=REF, at=AT, city_id=None, **values)  # type: ignore[arg-type]


def back(fact: Fact, **changes: object) -> Fact:
    body = {**json.loads(json.dumps(fact.body())), **changes}
    return type(fact).from_body(body, ref=fact.ref, at=fact.at, city_id=fact.city_id)


def test_a_fact_is_called_by_its_room_and_its_name() -> None:
    assert Everything.kind.endswith(".Everything")


@given(
    text=st.text(),
    number=st.integers(),
    share=st.floats(allow_nan=False),
    day=st.dates(),
    until_at=st.datetimes(timezones=st.just(UTC)),
    maybe_id=st.none() | st.uuids(),
    codes=st.lists(st.text()).map(tuple),
)
def test_a_fact_survives_the_journal(**values: object) -> None:
    fact = everything(**values)
    assert back(fact) == fact


def test_a_field_of_a_newer_house_is_left_out() -> None:
    fact = everything()
    assert back(fact, invented_later=1) == fact


def test_a_fact_that_lacks_a_field_cannot_be_read() -> None:
    with pytest.raises(TypeError):
        Everything.from_body({"text": "a"}, ref=REF, at=AT, city_id=None)


def test_a_reference_reads_back_and_nonsense_does_not() -> None:
    assert SubjectRef.parse(str(REF)) == REF
    for nonsense in ("", "toy.thing", f":{REF.id}", "toy.thing:1"):
        with pytest.raises(ValueError):  # noqa: PT011 - the kind of error is the contract
            SubjectRef.parse(nonsense)
