"""Every room tells the house about itself, and tells it whole."""

import inspect
import re
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from veche.site import wiring

ROOMS = [*settings.VECHE_COMMONS, *settings.VECHE_MODULES]
CODE = re.compile(r"[a-z_]+\.[a-z0-9-]+")
SLOT = re.compile(r"%\((\w+)\)s")
HEAD = {"ref", "at", "city_id"}


def manifests():
    return list(wiring.modules())


@pytest.mark.parametrize("room", ROOMS)
def test_every_manifest_loads(room):
    if find_spec(f"{room}.module") is not None:
        module = import_module(f"{room}.module").MODULE
        assert module.name == room.rpartition(".")[2]
        assert module in wiring.modules()


def test_names_and_subject_kinds_belong_to_one_room_only():
    names = [module.name for module in manifests()]
    kinds = [kind for module in manifests() for kind in module.kinds]
    assert len(names) == len(set(names))
    assert len(kinds) == len(set(kinds))


def test_every_dotted_path_of_a_manifest_leads_somewhere():
    for module in manifests():
        for path in (module.urls, module.site_urls):
            assert not path or import_module(path).urlpatterns
        functions = [
            module.api, module.load, *module.cards, *module.cabinet, *module.addresses.values(),
            *module.tellers.values(), *(sweep.run for sweep in module.sweeps),
        ]  # fmt: skip
        for path in filter(None, functions):
            assert import_string(path), path


def test_every_sweep_takes_now():
    for _, sweep in wiring.sweeps():
        first = next(iter(inspect.signature(import_string(sweep.run)).parameters))
        assert first == "now", sweep.run
        assert sweep.minutes >= 1


@pytest.mark.parametrize("kind", wiring.facts())
def test_every_fact_has_a_sentence_whose_figures_it_carries(kind):
    fact = wiring.facts()[kind]
    sentence = wiring.sentences().get(kind)
    assert sentence, f"{kind} has no sentence in SENTENCES"
    carried = set(inspect.signature(fact).parameters) - HEAD
    assert set(SLOT.findall(sentence)) <= carried


def test_every_fact_class_is_published_by_its_room():
    from veche.kernel.facts import Fact

    # By kind: `slots=True` builds each class twice, and the first one may still be about.
    published = set(wiring.facts())
    ours = tuple(f"{room}." for room in ROOMS)
    for fact in _subclasses(Fact):
        # What a room's tests ring for themselves is no fact of the town; under xdist it may be loaded beside this.
        if fact.__module__.startswith(ours) and ".tests." not in fact.__module__:
            assert fact.kind in published, f"{fact.kind} stands in no manifest"


def test_every_handler_listens_to_a_published_fact_and_takes_its_id():
    published = set(wiring.facts().values())
    for one in wiring.subscriptions():
        assert one.fact in published, one.name
        parameters = inspect.signature(one.handler).parameters
        assert {"fact_id", "now"} <= set(parameters), one.name


def test_names_of_listeners_are_unique_because_deliveries_keep_them():
    names = [one.name for one in wiring.subscriptions()]
    assert len(names) == len(set(names))


def test_every_refusal_code_in_the_code_has_a_sentence():
    known = set(wiring.sentences())
    for room in ROOMS:
        if room.startswith("veche."):
            for code in _codes_in(room):
                assert code in known, f"{room}: {code}"


def _codes_in(room):
    from tests.shared import ROOT

    folder = ROOT / "src" / room.replace(".", "/")
    for path in folder.rglob("*.py"):
        if "tests" not in path.parts:
            for code in re.findall(r"Refusal\(\s*\"([^\"]+)\"", path.read_text()):
                assert CODE.fullmatch(code), f"{path.name}: {code}"
                yield code


def _subclasses(cls):
    for one in cls.__subclasses__():
        yield one
        yield from _subclasses(one)
