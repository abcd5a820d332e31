"""The public journal tells every step of a report in a sentence, and under which number it is found."""

import re
from html import unescape

import pytest

from veche.kernel.ids import number_of
from veche.modules.reports.tests.work_cast import filed, moved


@pytest.fixture
def numbers(perm, alice, boris, now):
    first, second = filed(perm, alice, now=now), filed(perm, alice, now=now)
    for verb in ("take", "plan", "answer"):
        moved(first, verb, boris, now=now)
    moved(second, "duplicate", boris, now=now, duplicate_of=first.pk)
    return number_of(first.serial), number_of(second.serial)


def lines_of(client):
    page = client.get("/journal", headers={"cookie": "lang=en"}).content.decode()
    drawn = re.findall(r'<li class="slate" id="f-.*?</li>', page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in drawn]


def test_every_step_is_a_sentence_with_the_number_of_its_report(numbers, client):
    first, second = numbers
    told = [line for line in lines_of(client) if first in line or second in line]
    for number, says in (
        (first, "A case was opened: from now on an answer is owed."),
        (first, "Roads department took the report into work."),
        (first, "Roads department planned the work."),
        (first, "Roads department answered."),
        (second, "The same problem was reported earlier; that report goes on."),
    ):
        assert [line for line in told if says in line and number in line], (number, says)
    assert not [line for line in told if "A step was taken" in line]


def test_a_number_stands_in_a_line_once(numbers, client):
    filings = [line for line in lines_of(client) if "was filed" in line]
    assert filings
    assert all(sum(line.count(number) for number in numbers) == 1 for line in filings)
