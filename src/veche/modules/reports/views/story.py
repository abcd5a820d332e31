"""What the page of a report tells: its steps, its clocks, and why this office was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext
from markupsafe import Markup

from veche.commons.casework.terms import ROLE_WORDS, ClockView, Pace, Stage, StepView
from veche.commons.media.terms import PhotoView
from veche.commons.offices.terms import OfficeView
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.ids import number_of
from veche.kernel.words import N_, in_language
from veche.modules.reports import queries
from veche.modules.reports.terms import (
    APPROXIMATE,
    DEMONSTRATION,
    WORKFLOW,
    AnswerKind,
    CategoryView,
    Question,
    ReportView,
    Status,
)
from veche.modules.reports.views.lengths import length_of, pace_of, title_of
from veche.modules.reports.views.seals import seals_of
from veche.modules.reports.views.words import pieces, shared, words_of

HANDED_OVER = N_("%(office)s handed the report over to %(other)s; the clock runs on.")
_SAYS = {line.verb: line.says for line in WORKFLOW.transitions} | {"hand_over": HANDED_OVER}
_ICONS = {"not_ours": "not_ours", "hand_over": "routed", "take": "in_work"}


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the timeline."""

    words: str
    at: Markup
    icon: str
    tone: str = "slate"
    who: str = ""
    text: str = ""
    photos: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """One clock of the page, in words, with its source in law."""

    title: str
    words: str
    clock: ClockView
    is_late: bool
    source: str
    note: str
    closed_at: datetime | None


