"""Filing a report and joining one."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from veche.commons.accounts.terms import Actor, Level
from veche.commons.casework import services as casework
from veche.commons.casework.models import Case
from veche.commons.journal import services as journal
from veche.commons.media import queries as media
from veche.commons.offices import queries as offices
from veche.commons.places.terms import CityView, PlaceView
from veche.commons.submissions import services as submissions
from veche.commons.submissions.models import Submission
from veche.commons.submissions.rules import fold
from veche.commons.submissions.terms import Channel, NewSubmission
from veche.kernel.geo import cell_of
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if
from veche.modules.reports import queries, rules
from veche.modules.reports.models import Report
from veche.modules.reports.terms import (
    APPROXIMATE,
    REPORT,
    WORKFLOW,
    CategoryView,
    NewReport,
    ReportFiled,
    ReportJoined,
    Route,
    Status,
)


def file_report(new: NewReport, *, city: CityView, by: Actor, now: datetime) -> Report:
    """File a report, find who owes an answer, start the clocks, and record it.

    Filing the same id twice returns the report that was filed first. Everything is checked before anything is
    written, so its transaction needs no savepoint within that of a caller: on this hottest of paths it would cost
    more than the answer that is kept of it.
    Refuses: what `rules.may_file`, the submission's own rules and the boundary of the city refuse.
    """
    category = queries.catalogue(city).by_code.get(new.category)
    refuse_if(rules.may_file(new, category, by.level, needed=needed_level(city)))
    assert category is not None
    place = queries.place_of(city, new.point)
    handed_in = _submission(new, category, place)
    earlier = submissions.received_before(handed_in, by=by)
    if earlier is not None:
        return Report.objects.get(submission_id=earlier.id)
    with transaction.atomic(savepoint=False):
        submission = submissions.take(handed_in, by=by, now=now)
        route = queries.route_for(city, category, place, on=city.calendar.local_date(now))
        case = _open_case(new, city=city, category=category, route=route, now=now)
        report = _report(new, submission, case, category=category, place=place, route=route)
        journal.lay(report)
        report.recorded = journal.record(
            _filed(report, category=category, place=place, city=city, now=now),
            private=queries.private_of(
                submission, media.digests_of(submission.id) if new.photos_from else []
            ),
            owner=by.person_id,
        )
    return report


@transaction.atomic
def file_draft(new: NewReport, *, city: CityView, by: Actor, now: datetime) -> Report:
    """File what a draft holds and let the draft go: both or neither, and once however often it is sent.

    Refuses: what `file_report` refuses; `reports.draft-gone`.
    """
    draft = submissions.hold(new.id)
    if draft is None:
        filed = Report.objects.filter(pk=new.id).first()
        if filed is None:
            raise Refused(Refusal("reports.draft-gone"))
        return filed
    report = file_report(new, city=city, by=by, now=now)
    submissions.finish(draft)
    return report


@transaction.atomic
def join_instead(report_id: UUID, *, draft_id: UUID, by: Actor, now: datetime) -> int:
    """Join a report that says the same, and let the draft of the repetition go; answers how many have joined.

    Refuses: what `join_report` refuses.
    """
    count = join_report(report_id, by=by, now=now)
    submissions.throw_away(draft_id)
    return count


@transaction.atomic
def join_report(report_id: UUID, *, by: Actor, now: datetime) -> int:
    """Join a report instead of repeating it; answers how many have joined. Joining twice counts once.

    Refuses: `reports.own-report`, `reports.closed`.
    """
    report = Report.objects.select_for_update().get(pk=report_id)
    author = Submission.objects.values_list("author_id", flat=True).get(pk=report.submission_id)
    refuse_if(rules.may_join(report.status, actor=by, author_id=author))
    if not submissions.join(report.submission_id, by=by, now=now):
        return report.supporters
    Report.objects.filter(pk=report_id).update(supporters=F("supporters") + 1)
    count = report.supporters + 1
    journal.record(
        ReportJoined(
            ref=SubjectRef(REPORT, report_id),
            at=now,
            city_id=report.city_id,
            number=number_of(report.serial),
            supporters=count,
        ),
        private={"person": str(by.person_id)},
        owner=by.person_id,
    )
    return count


def needed_level(city: CityView) -> Level:
    """How far a person must be verified to file in this city."""
    return Level(city.pack.get("reports", {}).get("level", Level.CONTACT))


def submission_of(new: NewReport, place: PlaceView, answers: Mapping[str, str]) -> NewSubmission:
    """What is handed in with a report, now or long ago."""
    return NewSubmission(
        id=new.id,
        city_id=new.city_id,
        text=new.text,
        point=new.point,
        place_id=place.id,
        address=new.address,
        language=new.language,
        anonymous=new.anonymous,
        channel=Channel(new.channel),
        details=answers,
        photos_from=new.photos_from,
    )


def _submission(new: NewReport, category: CategoryView, place: PlaceView) -> NewSubmission:
    answers, _ = rules.check_answers(category.questions, new.answers)
    if new.approximate:
        answers[APPROXIMATE] = "yes"
    return submission_of(new, place, answers)


def _open_case(
    new: NewReport, *, city: CityView, category: CategoryView, route: Route | None, now: datetime
) -> Case:
    terms = queries.terms_of(city, category, new.answers)
    return casework.open_case(
        SubjectRef(REPORT, new.id),
        city_id=city.id,
        workflow=WORKFLOW,
        status=Status.ROUTED if route else Status.NEW,
        office_id=route.office_id if route else None,
        terms=terms,
        calendar=city.calendar,
        now=now,
    )


def _report(
    new: NewReport,
    submission: Submission,
    case: Case,
    *,
    category: CategoryView,
    place: PlaceView,
    route: Route | None,
) -> Report:
    title = rules.title_of(submission.text)
    photos = media.photos_of([submission.id]).get(submission.id, []) if new.photos_from else []
    return Report(
        id=new.id,
        city_id=new.city_id,
        submission=submission,
        case=case,
        serial=submission.serial,
        category_id=category.id,
        group=category.group,
        status=case.status,
        office_id=case.office_id,
        place_id=place.id,
        lat=new.point.lat,
        lon=new.point.lon,
        cell=cell_of(new.point),
        title=title,
        folded=fold(title),
        address=submission.address,
        photo_id=photos[0].id if photos else None,
        why=route.why() if route else {},
        filed_at=submission.received_at,
        due_at=case.due_at,
    )


def _filed(
    report: Report, *, category: CategoryView, place: PlaceView, city: CityView, now: datetime
) -> ReportFiled:
    office = offices.directory(city.id).offices.get(report.office_id) if report.office_id else None
    return ReportFiled(
        ref=SubjectRef(REPORT, report.id),
        at=now,
        city_id=city.id,
        number=number_of(report.serial),
        category=category.code,
        group=category.group,
        place=place.code,
        office=office.code if office else "",
        status=report.status,
    )
