"""What follows from facts: the map's counters, the search, and who is told. Each listener may run twice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from veche.commons.accounts import queries as accounts
from veche.commons.accounts.terms import SYSTEM, Role
from veche.commons.casework.models import Case, Step
from veche.commons.casework.terms import CaseHandedOver, CaseMoved, DeadlineMissed, Move, Stage
from veche.commons.journal import queries as journal
from veche.commons.notices import services as notices
from veche.commons.offices import queries as offices
from veche.commons.places import queries as places
from veche.commons.places import services as counters
from veche.commons.places.terms import CellChange
from veche.commons.search import services as search
from veche.commons.submissions import queries as submissions
from veche.kernel.geo import Point
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refused
from veche.kernel.words import N_
from veche.modules.reports import queries
from veche.modules.reports.models import Report
from veche.modules.reports.services.forgetting import coarsen
from veche.modules.reports.services.moving import move_report
from veche.modules.reports.terms import (
    ERASED,
    REPORT,
    WORKFLOW,
    ReportFiled,
    ReportHidden,
    ReportShown,
    ReportView,
    Status,
)

_SAYS = {transition.verb: transition.says for transition in WORKFLOW.transitions}
_WAITS = N_("Report %(number)s waits for an answer of %(office)s.")
_UNROUTED = N_("Report %(number)s waits for you to choose an office.")
_HANDED_OVER = N_("Report %(number)s was handed over to %(office)s; the clock runs on.")
_MOST_STEPS = 1000
_NOBODY = UUID(int=0)
_DISPATCHER = {"ru": "диспетчер", "en": "the dispatcher"}


def follow_filing(fact: ReportFiled, *, fact_id: UUID, now: datetime) -> None:
    """Put a new report on the map and into the search; tell whoever has to act."""
    _count(fact.ref.id, {fact.status: 1})
    _index(fact.ref)
    _tell_of_filing(fact, fact_id=fact_id, now=now)


def follow_move(fact: CaseMoved, *, fact_id: UUID, now: datetime) -> None:
    """Move a report on the map's counters; tell the author and everybody who joined."""
    view = queries.report_by_id(fact.ref.id) if fact.ref.kind == REPORT else None
    if view is None:
        return
    if fact.from_status != fact.to_status and not _was_hidden(fact.ref, before=fact_id):
        _count(fact.ref.id, {fact.from_status: -1, fact.to_status: 1})
    _tell_of_move(fact, view, fact_id=fact_id, now=now)


def follow_handing_over(fact: CaseHandedOver, *, fact_id: UUID, now: datetime) -> None:
    """Tell the officers who have a report from now on, and those who follow it."""
    view = queries.report_by_id(fact.ref.id) if fact.ref.kind == REPORT else None
    if view is None:
        return
    actor, office_id = _actor_of(view, fact.position), fact.to_office_id
    followers = [one for one in _followers(view) if one != actor]
    officers = [one for one in _officers(view, office_id) if one not in {actor, *followers}]
    _tell(
        followers, view, fact_id=fact_id, kind=fact.kind, sentence=_HANDED_OVER, now=now, office_id=office_id
    )
    _tell(
        officers,
        view,
        fact_id=fact_id,
        kind=fact.kind,
        sentence=_WAITS,
        now=now,
        office_id=office_id,
        inside=True,
    )


def follow_deadline(fact: DeadlineMissed, *, fact_id: UUID, now: datetime) -> None:
    """Flag a late report and tell about it; let silence confirm an answer nobody objected to."""
    view = queries.report_by_id(fact.ref.id) if fact.ref.kind == REPORT else None
    if view is None:
        return
    if fact.stage == Stage.CONFIRM and view.row.status == Status.ANSWERED:
        _confirm_by_silence(view, now=now)
        return
    due_at, overdue_at = Case.objects.values_list("due_at", "overdue_at").get(pk=view.case_id)
    late = overdue_at is not None
    Report.objects.filter(pk=view.row.id).update(overdue=late, due_at=due_at)
    if late and fact.stage != Stage.CONFIRM:
        _tell_of_deadline(fact, view, fact_id=fact_id, now=now)


