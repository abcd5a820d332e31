import pytest

from veche.kernel.refusals import Refusal, Refused, refuse_if

FIRST, SECOND = Refusal("toy.first"), Refusal("toy.second", "name", {"most": 3})


def test_no_refusal_lets_pass() -> None:
    refuse_if(None)
    refuse_if([])
    refuse_if(())


def test_all_refusals_come_at_once_and_in_order() -> None:
    with pytest.raises(Refused) as refused:
        refuse_if(one for one in (FIRST, SECOND))
    assert refused.value.refusals == (FIRST, SECOND)
    assert refused.value.codes == ("toy.first", "toy.second")
    assert str(refused.value) == "toy.first, toy.second"


def test_a_single_refusal_needs_no_list() -> None:
    with pytest.raises(Refused) as refused:
        refuse_if(SECOND)
    assert refused.value.refusals == (SECOND,)


def test_the_figures_of_a_refusal_without_figures_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        FIRST.params["most"] = 1  # type: ignore[index]
