"""Witnesses in a pack: who cosigns, and how many must."""

import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from tests.shared import PACKS

from veche.kernel.pack import SENTENCES, PackWitness, PackWitnesses, read_pack, witnesses_from
from veche.kernel.refusals import Refused


def a_key(name: str, kind: int = 4) -> str:
    raw = bytes((kind,)) + sha256(name.encode()).digest()
    known = sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{known}+{b64encode(raw).decode()}"


ONE = f'[[witness]]\nname = "Вечерняя газета"\nurl = "https://paper.example.org/witness"\nkey = "{a_key("paper")}"\n'
TWO = f'[[witness]]\nname = "Университет"\nurl = "https://uni.example.org"\nkey = "{a_key("uni")}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKS / "boston", tmp_path / "boston"))


def write(folder: Path, text: str) -> Path:
    (folder / "witnesses.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_pack_names_its_witnesses_and_how_many_are_needed(folder: Path) -> None:
    pack = read_pack(write(folder, f"needed = 2\n{ONE}{TWO}"))
    assert pack.witnesses == PackWitnesses(
        2,
        (
            PackWitness("Вечерняя газета", "https://paper.example.org/witness", a_key("paper")),
            PackWitness("Университет", "https://uni.example.org", a_key("uni")),
        ),
    )
    assert witnesses_from(pack.raw) == pack.witnesses


def test_a_pack_without_witnesses_asks_nobody(folder: Path) -> None:
    assert read_pack(folder).witnesses == witnesses_from({}) == PackWitnesses()


@pytest.mark.parametrize(
    ("code", "text", "told"),
    [
        ("pack.too-many-needed", f"needed = 3\n{ONE}{TWO}", "3"),
        ("pack.too-many-needed", f"needed = -1\n{ONE}", "-1"),
        ("pack.missing-key", "needed = 0\n", "witness"),
        ("pack.missing-key", ONE.replace("name", "nick"), "name"),
        ("pack.unknown-key", ONE.replace("name", "nick"), "nick"),
        ("pack.bad-witness-url", ONE.replace("https:", "ftp:"), "ftp:"),
        ("pack.bad-witness-url", ONE.replace("/witness", "/witness?x=1"), "x=1"),
        ("pack.bad-witness-url", ONE.replace("paper.example.org", "paper.example.org:port"), "port"),
        ("pack.bad-witness-key", ONE.replace(a_key("paper"), a_key("paper", kind=1)), "paper"),
        ("pack.bad-witness-key", ONE.replace("paper+", "papers+"), "papers"),
        ("pack.bad-witness-key", ONE.replace(a_key("paper"), a_key("paper")[:-2]), "paper"),
        ("pack.witness-twice", ONE + TWO.replace(a_key("uni"), a_key("paper")), "paper"),
        ("pack.witness-twice", ONE + TWO.replace("uni.example.org", "paper.example.org/witness"), "paper"),
        ("pack.wrong-kind", f'needed = "two"\n{ONE}', "needed"),
    ],
)
def test_each_mistake_is_told(folder: Path, code: str, text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_pack(write(folder, text))
    said = [(one.code, SENTENCES[one.code] % one.params) for one in refused.value.refusals]
    assert any(one == code and told in sentence and "witnesses.toml" in sentence for one, sentence in said), (
        said
    )