def follow_hiding(fact: ReportHidden, *, fact_id: UUID, now: datetime) -> None:
    """Take a hidden report off the map and out of the search."""
    del now
    if not _was_hidden(fact.ref, before=fact_id):
        _count(fact.ref.id, {_status_at(fact.ref, before=fact_id): -1})
    if fact.reason == ERASED:
        coarsen(fact.ref.id)
    search.hide_document(fact.ref)


def follow_showing(fact: ReportShown, *, fact_id: UUID, now: datetime) -> None:
    """Put a report that is shown again on the map and into the search."""
    del now
    _count(fact.ref.id, {_status_at(fact.ref, before=fact_id): 1})
    _index(fact.ref)


def _confirm_by_silence(view: ReportView, *, now: datetime) -> None:
    try:
        move_report(view.row.id, Move(verb="confirm_by_silence"), by=SYSTEM, now=now)
    except Refused:  # the author or the office was quicker
        return


def _was_hidden(ref: SubjectRef, *, before: UUID) -> bool:
    """Whether a report was hidden when a fact was recorded: facts may arrive later, and not in their order."""
    hidings = [
        line
        for kind in (ReportHidden.kind, ReportShown.kind)
        for line in journal.facts_page(kind=kind, subject_id=ref.id, before=before, limit=1)
    ]
    return max(hidings, key=lambda line: line.id).kind == ReportHidden.kind if hidings else False


def _status_at(ref: SubjectRef, *, before: UUID) -> str:
    """Which status a report had when a fact was recorded: the move before it left it, the move after it found it."""
    for line in journal.facts_page(kind=CaseMoved.kind, subject_id=ref.id, before=before, limit=1):
        return str(line.body["to_status"])
    later = journal.facts_page(kind=CaseMoved.kind, subject_id=ref.id, limit=_MOST_STEPS)
    if later:
        return str(later[-1].body["from_status"])
    return Case.objects.values_list("status", flat=True).get(subject_id=ref.id)


def _index(ref: SubjectRef) -> None:
    view = queries.report_by_id(ref.id)
    if view is None or view.hidden:
        return
    search.put_document(
        ref,
        city_id=view.city_id,
        number=number_of(view.row.serial),
        title=view.row.title,
        body=f"{view.text}\n{view.row.address}",
        happened_at=view.row.filed_at,
    )


def _tell_of_filing(fact: ReportFiled, *, fact_id: UUID, now: datetime) -> None:
    view = queries.report_by_id(fact.ref.id)
    if view is None:
        return
    office = offices.directory(view.city_id).by_code(fact.office) if fact.office else None
    if office is None:
        people, sentence = _dispatchers(view), _UNROUTED
    else:
        people, sentence = _officers(view, office.id), N_("New report %(number)s for %(office)s.")
    people = [one for one in people if one != view.author_id]
    chosen = office.id if office else None
    _tell(
        people,
        view,
        fact_id=fact_id,
        kind=fact.kind,
        sentence=sentence,
        now=now,
        office_id=chosen,
        inside=True,
    )


def _tell_of_move(fact: CaseMoved, view: ReportView, *, fact_id: UUID, now: datetime) -> None:
    """The office and the day of the sentence are the step's: the report may be somewhere else by now."""
    kind, actor = f"reports.{fact.verb}", _actor_of(view, fact.position)
    followers = [one for one in _followers(view) if one != actor]
    says = _SAYS.get(fact.verb, "")
    _tell(
        followers,
        view,
        fact_id=fact_id,
        kind=kind,
        sentence=says,
        now=now,
        office_id=fact.office_id,
        planned_on=_day_of(view, fact) if "%(date)s" in says else "",
    )
    known = {actor, *followers}
    if fact.to_status in {Status.SENT_BACK, Status.ROUTED}:
        people = [one for one in _officers(view, fact.office_id) if one not in known]
        _tell(
            people,
            view,
            fact_id=fact_id,
            kind=f"{kind}.office",
            sentence=_WAITS,
            now=now,
            office_id=fact.office_id,
            inside=True,
        )
    elif fact.to_status == Status.NOT_OURS:
        people = [one for one in _dispatchers(view) if one not in known]
        kind = f"{kind}.dispatcher"
        _tell(people, view, fact_id=fact_id, kind=kind, sentence=_UNROUTED, now=now, inside=True)


