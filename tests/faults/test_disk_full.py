"""The disk is full for a while: nobody is told a thing was saved that is not there, and all goes on by itself."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.faults.cluster import Cluster
from tests.faults.disk import Disk, alone, may_mount, small_disk
from tests.faults.house import House, eventually
from tests.faults.photographer import DRAFTS, Photographer
from tests.faults.storm import Storm

SHORT_S, LONG_S = 3, 60
_BEFORE = 40
_SQLITE_MB, _POSTGRES_MB = 80, 400


@dataclass
class Scene:
    """A house on a small disk, with citizens who file in it and somebody who takes photographs."""

    storm: Storm
    disk: Disk
    photographer: Photographer
    kept_running: set[str] = field(default_factory=set)

    def full_for(self, seconds: float) -> dict[str, Any]:
        """Fill the disk under them and empty it again; answers what the comparison finds."""
        with ExitStack() as after:
            citizens = self.storm.open(after)
            assert eventually(lambda: self.storm.acknowledged() >= _BEFORE), "nothing is filed"
            self.photographer.prepare()
            running = {name: kept.process.pid for name, kept in self.storm.services.items()}
            self.disk.fill()
            self._meanwhile(seconds)
            full = self.storm.acknowledged()
            self.disk.empty()
            assert eventually(lambda: self.storm.acknowledged() > full + _BEFORE), (
                "filing did not begin again"
            )
            self.photographer.finish()
            self.storm.stop.touch()
            assert all(one.wait(120) == 0 for one in citizens)
            self.storm.wait_for_delivery()
            self.kept_running = {
                name for name, pid in running.items() if self.storm.services[name].process.pid == pid
            }
        return self.storm.house.tell("tests.faults.compare", str(self.storm.notes))["findings"]

    def _meanwhile(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.photographer.take_one()
            self.photographer.look()
            time.sleep(seconds / 30)


@pytest.fixture
def disk(request: pytest.FixtureRequest, ground: Path) -> Iterator[Disk]:
    """A small disk; where we may not mount one, the whole test runs where we may."""
    if not may_mount(ground):
        done = alone(request.node.nodeid)
        if done is None:
            pytest.skip("nobody lets us mount a small disk here")
        assert done.returncode == 0, done.stdout[-5000:]
        pytest.skip("passed in a namespace of its own, where a small disk may be mounted")
    megabytes = _POSTGRES_MB if "cluster" in request.fixturenames else _SQLITE_MB
    with small_disk(ground / "disk", megabytes) as disk:
        yield disk


@pytest.fixture
def cluster(disk: Disk) -> Iterator[Cluster]:
    (disk.folder / "cluster").mkdir()
    with closing(Cluster(disk.folder / "cluster")) as cluster:
        yield cluster


def the_scene(disk: Disk, ground: Path, cluster: Cluster | None = None) -> Scene:
    (disk.folder / "house" / "tmp").mkdir(parents=True)
    house = House(disk.folder / "house", url=cluster.url if cluster else "")
    # What comes in on the way to its place lies on the same disk.
    house.environment["TMPDIR"] = str(disk.folder / "house" / "tmp")
    storm = Storm(house, ground / "notes", 10**6, 0, cluster=cluster, lease=False)
    return Scene(storm, disk, Photographer(house.port))


def all_is_well(scene: Scene, findings: dict[str, Any]) -> None:
    """Nothing is lost, all was said, and nobody had to lend a hand."""
    counts, photographs = scene.storm.counts(), scene.storm.house.tell("tests.faults.photographer")
    print(counts, scene.photographer.refused, photographs)  # noqa: T201 - `make faults` shows the figures
    assert findings == {}
    assert counts["503 site.no-room later"] > 0
    assert not [name for name in counts if name.startswith("500")]
    assert scene.photographer.wrong == []
    assert scene.photographer.refused > 0
    assert photographs == {"drafts": DRAFTS, "wrong": {}}


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_moment_loses_nothing(disk: Disk, ground: Path) -> None:
    scene = the_scene(disk, ground)
    all_is_well(scene, scene.full_for(SHORT_S))
    assert scene.kept_running == {"app", "worker"}


@pytest.mark.faults
def test_a_disk_that_is_full_for_a_minute_loses_nothing_on_sqlite(disk: Disk, ground: Path) -> None:
    scene = the_scene(disk, ground)
    all_is_well(scene, scene.full_for(LONG_S))
    assert scene.kept_running == {"app", "worker"}


@pytest.mark.faults
def test_a_disk_that_is_full_for_a_minute_loses_nothing_on_postgres(
    disk: Disk, cluster: Cluster, ground: Path
) -> None:
    """A PostgreSQL that cannot write its log ends at once, as it should; its supervisor starts it again."""
    scene = the_scene(disk, ground, cluster)
    all_is_well(scene, scene.full_for(LONG_S))
    assert scene.kept_running >= {"app", "worker"}
    cluster.check()
