"""A small workflow of its own: casework is tested without any module."""

from zoneinfo import ZoneInfo

from veche.commons.casework.terms import ActorRole, Need, Stage, Transition, Workflow
from veche.kernel.calendar import WorkCalendar
from veche.kernel.terms import DayKind, Source, Term

OFFICER, CITIZEN = frozenset({ActorRole.OFFICER}), frozenset({ActorRole.CITIZEN})
DISPATCHER, SYSTEM = frozenset({ActorRole.DISPATCHER}), frozenset({ActorRole.SYSTEM})
AT_OFFICE = ("routed", "planned", "sent_back")
ANSWERING = {"stops": (Stage.ANSWER, Stage.FIX), "starts": (Stage.CONFIRM,)}

WORKFLOW = Workflow(
    name="toy",
    start="new",
    transitions=(
        Transition("route", ("new", "not_ours", "routed"), "routed", DISPATCHER, frozenset({Need.OFFICE})),
        Transition("plan", AT_OFFICE, "planned", OFFICER, frozenset({Need.DATE})),
        Transition("answer", AT_OFFICE, "answered", OFFICER, frozenset({Need.TEXT}), **ANSWERING),
        Transition(
            "refuse",
            AT_OFFICE,
            "refused",
            OFFICER,
            frozenset({Need.TEXT, Need.REASON}),
            "refused",
            **ANSWERING,
        ),
        Transition("not_ours", AT_OFFICE, "not_ours", OFFICER, frozenset({Need.REASON}), "not_ours"),
        Transition("confirm", ("answered",), "confirmed", CITIZEN, stops=(Stage.CONFIRM,)),
        Transition("silence", ("answered",), "confirmed", SYSTEM, stops=(Stage.CONFIRM,)),
        Transition(
            "send_back",
            ("answered", "refused"),
            "sent_back",
            CITIZEN,
            frozenset({Need.TEXT}),
            stops=(Stage.CONFIRM,),
            starts=(Stage.ANSWER,),
            resumes=(Stage.FIX,),
        ),
        Transition(
            "duplicate",
            ("new", *AT_OFFICE),
            "duplicate",
            OFFICER | DISPATCHER,
            frozenset({Need.DUPLICATE_OF}),
            stops=(Stage.ANSWER, Stage.FIX),
        ),
    ),
    closed=frozenset({"confirmed", "refused", "duplicate"}),
    waiting_for_office=frozenset(AT_OFFICE),
    waiting_for_citizen=frozenset({"answered"}),
)
REASONS = {"refused": ("no-money",), "not_ours": ("private-land",)}
CALENDAR = WorkCalendar(ZoneInfo("Asia/Yekaterinburg"))
_SOURCE = Source({"ru": "Соглашение", "en": "Agreement"}, article="4")
TERMS = {
    Stage.ANSWER: Term("answer-10", 10, DayKind.CALENDAR, _SOURCE),
    Stage.FIX: Term("fix-20", 20, DayKind.WORKING, _SOURCE),
    Stage.CONFIRM: Term("confirm-7", 7, DayKind.CALENDAR, _SOURCE),
}
TEXT = "Яму засыпали во вторник."
