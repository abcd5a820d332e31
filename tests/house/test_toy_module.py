"""A new module is one folder and one line: the lanterns of `tests/toy_module` walk through the whole house."""

import pytest
from tests.cast import IN_THE_EAST, IN_THE_WEST, OUTSIDE
from tests.toy_module.models import LanternCount
from tests.toy_module.rules import may_hang
from tests.toy_module.services import hang_lantern
from tests.toy_module.terms import NewLantern

from veche.commons.accounts.terms import Level
from veche.commons.journal.queries import facts_page
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refused
from veche.site.wiring import sentence


def a_lantern(words="Here it is dark", point=IN_THE_WEST):
    return NewLantern(new_id(), words, point)


def test_rules_refuse_a_lantern_without_words():
    assert may_hang(a_lantern(" "), Level.CONTACT).code == "toy_module.no-words"
    assert may_hang(a_lantern(), Level.ANONYMOUS).code == "toy_module.level-too-low"
    assert may_hang(a_lantern(), Level.CONTACT) is None


def test_a_lantern_is_hung_recorded_counted_and_shown(perm, alice, now, deliver, client):
    for point in (IN_THE_WEST, IN_THE_EAST):
        hang_lantern(a_lantern(point=point), city=perm, by=alice, now=now)
    deliver()
    deliver()

    assert LanternCount.objects.get(city_id=perm.id).count == 2
    kinds = {line.kind for line in facts_page(city_id=perm.id)}
    assert "toy_module.LanternHung" in kinds
    page = client.get("/perm/lanterns")
    assert page.status_code == 200
    assert page.content.decode().count("Here it is dark") == 2


def test_a_lantern_outside_the_city_leaves_nothing_behind(perm, alice, now):
    before = len(facts_page())
    with pytest.raises(Refused) as refused:
        hang_lantern(a_lantern(point=OUTSIDE), city=perm, by=alice, now=now)
    assert refused.value.codes == ("places.outside-city",)
    assert len(facts_page()) == before


def test_the_house_says_the_sentences_of_a_new_module():
    assert "level" not in sentence("toy_module.level-too-low")
    assert sentence("toy_module.LanternHung", {"place": "west"}) == "A lantern was hung at west."