def _tell_of_deadline(fact: DeadlineMissed, view: ReportView, *, fact_id: UUID, now: datetime) -> None:
    sentence = N_("The term for report %(number)s has passed; %(office)s still owes the answer.")
    followers = _followers(view)
    owing = _officers(view, view.row.office_id) if view.row.office_id else _dispatchers(view)
    officers = [one for one in owing if one not in followers]
    kind = f"{fact.kind}.{fact.stage}"
    _tell(followers, view, fact_id=fact_id, kind=kind, sentence=sentence, now=now)
    _tell(officers, view, fact_id=fact_id, kind=kind, sentence=sentence, now=now, inside=True)


def _count(report_id: UUID, deltas: dict[str, int]) -> None:
    row = Report.objects.filter(pk=report_id).values_list("city_id", "group", "lat", "lon").first()
    if row is None:
        return
    city_id, group, lat, lon = row
    changes = [CellChange(Point(lat, lon), status, group, delta) for status, delta in deltas.items()]
    counters.apply_cell_changes(REPORT, city_id, changes)


def _actor_of(view: ReportView, position: int) -> UUID | None:
    """Who took a step: nobody is told what they did themselves. Facts name no person, steps do."""
    return (
        Step.objects.filter(case_id=view.case_id, position=position)
        .values_list("actor_id", flat=True)
        .first()
    )


def _day_of(view: ReportView, fact: CaseMoved) -> str:
    """For which day a step planned the work; the next step may have taken that day away already."""
    details = Step.objects.filter(case_id=view.case_id, position=fact.position).values_list(
        "details", flat=True
    )
    return str((details.first() or {}).get("planned_on", ""))


def _followers(view: ReportView) -> list[UUID]:
    joined = submissions.supporters_of(view.submission_id)
    return list(dict.fromkeys([*joined, view.author_id] if view.author_id else joined))


def _officers(view: ReportView, office_id: UUID | None) -> list[UUID]:
    return accounts.role_holders(Role.OFFICER, view.city_id, office_id) if office_id else []


def _dispatchers(view: ReportView) -> list[UUID]:
    return accounts.role_holders(Role.DISPATCHER, view.city_id)


def _tell(
    people: Iterable[UUID],
    view: ReportView,
    *,
    fact_id: UUID,
    kind: str,
    sentence: str,
    now: datetime,
    office_id: UUID | None = None,
    planned_on: str = "",
    inside: bool = False,
) -> None:
    """Tell people; `inside` leads to the workplace, else to the public page; no office means the report's own."""
    city = places.city_by_id(view.city_id)
    if city is None or not sentence:
        return
    office = offices.directory(city.id).offices.get(office_id or view.row.office_id or _NOBODY)
    number = number_of(view.row.serial)
    earlier = kind == "reports.duplicate" and view.duplicate_of is not None
    params: dict[str, object] = {
        "number": number_of(view.duplicate_of) if earlier and view.duplicate_of else number,
        "office": dict(office.names) if office else _DISPATCHER,
        "date": {"date": planned_on} if planned_on else "–",
        # The sentences of the workflow are those of the timeline, which stands under its number already.
        "about": number if earlier or "%(number)s" not in sentence else "",
    }
    notices.tell(
        dict.fromkeys(people),
        fact_id=fact_id,
        kind=kind,
        sentence=sentence,
        params=params,
        url=f"/{city.code}/work/{number}/" if inside else f"/{city.code}/reports/{number}",
        city_id=city.id,
        now=now,
    )
