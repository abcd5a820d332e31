"""What a citizen was told is filed is filed, once: app, worker and database are killed again and again."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults.cluster import Cluster
from tests.faults.house import House
from tests.faults.storm import Outcome, Storm

REPORTS, KILLS = 10_000, 50


@pytest.fixture
def house(ground: Path) -> House:
    (ground / "house").mkdir()
    return House(ground / "house")


@pytest.fixture
def cluster(ground: Path) -> Iterator[Cluster]:
    (ground / "cluster").mkdir()
    with closing(Cluster(ground / "cluster")) as cluster:
        yield cluster


@pytest.fixture
def house_on_postgres(ground: Path, cluster: Cluster) -> House:
    (ground / "house").mkdir()
    return House(ground / "house", url=cluster.url)


def in_order(outcome: Outcome, *, reports: int, kills: int) -> None:
    """Nothing is wrong, and it was a storm: all were filed, some hung up, some sent again what was acknowledged."""
    print(outcome)  # noqa: T201 - `make faults` shows the figures
    assert outcome.findings == {}
    assert outcome.acknowledged >= reports
    assert all(count == kills for name, count in outcome.kills.items() if name != "worker")
    assert min(outcome.counts["hung up"], outcome.counts["sent again"]) > reports / 20
    assert outcome.counts["no answer"] > kills


@pytest.mark.slow
def test_a_hundred_reports_survive_an_app_that_is_killed(house: House, ground: Path) -> None:
    outcome = Storm(house, ground / "notes", 100, 2, lease=False).blow()
    in_order(outcome, reports=100, kills=2)


@pytest.mark.faults
def test_ten_thousand_reports_survive_fifty_kills_on_sqlite(house: House, ground: Path) -> None:
    outcome = Storm(house, ground / "notes", REPORTS, KILLS).blow()
    in_order(outcome, reports=REPORTS, kills=KILLS)
    assert outcome.kills["worker"] > KILLS / 4
    assert house.ask("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0


@pytest.mark.faults
def test_ten_thousand_reports_survive_fifty_kills_of_app_and_database_on_postgres(
    house_on_postgres: House, cluster: Cluster, ground: Path
) -> None:
    outcome = Storm(house_on_postgres, ground / "notes", REPORTS, KILLS, cluster=cluster).blow()
    in_order(outcome, reports=REPORTS, kills=KILLS)
    assert outcome.kills["worker"] > KILLS / 4
    cluster.check()
