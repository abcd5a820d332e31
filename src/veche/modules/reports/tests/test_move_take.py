"""Who takes a report has it, unless somebody has it already."""

import pytest
from tests.cast import a_person, an_officer

from veche.commons.accounts.terms import Role
from veche.commons.casework.models import Case
from veche.kernel.refusals import Refused
from veche.modules.reports import services
from veche.modules.reports.tests.work_cast import filed, moved


def officer_of(report):
    return Case.objects.values_list("officer_id", flat=True).get(pk=report.case_id)


def test_who_takes_a_report_has_it(perm, alice, boris, now):
    report = moved(filed(perm, alice, now=now), "take", boris, now=now)
    assert officer_of(report) == boris.person_id


def test_taking_for_a_colleague_leaves_it_with_the_colleague(perm, alice, boris, office_id, now):
    gleb = an_officer("gleb", perm, office_id("roads"), now=now)
    report = filed(perm, alice, now=now)
    services.assign_report(report.pk, gleb.person_id, by=boris, now=now)
    moved(report, "take", boris, now=now)
    assert officer_of(report) == gleb.person_id


def test_an_officer_without_a_post_takes_it_for_the_office(perm, alice, office_id, now):
    vera = a_person("vera", now=now, role=Role.OFFICER, city_id=perm.id, office_id=office_id("roads"))
    report = moved(filed(perm, alice, now=now), "take", vera, now=now)
    assert report.status == "in_work"
    assert officer_of(report) is None


def test_the_second_of_two_takers_is_told_so(perm, alice, boris, office_id, now):
    gleb = an_officer("gleb", perm, office_id("roads"), now=now)
    report = moved(filed(perm, alice, now=now), "take", boris, now=now)
    with pytest.raises(Refused) as caught:
        moved(report, "take", gleb, now=now)
    assert [one.code for one in caught.value.refusals] == ["casework.wrong-state"]
    assert officer_of(report) == boris.person_id
