"""The first sight of a report: who owes, what stands in the journal, where it is from; and pages without images."""

import re
from datetime import timedelta

import pytest
from tests.cast import a_pothole

from veche.commons.casework.services import PastMove
from veche.commons.casework.terms import ActorRole, Move
from veche.kernel.ids import number_of
from veche.modules.reports.models import Report
from veche.modules.reports.services import PastReport, take_over
from veche.modules.reports.terms import DEMONSTRATION
from veche.modules.reports.tests.work_cast import ANSWER, filed, moved, unrouted


def page_of(client, report, language="en"):
    client.cookies["lang"] = language
    return client.get(f"/perm/reports/{number_of(report.serial)}").content.decode()


def taken_over(perm, now, *, source, recorded):
    """A report of another system, with the one step that was taken there."""
    new = a_pothole(perm)
    step = PastMove(now - timedelta(days=1), Move("answer", text=ANSWER), ActorRole.OFFICER)
    past = PastReport(
        new=new, filed_at=now - timedelta(days=2), moves=(step,), source=source, external_id="1"
    )
    list(take_over([past], city=perm, now=now, recorded=recorded))
    return Report.objects.get(pk=new.id)


def test_every_step_carries_a_seal_that_leads_to_its_lines(client, perm, alice, boris, now):
    report = filed(perm, alice, now=now)
    moved(report, "take", boris, now=now)
    page = page_of(client, report)
    seals = re.findall(r'class="seal" href="([^"]+)"', page)
    assert seals == [f"/journal?subject={report.id}"] * page.count('class="says"')
    assert len(seals) == 3
    lines = client.get(seals[0]).content.decode()
    assert "took the report into work" in lines
    assert "Every step stands in the public journal" in page


def test_what_was_taken_over_without_lines_claims_no_seal(client, perm, now):
    report = taken_over(perm, now, source="OldSystem", recorded=False)
    page = page_of(client, report)
    assert 'class="says"' in page
    assert 'class="seal"' not in page
    assert "Every step stands" not in page
    assert "taken over from OldSystem" in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "invented for the demonstration"), ("ru", "придумано для показа")]
)
def test_the_demonstration_says_in_words_that_it_is_invented(client, perm, now, language, words):
    report = taken_over(perm, now, source=DEMONSTRATION, recorded=True)
    page = page_of(client, report, language)
    assert words in page
    assert page.count('class="seal"') == page.count('class="says"') > 1


def test_who_owes_the_answer_stands_before_the_clocks(client, perm, alice, now):
    page = page_of(client, filed(perm, alice, now=now))
    owes, clock = page.index('class="owes"'), page.index('class="clock ')
    assert owes < clock
    assert "Roads department" in page[owes:clock]


def test_where_nobody_owes_yet_the_dispatcher_is_named(client, perm, alice, now):
    page = page_of(client, unrouted(perm, alice, now=now))
    assert "Chooses the office: " in page[page.index('class="owes"') :]


def test_who_wants_no_images_gets_their_words(client, perm, alice, now):
    report = filed(perm, alice, now=now)
    assert "<img" in page_of(client, report)
    client.cookies["look"] = "size-1.contrast-normal.spacing-normal.images-off"
    page = page_of(client, report)
    assert "<img" not in page
    assert '<span class="described">Map with the place of the report</span>' in page
