"""One log for several cities: its witnesses are those of all of them, and the largest demand counts."""

import shutil
from hashlib import sha256

from django.test import Client
from tests.shared import PACKS

from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules.notes import COSIGNING, Verifier
from veche.commons.places import queries as places
from veche.kernel.pack import read_pack
from veche.kernel.tests.test_pack_witnesses import ONE, TWO, a_key
from veche.site.packs import load_pack


def load(tmp_path, city, text, now):
    folder = shutil.copytree(PACKS / city, tmp_path / city)
    (folder / "witnesses.toml").write_text(text, encoding="utf-8")
    load_pack(read_pack(folder), now=now)
    places.forget()


def test_the_witnesses_of_all_cities_and_the_largest_demand(db, tmp_path, now):
    assert EQUIPMENT.witnesses().witnesses == ()
    load(tmp_path, "perm", ONE, now)
    assert EQUIPMENT.witnesses().needed == 0
    load(tmp_path, "boston", f"needed = 2\n{ONE}{TWO}", now)
    policy = EQUIPMENT.witnesses()
    assert [one.key for one in policy.witnesses] == [a_key("paper"), a_key("uni")]
    assert policy.needed == 2
    about = Client().get("/journal/about.json").json()
    assert about["witnesses_needed"] == 2
    assert [one["name"] for one in about["witnesses"]] == ["Вечерняя газета", "Университет"]


def test_a_page_names_the_witnesses_before_they_were_asked(db, tmp_path, now):
    load(tmp_path, "perm", f"needed = 1\n{ONE}{TWO}", now)
    page = Client().get("/journal", headers={"cookie": "lang=ru"}).content.decode()
    assert "Вечерняя газета: подписи под этим состоянием ещё нет" in page
    assert "Университет" in page


def test_a_key_as_the_program_prints_it_is_taken(tmp_path):
    key = Verifier("paper", sha256(b"x").digest(), COSIGNING)
    folder = shutil.copytree(PACKS / "perm", tmp_path / "perm")
    (folder / "witnesses.toml").write_text(ONE.replace(a_key("paper"), str(key)), encoding="utf-8")
    assert [one.key for one in read_pack(folder).witnesses.witnesses] == [str(key)]
