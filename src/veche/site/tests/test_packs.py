"""A city is a folder; loading it is all or nothing."""

import pytest
from tests.shared import PACKS

from veche.commons.places.models import City, Place
from veche.kernel.pack import read_pack
from veche.kernel.refusals import Refused
from veche.modules.reports.models import Category
from veche.site import packs


def test_a_pack_is_found_by_path_by_name_and_in_a_folder_of_packs(settings):
    assert packs.find(str(PACKS / "perm")) == PACKS / "perm"
    assert (packs.find("perm") / "city.toml").is_file()
    settings.CITY_DIRS = [PACKS]
    assert packs.find("boston") == PACKS / "boston"
    settings.CITY_DIRS = [PACKS / "boston"]
    assert packs.find("boston") == PACKS / "boston"


def test_a_pack_that_is_nowhere_is_refused():
    with pytest.raises(Refused) as refused:
        packs.find("atlantis")
    assert refused.value.codes == ("pack.no-folder",)


@pytest.mark.django_db
def test_loading_a_pack_twice_changes_nothing(now):
    pack = read_pack(PACKS / "perm")
    first = packs.load_pack(pack, now=now)
    before = (first.version, Place.objects.count(), Category.objects.count())
    second = packs.load_pack(pack, now=now)
    assert (second.version, Place.objects.count(), Category.objects.count()) == before


@pytest.mark.django_db
def test_a_pack_whose_last_room_fails_leaves_nothing(now, monkeypatch):
    def fail(*_):
        raise Refused

    monkeypatch.setattr(packs.wiring, "loaders", lambda: ("tests.none",))
    monkeypatch.setattr(packs, "import_string", lambda _: fail)
    with pytest.raises(Refused):
        packs.load_pack(read_pack(PACKS / "perm"), now=now)
    assert not City.objects.exists()
