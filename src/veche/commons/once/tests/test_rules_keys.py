"""Which keys are good."""

import pytest

from veche.commons.once.rules import call_id, digest_of, key_of
from veche.kernel.refusals import Refusal


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ('"8e03978e"', "8e03978e"),
        ("  a/b:c=~  ", "a/b:c=~"),
        ("x" * 200, "x" * 200),
        ('"', '"'),
    ],
)
def test_a_good_key_is_read_with_or_without_quotes(raw, key):
    assert key_of(raw) == key


@pytest.mark.parametrize("raw", [None, "", "   ", '""'])
def test_no_key_is_missed(raw):
    assert key_of(raw) == Refusal("once.key-missing")


@pytest.mark.parametrize("raw", ["x" * 201, "a b", "ключ", "a\x00b", "a\nb", "\x7f"])
def test_long_and_odd_keys_are_refused(raw):
    refusal = key_of(raw)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "once.bad-key"


def test_who_calls_and_the_key_together_are_the_call():
    assert call_id("a", "bc") == call_id("a", "bc")
    assert len({call_id("a", "bc"), call_id("ab", "c"), call_id("b", "bc"), call_id("a", "bd")}) == 4


def test_parts_are_not_taken_for_each_other():
    assert digest_of([b"a", b"b"]) != digest_of([b"ab"]) != digest_of([b"", b"ab"])
