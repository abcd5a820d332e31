"""One contract for all rings of keys: a key is made once, is the same for everybody who asks, and dies for good."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from veche.commons.journal.adapters.keys import MemoryKeys, PostgresKeys, SqliteKeys
from veche.commons.journal.adapters.log_key import KeyFile
from veche.kernel.ids import new_id


def _postgres_url() -> str:
    settings = connection.settings_dict
    host = settings["HOST"]
    return psycopg.conninfo.make_conninfo(dbname="postgres", user=settings["USER"], host=host)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def ring(request, tmp_path, db):
    if request.param == "memory":
        yield MemoryKeys()
        return
    if request.param == "sqlite":
        yield SqliteKeys(tmp_path / "keys" / "people.sqlite3")
        return
    if connection.vendor != "postgresql":
        pytest.skip("no PostgreSQL in this run: `make test DB=postgres` tries its ring of keys")
    found = PostgresKeys(_postgres_url())
    yield found
    found.close()


def test_a_person_gets_one_key_and_keeps_it(ring):
    alice, boris = new_id(), new_id()
    first = ring.keys_of([alice])
    assert len(first[alice]) == 32
    both = ring.keys_of([alice, boris])
    assert both[alice] == first[alice]
    assert both[boris] != both[alice]


def test_one_person_is_asked_for_alone(ring):
    alice = new_id()
    key = ring.key_of(alice)
    assert {alice: key} == ring.known_keys([alice])
    assert ring.key_of(alice) == key
    ring.destroy(alice)
    assert ring.key_of(alice) is None


def test_looking_makes_no_key(ring):
    alice = new_id()
    assert ring.known_keys([alice]) == {}
    key = ring.keys_of([alice])
    assert ring.known_keys([alice]) == key


def test_a_destroyed_key_never_comes_back(ring):
    alice = new_id()
    ring.keys_of([alice])
    assert ring.destroy(alice)
    assert ring.known_keys([alice]) == {}
    assert ring.keys_of([alice]) == {}
    assert not ring.destroy(alice)


def test_who_never_had_a_key_gets_none_after_being_forgotten(ring):
    alice = new_id()
    assert not ring.destroy(alice)
    assert ring.keys_of([alice]) == {}


def test_many_at_once_agree_on_one_key(ring):
    alice = new_id()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ring.keys_of([alice])[alice], range(16)))
    assert len(set(found)) == 1


def test_a_thousand_people_are_asked_for_at_once(ring):
    people = [new_id() for _ in range(1_001)]
    assert len(ring.keys_of(people)) == 1_001


def test_a_destroyed_key_is_in_no_file_any_more(tmp_path):
    ring, alice = SqliteKeys(tmp_path / "people.sqlite3"), new_id()
    key = ring.keys_of([alice])[alice]
    ring.destroy(alice)
    assert not [path.name for path in tmp_path.iterdir() if key in path.read_bytes()]


def test_the_file_of_keys_is_its_owners_alone(tmp_path):
    SqliteKeys(tmp_path / "keys" / "people.sqlite3").keys_of([new_id()])
    KeyFile.at(tmp_path / "keys" / "log.key", "town.example/journal")
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "keys").iterdir()}
    assert modes["people.sqlite3"] == modes["log.key"] == "0o600"


def test_the_key_of_the_log_is_made_once_and_keeps_its_name(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda n: KeyFile.at(tmp_path / "log.key", f"town-{n}.example"), range(16)))
    assert len({(one.name, one.public) for one in keys}) == 1
    again = KeyFile.at(tmp_path / "log.key", "elsewhere.example")
    assert again.name == keys[0].name
    assert again.sign(b"x") == keys[0].sign(b"x")
