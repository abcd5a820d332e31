"""Where a report stands, and the table of its moves."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from veche.commons.casework.terms import ActorRole, Need, Stage, Transition, Workflow
from veche.kernel.words import N_

REPORT = "reports.report"
DEMONSTRATION = "demonstration"  # the source of reports that were invented to show the program
APPROXIMATE = "~pin"  # beside the answers to questions, whose codes are slugs

# Given by the program alone, when an author asked to be forgotten.
ERASED = "erased"
# What a court ordered names the order, for everybody to read.
COURT = "court"
HIDE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        COURT: N_("a court ordered it"),
        "personal-data": N_("it shows somebody's personal data"),
        "insult": N_("it insults people"),
        "advertising": N_("it is advertising"),
        "not-a-problem": N_("it describes no problem of the city"),
        "forbidden": N_("the law forbids to publish it"),
        "by-mistake": N_("it was hidden by mistake"),
    }
)


class Status(StrEnum):
    """Where a report stands."""

    NEW = "new"
    ROUTED = "routed"
    IN_WORK = "in_work"
    PLANNED = "planned"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"


STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Status.NEW: N_("new"),
        Status.ROUTED: N_("with the office"),
        Status.IN_WORK: N_("in work"),
        Status.PLANNED: N_("planned"),
        Status.ANSWERED: N_("answered"),
        Status.CONFIRMED: N_("confirmed"),
        Status.SENT_BACK: N_("sent back"),
        Status.REFUSED: N_("refused"),
        Status.DUPLICATE: N_("duplicate"),
        Status.NOT_OURS: N_("with the dispatcher"),
    }
)

OPEN = frozenset(
    {Status.NEW, Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK, Status.NOT_OURS}
)
_AT_OFFICE = (Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK)
_OFFICER = frozenset({ActorRole.OFFICER})
_AUTHOR = frozenset({ActorRole.CITIZEN})
_ROUTERS = frozenset({ActorRole.DISPATCHER, ActorRole.SYSTEM})

WORKFLOW = Workflow(
    name="reports",
    start=Status.NEW,
    transitions=(
        Transition(
            "route",
            (Status.NEW, Status.NOT_OURS, Status.ROUTED),
            Status.ROUTED,
            _ROUTERS,
            needs=frozenset({Need.OFFICE}),
            says=N_("We passed the report to %(office)s."),
        ),
        Transition(
            "take",
            (Status.ROUTED, Status.SENT_BACK),
            Status.IN_WORK,
            _OFFICER,
            says=N_("%(office)s took the report into work."),
        ),
        Transition(
            "plan",
            _AT_OFFICE,
            Status.PLANNED,
            _OFFICER,
            needs=frozenset({Need.DATE}),
            says=N_("%(office)s planned the work for %(date)s."),
        ),
        Transition(
            "answer",
            _AT_OFFICE,
            Status.ANSWERED,
            _OFFICER,
            needs=frozenset({Need.TEXT}),
            stops=(Stage.ANSWER, Stage.FIX),
            starts=(Stage.CONFIRM,),
            says=N_("%(office)s answered. Now it is for the author to confirm."),
        ),
        Transition(
            "refuse",
            _AT_OFFICE,
            Status.REFUSED,
            _OFFICER,
            needs=frozenset({Need.TEXT, Need.REASON}),
            reasons="refused",
            stops=(Stage.ANSWER, Stage.FIX),
            starts=(Stage.CONFIRM,),
            says=N_("%(office)s refused and gave the reason."),
        ),
        Transition(
            "not_ours",
            _AT_OFFICE,
            Status.NOT_OURS,
            _OFFICER,
            needs=frozenset({Need.REASON}),
            reasons="not_ours",
            says=N_(
                "%(office)s says that this is not theirs. The dispatcher decides who answers; the clock runs on."
            ),
        ),
        Transition(
            "confirm",
            (Status.ANSWERED,),
            Status.CONFIRMED,
            _AUTHOR,
            stops=(Stage.CONFIRM,),
            says=N_("The author confirmed that it is done."),
        ),
        Transition(
            "confirm_by_silence",
            (Status.ANSWERED,),
            Status.CONFIRMED,
            frozenset({ActorRole.SYSTEM}),
            stops=(Stage.CONFIRM,),
            says=N_("The author did not object within the term, so the answer counts as confirmed."),
        ),
        Transition(
            "send_back",
            (Status.ANSWERED, Status.REFUSED),
            Status.SENT_BACK,
            _AUTHOR,
            needs=frozenset({Need.TEXT, Need.REASON}),
            reasons="sent_back",
            stops=(Stage.CONFIRM,),
            starts=(Stage.ANSWER,),
            resumes=(Stage.FIX,),
            says=N_("The author sent the answer back. %(office)s has to answer again."),
        ),
        Transition(
            "duplicate",
            (Status.NEW, Status.NOT_OURS, *_AT_OFFICE),
            Status.DUPLICATE,
            frozenset({ActorRole.OFFICER, ActorRole.DISPATCHER}),
            needs=frozenset({Need.DUPLICATE_OF}),
            stops=(Stage.ANSWER, Stage.FIX),
            says=N_("The same problem was reported earlier; follow it under number %(number)s."),
        ),
    ),
    closed=frozenset({Status.CONFIRMED, Status.REFUSED, Status.DUPLICATE}),
    waiting_for_office=frozenset({Status.ROUTED, Status.IN_WORK, Status.PLANNED, Status.SENT_BACK}),
    waiting_for_citizen=frozenset({Status.ANSWERED}),
)
