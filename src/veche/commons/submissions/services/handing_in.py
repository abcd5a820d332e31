"""Handing in, and joining what somebody else handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from veche.commons.accounts.terms import Actor
from veche.commons.journal import services as journal
from veche.commons.media import services as media
from veche.commons.submissions import queries, rules
from veche.commons.submissions.models import Serial, Submission, Supporter
from veche.commons.submissions.terms import SUBMISSION, NewSubmission
from veche.kernel.geo import cell_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if

_BATCH = 500
_LOCK_SIZE = 8  # bytes of an advisory lock's number


@dataclass(frozen=True, slots=True)
class Received:
    """What was handed in, and whether it is new: the same thing sent twice is one submission."""

    submission: Submission
    created: bool


def receive(new: NewSubmission, *, by: Actor, now: datetime) -> Received:
    """Take in a submission: give it a number, keep its words and its point, and move its photographs along.

    Units: now is UTC. The same `new.id` from the same author answers the first submission, `created=False`.
    Refuses: what `rules.check_new` refuses; `submissions.no-author`; `submissions.id-taken`.
    """
    earlier = received_before(new, by=by)
    if earlier is not None:
        return Received(earlier, created=False)
    return Received(take(new, by=by, now=now), created=True)


def received_before(new: NewSubmission, *, by: Actor) -> Submission | None:
    """Check what would be handed in, without writing; answers the submission it became already, if it did.

    Refuses: what `rules.check_new` refuses; `submissions.no-author`; `submissions.id-taken`.
    """
    refuse_if(rules.check_new(new))
    if by.person_id is None and not by.is_system:
        raise Refused(Refusal("submissions.no-author"))
    earlier = Submission.objects.filter(id=new.id).first() if _is_known(new.id) else None
    if earlier is not None and earlier.author_id != by.person_id:
        raise Refused(Refusal("submissions.id-taken"))
    return earlier


@transaction.atomic(savepoint=False)
def take(new: NewSubmission, *, by: Actor, now: datetime) -> Submission:
    """Write down what `received_before` has checked and does not know.

    Units: now is UTC. Refuses: never.
    """
    submission = _row(new, _next_serial(), by.person_id, now)
    journal.lay(submission)
    if new.photos_from is not None:
        media.adopt(new.photos_from, SubjectRef(SUBMISSION, submission.id))
    return submission


@transaction.atomic
def receive_many(
    news: Sequence[tuple[NewSubmission, datetime]], *, by: Actor, batch: int = _BATCH
) -> list[Received]:
    """Take in the rows of an import, each with the moment it was received at; the order is kept.

    A row whose `source` and `external_id` are known, here or earlier in the list, answers `created=False`.
    Photographs are not moved. Units: moments are UTC.
    Refuses: what `rules.check_new` refuses, for the first bad row; nothing is kept then.
    """
    answers: list[Received] = []
    for start in range(0, len(news), batch):
        answers += _receive_batch(news[start : start + batch], by)
    return answers


@transaction.atomic
def join(submission_id: UUID, *, by: Actor, now: datetime) -> bool:
    """Say “me too”. Answers whether this is new: joining twice counts once.

    Refuses: `submissions.not-found`, and what `rules.may_join` refuses.
    """
    person_id = by.person_id
    refuse_if(rules.may_join(person_id, _author_of(submission_id)))
    if person_id is None:
        return False
    _, created = Supporter.objects.get_or_create(
        submission_id=submission_id, person_id=person_id, defaults={"joined_at": now}
    )
    return created


@transaction.atomic
def leave(submission_id: UUID, *, by: Actor) -> bool:
    """Take a “me too” back. Answers whether there was one.

    Refuses: `submissions.may-not-join` for a visitor.
    """
    if by.person_id is None:
        raise Refused(Refusal("submissions.may-not-join"))
    gone, _ = Supporter.objects.filter(submission_id=submission_id, person_id=by.person_id).delete()
    return gone > 0


def _is_known(submission_id: UUID) -> bool:
    # By hand, as the insert is: this is asked at every filing and hardly ever true.
    key = Submission._meta.pk.get_db_prep_value(submission_id, connection)  # noqa: SLF001 - Django's documented _meta
    with connection.cursor() as cursor:
        # Whoever sends the same id at the same moment waits here, and then finds what came first. On SQLite the
        # transaction of an act has the lock of all writers anyway.
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_lock_of(submission_id),))
        cursor.execute("SELECT 1 FROM submissions_submission WHERE id = %s", (key,))
        return cursor.fetchone() is not None


def _lock_of(submission_id: UUID) -> int:
    return int.from_bytes(submission_id.bytes[-_LOCK_SIZE:], signed=True)


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO submissions_serial DEFAULT VALUES RETURNING id")
        return int(cursor.fetchone()[0])


def _author_of(submission_id: UUID) -> UUID | None:
    found = Submission.objects.filter(id=submission_id).values_list("author_id").first()
    if found is None:
        raise Refused(Refusal("submissions.not-found"))
    return found[0]


def _receive_batch(rows: Sequence[tuple[NewSubmission, datetime]], by: Actor) -> list[Received]:
    for new, _ in rows:
        refuse_if(rules.check_new(new))
    known = _known(rows)
    fresh = [(new, at) for new, at in rows if _take(known, new)]
    serials = Serial.objects.bulk_create([Serial() for _ in fresh])
    made = Submission.objects.bulk_create(
        [_row(new, serial.id, by.person_id, at) for (new, at), serial in zip(fresh, serials, strict=True)]
    )
    created = {submission.id for submission in made}
    by_id = Submission.objects.in_bulk([id_ for id_ in known.values() if id_ not in created])
    by_id |= {submission.id: submission for submission in made}
    # In their order: of two that are the same the first is the new one.
    return [_answer(new, known, by_id, created) for new, _ in rows]


def _known(rows: Sequence[tuple[NewSubmission, datetime]]) -> dict[tuple[UUID, str, str], UUID]:
    wanted: dict[tuple[UUID, str], list[str]] = {}
    for new, _ in rows:
        if new.external_id is not None:
            wanted.setdefault((new.city_id, new.source), []).append(new.external_id)
    return {
        (city_id, source, external): own
        for (city_id, source), externals in wanted.items()
        for external, own in queries.known_rows(city_id, source, externals).items()
    }


def _take(known: dict[tuple[UUID, str, str], UUID], new: NewSubmission) -> bool:
    """Whether the row is new; from now on it is known."""
    if new.external_id is None:
        return True
    key = (new.city_id, new.source, new.external_id)
    if key in known:
        return False
    known[key] = new.id
    return True


def _answer(
    new: NewSubmission,
    known: dict[tuple[UUID, str, str], UUID],
    by_id: dict[UUID, Submission],
    created: set[UUID],
) -> Received:
    key = new.id if new.external_id is None else known[new.city_id, new.source, new.external_id]
    is_new = key in created and key == new.id
    created.discard(key)
    return Received(by_id[key], created=is_new)


def _row(new: NewSubmission, serial: int, author_id: UUID | None, at: datetime) -> Submission:
    return Submission(
        id=new.id,
        city_id=new.city_id,
        serial=serial,
        author_id=author_id,
        anonymous=new.anonymous,
        language=new.language,
        text=rules.clean(new.text),
        details=rules.cleaned(dict(new.details)),
        lat=new.point.lat,
        lon=new.point.lon,
        cell=cell_of(new.point),
        place_id=new.place_id,
        address=rules.clean(new.address),
        channel=new.channel,
        source=new.source,
        external_id=new.external_id,
        received_at=at,
    )
