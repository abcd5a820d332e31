"""Inside the offices: handing over and assigning; the report repeats what its case says."""

import pytest

from veche.commons.casework.models import Case, Clock
from veche.commons.journal.models import FactRow
from veche.kernel.refusals import Refused
from veche.modules.reports import services
from veche.modules.reports.models import Report
from veche.modules.reports.tests.work_cast import filed, moved


def codes(caught):
    return [one.code for one in caught.value.refusals]


def test_the_report_follows_its_case_to_the_new_office_and_the_clock_runs_on(
    perm, alice, boris, office_id, now
):
    report = filed(perm, alice, now=now)
    clocks = list(Clock.objects.filter(case_id=report.case_id).values_list("id", "due_at", "stopped_at"))
    services.assign_report(report.pk, boris.person_id, by=boris, now=now)
    services.hand_over_report(report.pk, office_id("parks"), reason="Это парк.", by=boris, now=now)
    found, case = Report.objects.get(pk=report.pk), Case.objects.get(pk=report.case_id)
    assert found.office_id == case.office_id == office_id("parks")
    assert found.due_at == case.due_at == report.due_at
    assert case.officer_id is None
    assert found.status == "routed"
    assert clocks == list(Clock.objects.filter(case_id=case.pk).values_list("id", "due_at", "stopped_at"))
    assert FactRow.objects.filter(kind="casework.CaseHandedOver", subject_id=report.pk).count() == 1


def test_parent_children_and_sisters_are_kindred_and_oneself_is_not(perm, office_id):
    assert services.family(perm.id, office_id("roads")) == {
        office_id("city-hall"),
        office_id("roads-east"),
        office_id("parks"),
    }
    assert services.family(perm.id, office_id("roads-east")) == {office_id("roads")}
    assert services.family(perm.id, None) == frozenset()


@pytest.mark.parametrize("who", ["alice", "olga", "dina", "mila"])
def test_nobody_but_the_own_office_hands_over(who, perm, alice, now, office_id, request):
    report = filed(perm, alice, now=now)
    actor = request.getfixturevalue(who)
    with pytest.raises(Refused) as caught:
        services.hand_over_report(report.pk, office_id("parks"), reason="", by=actor, now=now)
    assert codes(caught) == ["reports.not-your-office"]


def test_a_stranger_among_offices_is_refused(perm, alice, boris, dina, office_id, now):
    report = filed(perm, alice, now=now)
    services.hand_over_report(report.pk, office_id("roads-east"), reason="", by=boris, now=now)
    services.route_report(report.pk, office_id("roads"), by=dina, now=now)
    with pytest.raises(Refused) as caught:
        services.hand_over_report(report.pk, report.pk, reason="", by=boris, now=now)
    assert codes(caught) == ["reports.not-family"]


def test_an_answered_report_is_not_handed_over(perm, alice, boris, office_id, now):
    report = moved(filed(perm, alice, now=now), "answer", boris, now=now)
    with pytest.raises(Refused) as caught:
        services.hand_over_report(report.pk, office_id("parks"), reason="", by=boris, now=now)
    assert codes(caught) == ["casework.wrong-state"]


def test_too_many_at_once_is_refused_before_anything_is_done(perm, boris, now):
    from veche.kernel.ids import new_id

    with pytest.raises(Refused) as caught:
        services.assign_many([new_id() for _ in range(101)], None, by=boris, now=now)
    assert codes(caught) == ["reports.too-many"]
