"""What becomes of a report of the demonstration: its steps, in the words of the reports' workflow."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from babel.dates import format_date

from veche.kernel.calendar import WorkCalendar
from veche.kernel.pack import DemoMaterial, DemoTexts, Pack, PackCategory
from veche.kernel.terms import DayKind, Term

# How offices and authors of the demonstration behave: shares of all reports.
_LATE, _FORGOTTEN = 0.13, 0.012
_PLANNED, _TAKEN = 0.16, 0.85
_REFUSED, _NOT_OURS = 0.07, 0.05
_SENT_BACK, _SILENT = 0.14, 0.45
_ANSWERS_AGAIN = 0.96
# Of the last days more is left half done, so that whoever tries a role finds work: above all the dispatcher.
_YOUNG = timedelta(days=14)
_YOUNG_NOT_OURS, _YOUNG_PLANNED, _YOUNG_ANSWERS_AGAIN = 0.3, 0.9, 0.3
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))\w")
_OFFICE_OPENS_H, _OFFICE_HOURS = 9, 8


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One move: a verb of the workflow, when, and what it needs.

    `office` is set for `route` only: the code of the office a dispatcher chose; empty means the routing table's.
    `planned_on` is set for `plan` only.
    """

    at: datetime
    verb: str
    text: str = ""
    reason: str = ""
    office: str = ""
    planned_on: date | None = None


class Life:
    """Tells the life of one report after another, all from one stream of chance."""

    def __init__(self, pack: Pack, calendar: WorkCalendar, chance: Random, now: datetime) -> None:
        self.material: DemoMaterial = pack.demo
        self.terms = pack.terms
        self.calendar, self.chance, self.now = calendar, chance, now

    def steps(
        self, category: PackCategory, story: DemoTexts, filed_at: datetime, slots: Mapping[str, str]
    ) -> tuple[StoryStep, ...]:
        """All steps up to now, in order."""
        told: list[StoryStep] = []
        for step in self._whole(category, story, filed_at, slots):
            if step.at > self.now:
                break
            told.append(replace(step, at=step.at.replace(microsecond=0)))
        return tuple(told)

    def _whole(
        self, category: PackCategory, story: DemoTexts, filed_at: datetime, slots: Mapping[str, str]
    ) -> Iterator[StoryStep]:
        at, young = filed_at, self._is_young(filed_at)
        if story.office:
            if young:
                return
            at = self._office_hour(at, 0.2)
            yield StoryStep(at, "route", office=story.office)
        if self._happens(_YOUNG_NOT_OURS if young else _NOT_OURS):
            at = self._office_hour(at, 1)
            yield StoryStep(at, "not_ours", reason="other-office")
            if young:
                return
            at = self._office_hour(at, 0.5)
            yield StoryStep(at, "route", office=story.office)
        if self._happens(_FORGOTTEN):
            return
        term = self.terms[category.terms["answer"]]
        answered_at = self._answered_at(filed_at, max(at, filed_at), term)
        yield from self._working(at, answered_at)
        yield from self._closing(category, story, answered_at, slots)

    def _working(self, since: datetime, answered_at: datetime) -> Iterator[StoryStep]:
        if not self._happens(_TAKEN):
            return
        at = self._office_hour(since, 0.6)
        if at >= answered_at:
            return
        yield StoryStep(at, "take")
        planned_at = self._office_hour(at, 1.5)
        on = self.calendar.local_date(answered_at)
        is_later = self.calendar.local_date(planned_at) < on
        planned = _YOUNG_PLANNED if self._is_young(since) else _PLANNED
        if self.material.plans and is_later and self._happens(planned):
            text = self.chance.choice(self.material.plans).format(date=self._day(on))
            yield StoryStep(planned_at, "plan", text, planned_on=on)

    def _closing(
        self, category: PackCategory, story: DemoTexts, at: datetime, slots: Mapping[str, str]
    ) -> Iterator[StoryStep]:
        refused = bool(self.material.refusals) and self._happens(_REFUSED)
        if refused:
            yield self._with_reason(at, "refuse", self.material.refusals)
        else:
            yield self._answer(at, story, slots)
        if self.material.send_backs and self._happens(_SENT_BACK * (2 if refused else 1)):
            back_at = at + timedelta(hours=self.chance.uniform(2, 120))
            yield self._with_reason(back_at, "send_back", self.material.send_backs)
            if not self._happens(_YOUNG_ANSWERS_AGAIN if self._is_young(back_at) else _ANSWERS_AGAIN):
                return
            at, refused = self._office_hour(back_at, self.chance.uniform(1, 9)), False
            yield self._answer(at, story, slots)
        if not refused:
            yield self._confirmation(category, at)

    def _confirmation(self, category: PackCategory, answered_at: datetime) -> StoryStep:
        term = self.terms.get(category.terms.get("confirm", ""))
        until = self._end(answered_at, term) if term else answered_at + timedelta(days=10)
        if self._happens(_SILENT):
            return StoryStep(until + timedelta(minutes=1), "confirm_by_silence")
        span = (until - answered_at).total_seconds()
        return StoryStep(answered_at + timedelta(seconds=span * self.chance.uniform(0.02, 0.9)), "confirm")

    def _answer(self, at: datetime, story: DemoTexts, slots: Mapping[str, str]) -> StoryStep:
        day = self._day(self.calendar.local_date(at - timedelta(days=1)))
        text = self.chance.choice(story.answers).format_map({**slots, "date": day})
        return StoryStep(at, "answer", tidy(text))

    def _with_reason(self, at: datetime, verb: str, texts: Mapping[str, Sequence[str]]) -> StoryStep:
        reason = self.chance.choice(sorted(texts))
        return StoryStep(at, verb, self.chance.choice(texts[reason]), reason)

    def _answered_at(self, filed_at: datetime, after: datetime, term: Term) -> datetime:
        """Most answer in the first half of the term; some are late by days or weeks."""
        days = (self._end(filed_at, term) - filed_at).total_seconds() / 86_400
        share = 1 + self.chance.expovariate(3) if self._happens(_LATE) else self.chance.betavariate(1.6, 3)
        return max(self._office_hour(filed_at, days * share), self._office_hour(after, 0.3))

    def _end(self, since: datetime, term: Term) -> datetime:
        day = self.calendar.local_date(since)
        if term.kind is DayKind.WORKING:
            return self.calendar.end_of(self.calendar.add_working_days(day, term.days))
        end = day + timedelta(days=term.days)
        return self.calendar.end_of(self.calendar.on_or_after(end) if term.ends_on_working_day else end)

    def _office_hour(self, since: datetime, days: float) -> datetime:
        """A moment of a working day about so many days later, always after `since`."""
        wanted = since + timedelta(days=days * self.chance.uniform(0.6, 1.3), minutes=7)
        day = self.calendar.on_or_after(self.calendar.local_date(wanted))
        opens = self.calendar.start_of(day) + timedelta(hours=_OFFICE_OPENS_H)
        at = opens + timedelta(seconds=round(self.chance.uniform(0, _OFFICE_HOURS * 3600)))
        if at > since:
            return at
        return self._office_hour(self.calendar.end_of(day), 0)

    def _day(self, on: date) -> str:
        return format_date(on, "d MMMM", locale=self.material.language)

    def _is_young(self, at: datetime) -> bool:
        return at > self.now - _YOUNG

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share


def tidy(text: str) -> str:
    """One blank between words, none at the ends, a capital at the start of every sentence."""
    return _SENTENCE_START.sub(lambda found: found[0].upper(), " ".join(text.split()))
