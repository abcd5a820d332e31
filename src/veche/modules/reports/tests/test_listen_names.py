"""Every notice and letter names its report, and nobody's words or person."""

from datetime import timedelta

import pytest
from django.utils import translation

from veche.commons.accounts.models import Person
from veche.commons.casework.services import sweep_deadlines
from veche.commons.notices.models import Letter, Notice
from veche.commons.notices.queries import spoken
from veche.commons.notices.services import write_letters
from veche.kernel.ids import number_of
from veche.modules.reports import services
from veche.modules.reports.terms import WORKFLOW
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved, unrouted

OBJECTION = "Яма на прежнем месте, звоните мне: 8 902 000-00-00."


@pytest.fixture
def lives(perm, alice, boris, clara, dina, office_id, now, deliver):
    """Reports that between them took every step there is; answers their numbers."""
    whole, plain, lost, again = (filed(perm, alice, now=now) for _ in range(4))
    strange = unrouted(perm, alice, now=now)
    services.join_report(whole.pk, by=clara, now=now)
    for verb, by in (("take", boris), ("plan", boris), ("answer", boris)):
        moved(whole, verb, by, now=now)
    moved(whole, "send_back", alice, now=now, text=OBJECTION)
    moved(whole, "answer", boris, now=now)
    moved(whole, "confirm", alice, now=now)
    moved(plain, "answer", boris, now=now)
    moved(lost, "refuse", boris, now=now)
    moved(again, "duplicate", boris, now=now, duplicate_of=whole.pk)
    moved(strange, "route", dina, now=now, office_id=office_id("roads"))
    moved(strange, "not_ours", boris, now=now)
    services.route_report(strange.pk, office_id("roads"), by=dina, now=now)
    services.hand_over_report(strange.pk, office_id("parks"), reason=OBJECTION, by=boris, now=now)
    deliver()
    later = now + timedelta(days=40)
    sweep_deadlines(later)
    deliver(later)
    return [number_of(one.serial) for one in (whole, plain, lost, again, strange)]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_notice_names_the_report_it_leads_to(lives, language):
    told = Notice.objects.all()
    steps = {one.kind for one in told} & {f"reports.{line.verb}" for line in WORKFLOW.transitions}
    assert steps == {f"reports.{line.verb}" for line in WORKFLOW.transitions}
    with translation.override(language):
        for one in told:
            number = one.url.rstrip("/").rsplit("/", 1)[-1]
            assert number in lives
            assert number in spoken(one.sentence, one.params), one.kind


def test_letters_name_the_report_in_subject_or_list_and_no_person(lives, now):
    write_letters(now + timedelta(days=41))
    letters = list(Letter.objects.all())
    people = {one for pair in Person.objects.values_list("name", "email") for one in pair if one}
    assert letters
    for letter in letters:
        said = f"{letter.subject}\n{letter.body}"
        assert any(number in said for number in lives)
        assert not [one for one in people if one in said]
        assert OBJECTION not in said
        assert ANSWER not in said
