"""The counters of the map stay what the rows are, whatever happens and in whatever order it is told."""

import random

import pytest
from tests.cast import IN_THE_EAST, IN_THE_WEST

from veche.commons.casework.terms import Move
from veche.commons.journal import services as journal
from veche.commons.journal.models import FactRow, Outbox
from veche.kernel.refusals import Refused
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.terms import WORKFLOW
from veche.modules.reports.tests.work_cast import ANSWER, REASONS, counted, filed, moved, there, unrouted

VERBS = [line.verb for line in WORKFLOW.transitions]


def test_a_report_that_moved_and_was_hidden_before_anybody_listened_is_counted_nowhere(
    perm, alice, boris, mila, now, deliver
):
    report = filed(perm, alice, now=now)
    moved(report, "take", boris, now=now)
    services.hide_report(report.pk, "insult", by=mila, now=now)
    moved(report, "answer", boris, now=now)
    deliver()
    assert not [one.error for one in Outbox.objects.all()]
    assert counted(perm.id) == there(perm.id) == {}


def test_a_report_shown_again_is_counted_where_it_stands(perm, alice, boris, mila, now, deliver):
    report = filed(perm, alice, now=now)
    services.hide_report(report.pk, "insult", by=mila, now=now)
    deliver()
    moved(report, "take", boris, now=now)
    services.show_report(report.pk, "by-mistake", by=mila, now=now)
    moved(report, "answer", boris, now=now)
    deliver()
    assert counted(perm.id) == there(perm.id) == {("answered", "roads"): 1}


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_steps_leaves_the_counters_equal_to_the_rows(
    seed, perm, alice, boris, dina, mila, office_id, now, deliver
):
    dice = random.Random(seed)
    actors = (alice, boris, dina)
    reports = [
        make(perm, alice, now=now, point=dice.choice([IN_THE_WEST, IN_THE_EAST]))
        for make in (filed, filed, unrouted)
    ]
    for _ in range(60):
        report = dice.choice(reports)
        act = dice.choice([*VERBS, *VERBS, "hide", "show", "deliver"])
        try:
            if act == "hide":
                services.hide_report(report.pk, "insult", by=mila, now=now)
            elif act == "show":
                services.show_report(report.pk, "by-mistake", by=mila, now=now)
            elif act == "deliver":
                journal.deliver(now=now, limit=dice.randint(1, 4))
            else:
                move = Move(
                    verb=act,
                    text=ANSWER,
                    reason=REASONS.get(act, ""),
                    planned_on=now.date().replace(year=2027) if act == "plan" else None,
                    office_id=office_id("roads") if act == "route" else None,
                    duplicate_of=reports[0].pk if act == "duplicate" else None,
                )
                services.move_report(report.pk, move, by=dice.choice(actors), now=now)
        except Refused:
            continue
    deliver()
    assert counted(perm.id) == there(perm.id)
    assert FactRow.objects.exists()
    assert not Outbox.objects.exists()
    assert Report.objects.count() == len(reports)
