"""A log and its witnesses as real processes: forks, old backups, dead witnesses, and witnesses that are killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.faults.house import VECHE, House, eventually
from tests.shared import PACKS, ROOT

from veche.commons.journal.adapters.log_key import KeyFile
from veche.commons.journal.adapters.witness_book import WitnessBook
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier
from veche.commons.journal.tests.logs import Log
from veche.commons.journal.tests.served_witness import ServedWitness
from veche.site import witness as site_witness

pytestmark = pytest.mark.faults
STRACE = shutil.which("strace")
CHRONICLE = (sys.executable, "-m", "tests.faults.chronicle")


@pytest.fixture
def three(tmp_path):
    found = [ServedWitness(tmp_path / f"w{n}", f"w{n}.example.org/w") for n in range(3)]
    for one in found:
        one.serve()
    yield found
    for one in found:
        one.kill()


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "house")


def key_of(house):
    key = KeyFile.at(house.folder / "keys" / "log.key", "")
    return Verifier(key.name, key.public)


def chronicle(house, witnesses, *words):
    named = [[f"w{n}", one.url, str(one.key)] for n, one in enumerate(witnesses)]
    house.environment["CHRONICLE_WITNESSES"] = json.dumps(named)
    return json.loads(house.run(*CHRONICLE, *words).splitlines()[-1])


def test_a_copied_house_that_goes_on_is_refused_by_every_witness(house, three, tmp_path):
    chronicle(house, three, "write:3", "settle")
    for one in three:
        one.watch(key_of(house))
    assert set(map(tuple, chronicle(house, three, "ask")["witnesses"].values())) == {(3, "")}
    copy = House.__new__(House)
    copy.folder = tmp_path / "copy"
    shutil.copytree(house.folder, copy.folder)
    copy.environment = house.environment | {"VECHE_DATA_DIR": str(copy.folder)}
    first = chronicle(house, three, "write:4", "settle", "ask")
    assert {trouble for _, trouble in first["witnesses"].values()} == {""}
    # The same size and another root; then a longer one.
    second = chronicle(copy, three, "write:4", "settle", "ask")
    assert {trouble for _, trouble in second["witnesses"].values()} == {"refused"}
    third = chronicle(copy, three, "write:5", "settle", "ask")
    assert {trouble for _, trouble in third["witnesses"].values()} == {"refused"}
    for one in three:
        assert {found.kind for found in one.book.evidence()} == {"fork", "unproven"}
    # The true one goes on as if nothing had been.
    last = chronicle(house, three, "write:1", "settle", "ask")
    assert set(map(tuple, last["witnesses"].values())) == {(8, "")}
    status = subprocess.run(
        [*VECHE, "witness", "status", "--dir", str(three[0].folder)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert status.returncode == 1
    assert "FORK" in status.stdout


def test_a_house_from_an_old_backup_is_refused_by_every_witness(house, three, tmp_path):
    chronicle(house, three, "write:3", "settle")
    for one in three:
        one.watch(key_of(house))
    backup = tmp_path / "backup"
    shutil.copytree(house.folder, backup)
    chronicle(house, three, "write:9", "settle", "ask")
    shutil.rmtree(house.folder)
    shutil.copytree(backup, house.folder)
    behind = chronicle(house, three, "write:2", "settle", "ask")
    assert {trouble for _, trouble in behind["witnesses"].values()} == {"ahead"}
    beyond = chronicle(house, three, "write:20", "settle", "ask")
    assert {trouble for _, trouble in beyond["witnesses"].values()} == {"refused"}
    done = subprocess.run(
        [*VECHE, "journal", "status"],
        env=house.environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0  # no city of this house names witnesses


def test_a_worker_shows_what_two_of_three_have_signed_while_one_dies(house, three, tmp_path):
    chronicle(house, three, "write:3", "settle")
    for one in three:
        one.watch(key_of(house))
    pack = tmp_path / "perm"
    shutil.copytree(PACKS / "perm", pack)
    lines = ["needed = 2"]
    for one in three:
        lines += ["[[witness]]", f'name = "{one.name}"', f'url = "{one.url}"', f'key = "{one.key}"']
    (pack / "witnesses.toml").write_text("\n".join(lines), encoding="utf-8")
    (house.folder / "journal" / "checkpoint").unlink()
    house.run(*VECHE, "city", "load", str(pack))
    worker = house.begin(*VECHE, "worker")
    try:
        size = house.ask("SELECT count(*) FROM journal_factrow")
        assert eventually(lambda: cosigned(house, three) == (size, 3)), cosigned(house, three)
        three[2].kill()
        chronicle(house, three, "write:5")
        assert eventually(lambda: cosigned(house, three) == (size + 5, 2)), cosigned(house, three)
        three[1].kill()
        chronicle(house, three, "write:5")
        assert eventually(lambda: size_of(house, "latest") == size + 10)
        assert cosigned(house, three) == (size + 5, 2)
        three[1].serve()
        assert eventually(lambda: cosigned(house, three) == (size + 10, 2)), cosigned(house, three)
        # How they stand is kept a moment after the signatures are.
        assert eventually(lambda: told(house)["troubles"] == ["", "", "unreachable"]), told(house)
        assert told(house)["sizes"] == [size + 10, size + 10, 2]
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def told(house):
    found = json.loads(house.run(*VECHE, "journal", "status", "--json"))
    return {
        "sizes": [found["size"], found["published_size"], found["witnesses_needed"]],
        "troubles": [one["trouble"] for one in found["witnesses"]],
    }


def cosigned(house, witnesses):
    path = house.folder / "journal" / "checkpoint"
    if not path.exists():
        return None
    note = Note.parse(path.read_text())
    return Checkpoint.parse(note.text).size, len(notes.cosigners(note, [one.key for one in witnesses]))


def size_of(house, name):
    return Checkpoint.parse(Note.parse((house.folder / "journal" / name).read_text()).text).size


COSIGNER = (sys.executable, "-m", "tests.faults.cosigner")


def cosigner(folder: Path, body: bytes, *before: str) -> tuple[int, str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))}
    done = subprocess.run(
        [*before, *COSIGNER, str(folder)],
        input=body,
        capture_output=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    status, _, rest = done.stdout.decode().partition("\n")
    return (int(status) if status else -1), rest


@pytest.mark.skipif(STRACE is None, reason="needs strace")
@pytest.mark.parametrize("call", ["pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "write"])
def test_a_witness_killed_at_any_call_never_signs_two_roots_of_one_size(tmp_path, call):
    template = tmp_path / "template"
    site_witness.make_key(template, "w.example.org/w")
    log = Log().grow(3)
    WitnessBook(template).watch(log.key.verifier, now=datetime.now(UTC))
    assert cosigner(template, log.asks(0))[0] == 200
    key = site_witness.key_in(template)
    own = Verifier(key.name, key.public, key.kind)
    fork = log.fork().grow(7, "other")
    log.grow(7)
    for n in range(1, 40):
        folder = tmp_path / f"{call}{n}"
        shutil.copytree(template, folder)
        record = tmp_path / "record"
        kill = (
            *(str(STRACE), "-f", "-qq", "-o", str(record)),
            *(word for path in paths_of(folder) for word in ("-P", path)),
            *("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}"),
        )
        answers = [cosigner(folder, log.asks(3), *kill)]
        killed = "killed by SIGKILL" in record.read_text()
        answers += [cosigner(folder, body) for body in (fork.asks(3), log.asks(3), fork.asks(7), log.asks(7))]
        roots = {signed_root(answer, own, log, fork) for answer in answers} - {None}
        assert len(roots) == 1, answers
        shutil.rmtree(folder)
        if not killed:
            break
    assert n < 39, "there were more calls"
    assert n > 3 or call not in {"pwrite64", "fdatasync"}, "it was hardly ever killed"


def paths_of(folder):
    names = [f"witness.sqlite3{end}" for end in ("", "-wal", "-shm", "-journal")]
    return [str(folder / name) for name in names]


def signed_root(answer, own, *logs):
    """The root under which the witness put its signature, if it gave one."""
    status, body = answer
    if status != 200:
        return None
    for log in logs:
        note = Note(log.checkpoint().text, (notes.signature_of(body.rstrip("\n")),))
        if notes.cosigners(note, [own]):
            return log.checkpoint().root
    raise AssertionError(body)
