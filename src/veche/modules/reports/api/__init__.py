"""Reports for programs: read them, file them, move them. The same services as the pages, the same refusals."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router
from ninja import Status as Answer

from veche.commons.accounts.api import signed_in
from veche.commons.accounts.terms import Actor
from veche.commons.casework import queries as casework
from veche.commons.casework.terms import Move
from veche.commons.journal import queries as journal
from veche.commons.journal.terms import Recorded
from veche.commons.offices import queries as offices
from veche.commons.places.api import city_named
from veche.commons.places.terms import CityView
from veche.commons.submissions.rules import clean
from veche.kernel.geo import Point
from veche.kernel.ids import new_id, number_of, serial_of
from veche.kernel.refusals import Refusal, Refused
from veche.modules.reports import access, queries, services
from veche.modules.reports.api.record import router as record_router
from veche.modules.reports.api.shapes import (
    CategoryOut,
    ClockOut,
    FilterIn,
    MoveIn,
    OfficeOut,
    ReportFiledOut,
    ReportIn,
    ReportOut,
    ReportPage,
    ReportWhole,
    StepOut,
)
from veche.modules.reports.terms import NewReport, ReportFiled, ReportFilter, ReportRow, ReportView

router = Router(tags=["reports"])
router.add_router("", record_router)


@router.get(
    "/{city}/categories", response=list[CategoryOut], summary="What can be reported", url_name="categories"
)
def list_categories(request: HttpRequest, city: str) -> list[CategoryOut]:
    """All subcategories of the city with their questions."""
    here = city_named(city)
    return [
        CategoryOut(
            code=one.code, group=one.group, names=dict(one.names), hints=dict(one.hints),
            questions=[
                {
                    "code": question.code, "kind": question.kind.value, "names": dict(question.names),
                    "required": question.required, "choices": {k: dict(v) for k, v in question.choices.items()},
                }
                for question in one.questions
            ],
        )
        for one in queries.catalogue(here).by_id.values()
        if not one.is_group and not one.retired
    ]  # fmt: skip


@router.get("/{city}/reports", response=ReportPage, summary="A list of reports", url_name="reports")
def list_reports(request: HttpRequest, city: str, chosen: Query[FilterIn]) -> ReportPage:
    """Public reports, newest first, with stable paging."""
    here = city_named(city)
    before = _serial(chosen.before) if chosen.before else None
    rows = queries.reports_page(here, _filter(chosen), before=before, limit=chosen.limit + 1)
    shown, more = rows[: chosen.limit], len(rows) > chosen.limit
    return ReportPage(
        reports=[_out(row, here) for row in shown], next=number_of(shown[-1].serial) if more else None
    )


@router.get("/{city}/reports/{number}", response=ReportWhole, summary="One report", url_name="report")
def get_report(request: HttpRequest, city: str, number: str) -> ReportWhole:
    """A report with its words, its clocks and its timeline."""
    here = city_named(city)
    return _whole(_visible(request, here, number), here)


@router.post(
    "/{city}/reports",
    response={201: ReportFiledOut},
    auth=signed_in,
    summary="File a report",
    url_name="reports",
)
def file_report(request: HttpRequest, city: str, new: ReportIn) -> Answer[ReportFiledOut]:
    """File a report durably. The same `id` again answers the report filed first."""
    here = city_named(city)
    report = services.file_report(
        NewReport(
            id=new.id or new_id(), city_id=here.id, category=new.category, text=new.text,
            point=Point(new.lat, new.lon), address=new.address, anonymous=new.anonymous, answers=new.answers,
            language=get_language() or here.default_language, channel="api",
        ),
        city=here, by=_actor(request), now=timezone.now(),
    )  # fmt: skip
    if report.city_id != here.id:
        raise Refused(Refusal("submissions.id-taken", "id"))
    shown = _plain(queries.row_of(report), here) | {"receipt": _receipt(report.id, report.recorded)}
    return Answer(201, ReportFiledOut(**shown))


@router.post(
    "/{city}/reports/{number}/join",
    response=dict[str, int],
    auth=signed_in,
    summary="Me too",
    url_name="report-join",
)
def join_report(request: HttpRequest, city: str, number: str) -> dict[str, int]:
    """Join a report instead of repeating it; joining twice counts once."""
    view = _visible(request, city_named(city), number)
    return {"supporters": services.join_report(view.row.id, by=_actor(request), now=timezone.now())}


@router.post(
    "/{city}/reports/{number}/moves",
    response=ReportWhole,
    auth=signed_in,
    summary="Take a step",
    url_name="report-moves",
)
def move_report(request: HttpRequest, city: str, number: str, step: MoveIn) -> ReportWhole:
    """Answer, plan, refuse, route, confirm, send back: one step of the workflow in the role you have."""
    here = city_named(city)
    view = _visible(request, here, number)
    move = Move(
        verb=step.verb, text=clean(step.text), reason=step.reason, planned_on=step.planned_on,
        office_id=_office_id(here, step.office), duplicate_of=_other(here, step.duplicate_of),
    )  # fmt: skip
    services.move_report(view.row.id, move, by=_actor(request), now=timezone.now())
    return _whole(_visible(request, here, number), here)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _receipt(report_id: UUID, recorded: Recorded | None) -> dict[str, str] | None:
    # What was recorded by this very call need not be looked up again.
    promised = journal.promise_of(recorded) if recorded else journal.promise_for(report_id, ReportFiled.kind)
    if promised is None:
        return None
    return {
        "code": promised.code,
        "fact": str(promised.fact_id),
        "leaf_hash": b64encode(promised.leaf_hash).decode(),
        "promise": promised.note,
    }


def _visible(request: HttpRequest, city: CityView, number: str) -> ReportView:
    view = queries.report_by_number(city, number)
    if isinstance(view, Refusal):
        raise Refused(view)
    if view.hidden and not access.may_see_hidden(_actor(request), city.id, view.author_id):
        raise Refused(Refusal("reports.not-found", "number"))
    return view


def _serial(number: str) -> int:
    serial = serial_of(number)
    if isinstance(serial, Refusal):
        raise Refused(Refusal(serial.code, "before"))
    return serial


def _filter(chosen: FilterIn) -> ReportFilter:
    return ReportFilter(
        group=chosen.group, category=chosen.category, status=chosen.status, place=chosen.place, office=chosen.office,
        overdue=chosen.overdue, text=chosen.q,
    )  # fmt: skip


def _office_id(city: CityView, code: str) -> UUID | None:
    if not code:
        return None
    found = next((one.id for one in offices.directory(city.id).offices.values() if one.code == code), None)
    if found is None:
        raise Refused(Refusal("reports.office-unknown", "office"))
    return found


def _other(city: CityView, number: str) -> UUID | None:
    if not number:
        return None
    view = queries.report_by_number(city, number)
    if isinstance(view, Refusal):
        raise Refused(Refusal(view.code, "duplicate_of"))
    return view.row.id


def _out(row: ReportRow, city: CityView) -> ReportOut:
    return ReportOut(**_plain(row, city))


def _plain(row: ReportRow, city: CityView) -> dict[str, Any]:
    office = offices.directory(city.id).offices.get(row.office_id) if row.office_id else None
    return {
        "number": number_of(row.serial),
        "category": queries.catalogue(city).by_id[row.category_id].code,
        "status": row.status,
        "overdue": row.overdue,
        "title": row.title,
        "address": row.address,
        "place": queries.place_named(city, row.place_id).code,
        "lat": row.lat,
        "lon": row.lon,
        "office": OfficeOut(code=office.code, names=dict(office.names)) if office else None,
        "filed_at": row.filed_at,
        "due_at": row.due_at,
        "answered_at": row.answered_at,
        "supporters": row.supporters,
    }


def _whole(view: ReportView, city: CityView) -> ReportWhole:
    steps = casework.steps_of(view.case_id)
    clocks = casework.clocks_of(view.case_id)
    return ReportWhole(
        **_plain(view.row, city),
        text=view.text,
        answers={code: str(value) for code, value in view.details.items()},
        why=dict(view.why),
        planned_on=view.planned_on,
        not_ours=view.not_ours_count,
        clocks=[
            ClockOut(
                stage=one.stage, days=one.days, kind=one.kind, source=dict(one.source), started_at=one.started_at,
                due_at=one.due_at, stopped_at=one.stopped_at, missed_at=one.missed_at,
            )
            for one in clocks
        ],
        steps=[
            StepOut(
                at=one.at, verb=one.verb, status=one.to_status, role=one.actor_role, text=one.text, reason=one.reason
            )
            for one in steps
        ],
    )  # fmt: skip
