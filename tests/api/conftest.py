"""A small city with a few reports in different states."""

from typing import Any

import pytest

from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import filed, moved


@pytest.fixture
def numbers(perm: Any, alice: Any, boris: Any, mila: Any, now: Any) -> list[str]:
    """The numbers of five reports: new, routed, answered, sent back, hidden."""
    made = [filed(perm, alice, now=now, text=f"Яма номер {n} на дороге") for n in range(4)]
    made.append(filed(perm, alice, now=now, category="dark-yard"))
    moved(made[1], "answer", boris, now=now)
    moved(made[2], "answer", boris, now=now)
    moved(made[2], "send_back", alice, now=now)
    services.hide_report(made[3].pk, "insult", by=mila, now=now)
    return [number_of(one.serial) for one in made]