class Answer(NamedTuple):
    """An answer to one of the category's questions."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Story:
    """Makes the parts of one report's page in one language."""

    city: CityView
    view: ReportView
    category: CategoryView
    offices: Mapping[UUID, OfficeView]
    language: str
    now: datetime
    photos: Mapping[UUID, Sequence[PhotoView]] = field(default_factory=dict)

    def timeline(self, steps: Sequence[StepView]) -> list[Line]:
        """The steps, the oldest first; the first is the filing itself."""
        filed_at, sealed = self.view.row.filed_at, seals_of(self.view)
        at, seal = self._when(filed_at), sealed(filed_at)
        lines = [Line(gettext("The report was filed."), at, "new", who=gettext("a resident"), seal=seal)]
        if self.view.why:
            words = gettext("We passed the report to %(office)s.") % {"office": self._first_office(steps)}
            lines.append(Line(words, at, "routed", who=gettext("by the routing table"), seal=seal))
        return lines + [self._line(step, sealed(step.at)) for step in steps]

    def dials(self, clocks: Sequence[ClockView]) -> list[Dial]:
        """The newest clock of each stage: what the office owes, then what waits for the author."""
        newest: dict[str, ClockView] = {}
        for clock in clocks:
            newest[clock.stage] = clock
        order = [Stage.ANSWER.value, Stage.FIX.value]
        confirm = newest.get(Stage.CONFIRM)
        if confirm is not None and confirm.is_running:
            order.insert(0, Stage.CONFIRM.value)
        return [self._dial(newest[stage]) for stage in order if stage in newest]

    def why(self) -> str:
        """Why this office owes the answer, in a sentence; empty when there is nothing to tell."""
        why = self.view.why
        if not why:
            return ""
        known = queries.catalogue(self.city).by_code
        category = known.get(why.get("category", ""))
        figures = {
            "category": self.name(category.names) if category else gettext("every category"),
            "place": self._place_name(why.get("place", "")),
        }
        if why.get("origin") == "dispatcher":
            return (
                gettext("A dispatcher decided that “%(category)s” at “%(place)s” belongs to this office.")
                % figures
            )
        return gettext(
            "The city's table of competences says: “%(category)s” at “%(place)s” belongs to this office."
        ) % (figures)

    def answers(self) -> list[Answer]:
        """What the author answered to the category's questions."""
        details = self.view.details
        found = [
            Answer(self.name(question.names), self._answer(question, str(details[question.code])))
            for question in self.category.questions
            if details.get(question.code)
        ]
        if APPROXIMATE in details:
            found.append(
                Answer(
                    gettext("The pin"), gettext("only approximate: the middle of the place that was named")
                )
            )
        return found

    def usual(self, pace: Pace | None) -> str:
        """How fast the office usually answers, with how sure that is."""
        return pace_of(pace)

    def origin(self) -> str:
        """Where a report came from that nobody filed here; empty for all others."""
        if self.view.source == DEMONSTRATION:
            return gettext("invented for the demonstration")
        return (
            gettext("taken over from %(source)s") % {"source": self.view.source} if self.view.source else ""
        )

    def choices(self, names: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
        """Reasons of the pack, for a list to choose from."""
        return [(code, self.name(one)) for code, one in names.items()]

    def words(self, words: Mapping[str, str]) -> list[tuple[str, str]]:
        """Reasons of the program, for a list to choose from."""
        return [(code, gettext(one)) for code, one in words.items()]

    def name(self, names: Mapping[str, str]) -> str:
        """A name in the reader's language."""
        return in_language(names, self.language)

    def office_name(self, office_id: UUID | None) -> str:
        """An office by its name; without one, the dispatcher has the report."""
        office = self.offices.get(office_id) if office_id else None
        return self.name(office.names) if office else gettext("the dispatcher")

    def _line(self, step: StepView, seal: str) -> Line:
        figures = {
            "office": self.office_name(step.office_id),
            "other": self.office_name(_uuid(step.details.get("to_office_id"))),
            "date": self._day(str(step.details.get("planned_on", ""))),
            "number": number_of(self.view.duplicate_of) if self.view.duplicate_of else "–",
        }
        says = gettext(_SAYS[step.verb]) % figures if step.verb in _SAYS else gettext("A step was taken.")
        look = shared("status_look")(step.to_status)
        return Line(
            words=f"{says} {reason}" if (reason := self._reason(step)) else says,
            at=self._when(step.at),
            icon=_ICONS.get(step.verb, look.icon),
            tone=look.tone,
            who=self._who(step),
            text=step.text,
            photos=pieces().photos(self.photos.get(step.id, ()), gettext("Photo of this step")),
            seal=seal,
        )

    def _who(self, step: StepView) -> str:
        if step.actor_role == "officer":
            return gettext("an officer of %(office)s") % {"office": self.office_name(step.office_id)}
        return gettext(ROLE_WORDS.get(step.actor_role, "")) if step.actor_role in ROLE_WORDS else ""

    def _reason(self, step: StepView) -> str:
        line = WORKFLOW.transition(step.verb)
        names = (
            queries.reasons_of(self.city).get(line.reasons, {}).get(step.reason)
            if line and step.reason
            else None
        )
        return gettext("Reason: %(reason)s.") % {"reason": self.name(names)} if names else ""

    def _dial(self, clock: ClockView) -> Dial:
        is_late = clock.missed_at is not None or (clock.is_running and clock.due_at <= self.now)
        pack: Mapping[str, Any] = self.city.pack.get("terms", {}).get(clock.term, {})
        binds = clock.source.get("binding", True)
        note = [
            length_of(clock.days, clock.kind),
            self.name(pack.get("texts", {})),
            "" if binds else gettext("It is an agreement, not a law: it can be asked for, but not enforced."),
        ]
        return Dial(
            title=title_of(clock.stage),
            words=self._dial_words(clock, is_late=is_late),
            clock=clock,
            is_late=is_late,
            source=words_of(self.city).source(clock.source),
            note=" ".join(part for part in note if part),
            closed_at=clock.stopped_at,
        )

    def _dial_words(self, clock: ClockView, *, is_late: bool) -> str:
        if clock.stopped_at is not None:
            day = shared("date")(clock.stopped_at, self.city)
            if clock.stage == Stage.FIX:
                said = (
                    N_("Stopped by the answer on %(day)s, late.")
                    if is_late
                    else N_("Stopped by the answer on %(day)s, in time.")
                )
            else:
                said = N_("Answered on %(day)s, late.") if is_late else N_("Answered on %(day)s, in time.")
            if self.view.row.status == Status.DUPLICATE:
                said = N_("Stopped on %(day)s: the earlier report goes on.")
            return gettext(said) % {"day": day}
        if clock.stage == Stage.ANSWER:
            return str(shared("due_words")(clock.due_at, self.now, self.city))
        figures = {
            "day": shared("due_day")(clock.due_at, self.city),
            "left": shared("left")(clock.due_at, self.now, self.city),
        }
        if clock.stage == Stage.FIX:
            said = (
                N_("The repair had to be done by the end of %(day)s, %(left)s")
                if is_late
                else N_("The repair must be done by the end of %(day)s, %(left)s")
            )
        else:
            said = N_("The author may confirm or object until the end of %(day)s, %(left)s; silence confirms")
        return gettext(said) % figures

    def _first_office(self, steps: Sequence[StepView]) -> str:
        """The office the routing table chose: the first step still names it, unless a dispatcher chose anew."""
        if not steps:
            return self.office_name(self.view.row.office_id)
        return (
            gettext("the office of its table")
            if steps[0].verb == "route"
            else self.office_name(steps[0].office_id)
        )

    def _place_name(self, code: str) -> str:
        tree = places.places_of(self.city.id)
        found = next((one for one in tree.values() if one.code == code), None)
        return self.name(found.names if found else self.city.names)

    def _answer(self, question: Question, raw: str) -> str:
        if question.kind is AnswerKind.CHOICE:
            return self.name(question.choices.get(raw, {"": raw}))
        if question.kind is AnswerKind.YESNO:
            return gettext("yes") if raw == "yes" else gettext("no")
        return self._day(raw) if question.kind is AnswerKind.DATE else raw

    def _when(self, moment: datetime) -> Markup:
        return Markup(shared("when")(moment, self.city))  # noqa: S704 - it escapes

    def _day(self, iso: str) -> str:
        try:
            return str(shared("day")(date.fromisoformat(iso)))
        except ValueError:
            return "–"


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
