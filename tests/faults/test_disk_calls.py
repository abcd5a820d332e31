"""EIO, ENOSPC and SIGKILL at each call by which a real process writes its log or its photographs, set by strace."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.house import House
from tests.shared import ROOT

STRACE = shutil.which("strace")
pytestmark = [pytest.mark.faults, pytest.mark.skipif(STRACE is None, reason="needs strace")]
CHRONICLE = (sys.executable, "-m", "tests.faults.chronicle")
LOG_STEPS = ("sequence:3", "sequence:252", "sequence:4")
FACTS = 3 + 252 + 4
PHOTO_STEPS = ("photo:3", "drop")
WRITING = ("mkdir", "write", "fsync", "rename")
FAULTS = [
    *((call, "signal=KILL") for call in (*WRITING, "unlink")),
    *((call, "error=EIO") for call in (*WRITING, "unlink", "openat")),
    *((call, "error=ENOSPC") for call in ("mkdir", "write", "openat")),
]


@dataclass
class Run:
    """A copy of a house in which one call of one kind went wrong."""

    house: House
    struck: bool
    killed: bool
    said: dict[str, object]


class Copy(House):
    """A house made from another's folder."""

    def __init__(self, like: House, folder: Path) -> None:
        shutil.copytree(like.folder, folder)
        self.folder = folder
        self.environment = like.environment | {"VECHE_DATA_DIR": str(folder)}

    def chronicle(self, *words: str, **more: str) -> dict[str, object]:
        """Run the chronicle to its end."""
        self.environment |= more
        found: dict[str, object] = json.loads(self.run(*CHRONICLE, *words).splitlines()[-1])
        return found


def broken(
    like: House, folder: Path, steps: tuple[str, ...], paths: list[Path], call: str, how: str, at: int
) -> Run:
    """Do the steps in a copy of a house, and let call number `at` of this kind on these paths go wrong."""
    house = Copy(like, folder)
    only = [word for path in paths for word in ("-P", str(folder / path))]
    record = folder.with_suffix(".strace")
    inject = f"inject={call}:{how}:when={at}"
    done = subprocess.run(
        [
            str(STRACE),
            "-f",
            # Much quicker; but strace injects no signals that way.
            *(() if how.startswith("signal") else ("--seccomp-bpf",)),
            "-qq",
            "-o",
            str(record),
            *only,
            "-e",
            f"trace={call}",
            "-e",
            inject,
            *CHRONICLE,
            *steps,
        ],
        env=house.environment,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    killed = done.returncode in {-9, 137}
    text = record.read_text()
    assert killed or done.returncode == 0, done.stderr[-2000:]
    said = {} if killed else json.loads(done.stdout.splitlines()[-1])
    return Run(house, killed or "(INJECTED)" in text, killed, said)


def touched_paths(like: House, folder: Path, steps: tuple[str, ...], part: str) -> list[Path]:
    """The folders and files that the steps write below a part of the data folder, and what they are written as."""
    house = Copy(like, folder)
    house.chronicle(*steps)
    below = [path.relative_to(folder) for path in (folder / part).rglob("*")]
    files = [path for path in below if not (folder / path).is_dir()]
    return [Path(part), Path(), *below, *(path.with_name(f".{path.name}.part") for path in files)]


def runs(
    like: House, tmp_path: Path, steps: tuple[str, ...], paths: list[Path], call: str, how: str
) -> Iterator[Run]:
    """One run for each call of a kind, until there are no more of it."""
    at = 1
    with ThreadPoolExecutor(2) as pool:
        while True:
            numbers = range(at, at + 2)
            two = list(
                pool.map(lambda n: broken(like, tmp_path / f"{call}{n}", steps, paths, call, how, n), numbers)
            )
            for run in two:
                if run.struck:
                    yield run
                shutil.rmtree(run.house.folder)
            if not all(run.struck for run in two):
                return
            at += 2


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house in which facts wait for their place in the log."""
    house = House(tmp_path_factory.mktemp("written") / "house")
    house.run(*CHRONICLE, f"write:{FACTS}")
    return house


@pytest.mark.parametrize(("call", "how"), FAULTS)
def test_the_log_survives_it_at_every_call(written: House, tmp_path: Path, call: str, how: str) -> None:
    if call == "unlink":
        pytest.skip("the log removes nothing")
    paths = touched_paths(written, tmp_path / "sound", LOG_STEPS, "journal")
    struck = 0
    for run in runs(written, tmp_path, LOG_STEPS, paths, call, how):
        struck += 1
        assert run.killed == (how == "signal=KILL")
        seen = run.house.chronicle("look", "settle", "prove", "look")
        assert seen["refused"] == 0
        assert seen["seen"] == FACTS
    assert struck >= (2 if call == "mkdir" else 9), struck


@pytest.mark.parametrize(("call", "how"), FAULTS)
def test_photographs_survive_it_at_every_call(written: House, tmp_path: Path, call: str, how: str) -> None:
    before = touched_paths(written, tmp_path / "sound", ("photo:3",), "media")
    struck = 0
    for run in runs(written, tmp_path, PHOTO_STEPS, before, call, how):
        struck += 1
        seen = run.house.chronicle("album")
        if not run.killed:
            assert seen["rows"] == run.said["photos"], "what was acknowledged is not what is kept"
        after = run.house.chronicle("photo:1", "sweep", "album", CHRONICLE_FIRST_PHOTO="9")
        assert after["orphans"] == 0
        assert len(after["rows"]) == len(seen["rows"]) + 1  # type: ignore[arg-type]
    assert struck >= 3, struck
