"""Bringing the demonstration into a city: one account per role, and the told reports with their lives."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from veche.commons.accounts import services as accounts
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import SYSTEM, Grant, Role
from veche.commons.casework.services import PastMove
from veche.commons.casework.tasks import sweep_pace
from veche.commons.casework.terms import ActorRole, Move
from veche.commons.journal import services as journal
from veche.commons.offices import queries as offices
from veche.commons.offices import services as appointing
from veche.commons.offices.models import Office
from veche.commons.places.terms import CityView
from veche.commons.submissions.models import Submission
from veche.kernel.ids import new_id
from veche.kernel.pack import DemoAccount, Pack
from veche.modules.reports.models import Report
from veche.modules.reports.services import PastReport, take_over
from veche.modules.reports.terms import DEMONSTRATION, NewReport
from veche.site.demonstration.lives import StoryStep
from veche.site.demonstration.stories import Story, stories

SEED = 859
_BUSY = 2_000  # with so many reports in two years, something is always under way
_OWN = 12  # how many of the latest reports belong to the citizen of the demonstration
_CITIZEN = frozenset({"confirm", "send_back"})
_BY = {"route": ActorRole.DISPATCHER, "confirm_by_silence": ActorRole.SYSTEM}


def fill(
    pack: Pack,
    city: CityView,
    *,
    count: int,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Bring accounts and reports in; what is there already is left as it is. Answers how many reports are new.

    Refuses: never; a pack without material brings nothing.
    """
    citizen = _people(pack, city, now)
    invented = Submission.objects.filter(city_id=city.id, source=DEMONSTRATION)
    added = 0
    # Somebody may have stopped an earlier start in the middle: then the rest is brought in.
    if invented.count() < count:
        for created in take_over(_pasts(pack, city, count, now), city=city, now=now, recorded=True):
            added += sum(created)
            progress(len(created))
        sweep_pace(now=now)
    if citizen is not None and not invented.filter(author_id=citizen.pk).exists():
        _give(city, citizen)
    return added


def _people(pack: Pack, city: CityView, now: datetime) -> Person | None:
    citizen = None
    for account in pack.demo.accounts:
        person = accounts.open_demo_account(
            account.email.partition("@")[0], name=account.name, language=city.default_language, now=now
        )
        if account.role == "citizen":
            citizen = citizen or person
        else:
            _appoint(person, account, city, now)
    return citizen


@transaction.atomic
def _appoint(person: Person, account: DemoAccount, city: CityView, now: datetime) -> None:
    if account.role != Role.OFFICER:
        accounts.grant_role(
            person,
            Grant(Role(account.role), city.id),
            by=SYSTEM,
            why=DEMONSTRATION,
            now=now,
            record=journal.record,
        )
        return
    office = Office.objects.get(city_id=city.id, code=account.office)
    if not any(post.office_id == office.pk for post in offices.posts_of(person.pk)):
        appointing.appoint_officer(
            person, office, account.post, account.is_head, by=SYSTEM, now=now, why=DEMONSTRATION
        )


def _pasts(pack: Pack, city: CityView, count: int, now: datetime) -> Iterator[PastReport]:
    codes = {one.code: one.id for one in offices.directory(city.id).offices.values()}
    # A small demonstration is the end of a large one: so there is something to do for every role, whenever it is shown.
    whole = max(count, _BUSY)
    for story in islice(stories(pack, seed=SEED, count=whole, now=now), whole - count, None):
        yield PastReport(
            new=_new(story, city),
            filed_at=story.filed_at,
            moves=tuple(_move(step, codes) for step in story.steps),
            source=DEMONSTRATION,
            external_id=story.key,
            supporters=story.supporters,
        )


def _new(story: Story, city: CityView) -> NewReport:
    return NewReport(
        id=new_id(),
        city_id=city.id,
        category=story.category,
        text=story.text,
        point=story.point,
        address=story.address,
        language=city.default_language,
        anonymous=story.anonymous,
        channel="import",
        answers=story.answers,
    )


def _move(step: StoryStep, codes: dict[str, UUID]) -> PastMove:
    role = ActorRole.CITIZEN if step.verb in _CITIZEN else _BY.get(step.verb, ActorRole.OFFICER)
    move = Move(
        step.verb,
        text=step.text,
        reason=step.reason,
        planned_on=step.planned_on,
        office_id=codes.get(step.office),
    )
    return PastMove(step.at, move, role)


def _give(city: CityView, citizen: Person) -> None:
    """The citizen of the demonstration owns some reports in every state, so that the cabinet is not empty."""
    latest = Report.objects.filter(city_id=city.id, submission__source=DEMONSTRATION).order_by("-serial")
    chosen: dict[str, list[UUID]] = {}
    for status, submission in latest.values_list("status", "submission_id")[:400]:
        chosen.setdefault(status, []).append(submission)
    mine = [one for ids in chosen.values() for one in ids[:2]][:_OWN]
    Submission.objects.filter(id__in=mine).update(author_id=citizen.pk)
