"""Tests of the test: where work is really lost or done twice, the storm must say so.

There is no such twin of a forgetful database on SQLite: what a process has written is in the kernel's hands, and
SIGKILL takes nothing back from there, whatever `PRAGMA synchronous` says. Only a machine that loses its power shows
the difference, and that no test here can do to it.
"""

from contextlib import closing
from pathlib import Path

import pytest
from tests.faults.cluster import FORGETFUL, Cluster
from tests.faults.house import House
from tests.faults.storm import Storm

pytestmark = pytest.mark.faults
REPORTS, KILLS = 300, 4


def test_a_database_that_forgets_what_it_acknowledged_is_found_out(ground: Path) -> None:
    for name in ("house", "cluster"):
        (ground / name).mkdir()
    with closing(Cluster(ground / "cluster", settings=FORGETFUL)) as cluster:
        house = House(ground / "house", url=cluster.url)
        outcome = Storm(house, ground / "notes", REPORTS, KILLS, cluster=cluster, lease=False).blow()
    assert outcome.acknowledged >= REPORTS
    assert len(outcome.findings["lost"]) > 0
    assert "doubled" not in outcome.findings


def test_citizens_who_send_a_new_key_each_time_are_found_to_file_twice(ground: Path) -> None:
    (ground / "house").mkdir()
    storm = Storm(House(ground / "house"), ground / "notes", REPORTS, KILLS, protection="none", lease=False)
    outcome = storm.blow()
    assert outcome.acknowledged >= REPORTS
    assert len(outcome.findings["doubled"]) > 0
    assert "lost" not in outcome.findings
