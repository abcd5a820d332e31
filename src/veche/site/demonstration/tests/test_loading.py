"""Starting the demonstration again and again, also after a start that was stopped in the middle."""

from datetime import timedelta
from typing import Any

import pytest

from veche.commons.accounts.queries import demo_accounts
from veche.commons.places.queries import city_by_code
from veche.commons.submissions.models import Submission
from veche.kernel.pack import read_pack
from veche.modules.reports.models import Report
from veche.modules.reports.services import takeover
from veche.site import packs
from veche.site.demonstration.loading import fill

COUNT = 12


@pytest.fixture
def start(db: None, now: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(takeover, "BATCH", 5)
    pack = read_pack(packs.find("perm"))
    packs.load_pack(pack, now=now, demo=True)
    city = city_by_code("perm")
    return lambda later=0, **more: fill(
        pack, city, **{"count": COUNT, "now": now + timedelta(hours=later)} | more
    )


@pytest.mark.parametrize("days", [0, 1, 50, 200])
def test_a_small_demonstration_shows_reports_of_every_kind(start: Any, days: int) -> None:
    start(later=24 * days, count=150)
    assert {"routed", "answered", "confirmed"} <= set(Report.objects.values_list("status", flat=True))
    assert Report.objects.filter(overdue=True).exists()


def test_a_second_start_adds_nothing(start: Any) -> None:
    assert start() == COUNT
    assert start(later=1) == 0
    assert Report.objects.count() == COUNT


def test_a_start_after_one_that_was_stopped_brings_the_rest(start: Any) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(progress=stop)
    assert Report.objects.count() == 5
    assert start(later=1) == COUNT - 5
    assert Report.objects.count() == COUNT
    citizen = next(one for one in demo_accounts() if not one.role)
    assert Submission.objects.filter(author_id=citizen.id).exists()
