"""Commitments, boxes and receipt codes."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from veche.commons.journal.rules.boxes import CHANCE, opened, seal
from veche.commons.journal.rules.canonical import canonical
from veche.commons.journal.rules.leaves import commitment, salt_of
from veche.commons.journal.rules.receipts import Promise, code_of, ids_of, promise
from veche.kernel.ids import new_id

KEY, OTHER, CHANCES = b"k" * 32, b"o" * 32, bytes(range(CHANCE))
VALUES = st.dictionaries(
    st.text(st.characters(categories=["Ll"], max_codepoint=127), min_size=1, max_size=8),
    st.one_of(st.text(max_size=40), st.integers(-(2**50), 2**50), st.lists(st.floats(-90, 90), max_size=3)),
    max_size=5,
)


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.text(max_size=200))
def test_a_commitment_is_the_hmac_of_the_name_and_the_value(salt, name, value):
    expected = hmac.digest(salt, name.encode() + b"\x00" + canonical(value), sha256).hex()
    assert commitment(salt, name, value) == expected


@given(VALUES)
def test_a_box_opens_with_its_key_and_gives_what_was_committed_to(values):
    fact_id = new_id()
    sealed = seal(fact_id, values, KEY, CHANCES)
    inside = opened(fact_id, sealed.box, KEY)
    assert inside.values == values
    for name, value in values.items():
        assert sealed.commitments[name] == commitment(salt_of(inside.secret, name), name, value)


def test_a_box_opens_with_no_other_key_and_for_no_other_fact():
    fact_id = new_id()
    box = seal(fact_id, {"text": "яма"}, KEY, CHANCES).box
    assert opened(fact_id, box, OTHER) is None
    assert opened(new_id(), box, KEY) is None
    assert opened(fact_id, box[:-1] + bytes([box[-1] ^ 1]), KEY) is None


def test_without_a_key_there_is_a_commitment_and_no_box():
    sealed = seal(new_id(), {"text": "яма"}, None, CHANCES)
    assert sealed.box is None
    assert set(sealed.commitments) == {"text"}


def test_the_salt_of_one_field_says_nothing_of_another():
    assert salt_of(b"s" * 32, "text") != salt_of(b"s" * 32, "person")


@given(st.uuids())
def test_a_code_leads_back_to_its_fact_however_it_is_typed(fact_id):
    code = code_of(fact_id)
    assert len(code.replace("-", "")) == 20
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f" {code} ",
        code.replace("0", "O").replace("1", "l"),
    ):
        lowest, highest = ids_of(typed)
        assert lowest <= fact_id <= highest


def test_what_is_no_code_is_none():
    for typed in ("", "123", "U" * 20, "06AC-7Q3F", "яма" * 7):
        assert ids_of(typed) is None


def test_a_promise_is_read_back_and_is_no_checkpoint():
    made = promise("town.example/journal", new_id(), b"h" * 32, datetime(2026, 3, 14, 7, tzinfo=UTC), 5)
    assert Promise.parse(made.text) == made
    assert made.text.splitlines()[0] != made.origin
