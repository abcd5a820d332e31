"""What has been handed in, as plain rows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from veche.commons.submissions.models import Draft, Submission, Supporter
from veche.commons.submissions.terms import DraftView, SubmissionView
from veche.kernel.geo import Point

_COLUMNS = (
    "id", "city_id", "serial", "author_id", "anonymous", "language", "text", "details", "lat", "lon", "place_id",
    "address", "channel", "received_at",
)  # fmt: skip


def submission_by_serial(serial: int) -> SubmissionView | None:
    """The submission with this number (without its check digit)."""
    row = Submission.objects.filter(serial=serial).values(*_COLUMNS).first()
    return _view(row) if row else None


def submission_by_id(submission_id: UUID) -> SubmissionView | None:
    """The submission with this id."""
    row = Submission.objects.filter(id=submission_id).values(*_COLUMNS).first()
    return _view(row) if row else None


def latest_of(person_id: UUID, *, limit: int = 20) -> list[SubmissionView]:
    """The last submissions a person wrote, newest first."""
    rows = Submission.objects.filter(author_id=person_id).order_by("-received_at").values(*_COLUMNS)
    return [_view(row) for row in rows[:limit]]


def known_rows(city_id: UUID, source: str, external_ids: Iterable[str]) -> dict[str, UUID]:
    """Which rows of an import are here already, by their id in the source."""
    rows = Submission.objects.filter(city_id=city_id, source=source, external_id__in=list(external_ids))
    return {external: own for external, own in rows.values_list("external_id", "id") if external is not None}


def supporters_of(submission_id: UUID) -> list[UUID]:
    """The people who joined a submission, in the order in which they came."""
    rows = Supporter.objects.filter(submission_id=submission_id).order_by("joined_at", "id")
    return list(rows.values_list("person_id", flat=True))


def supporter_count(submission_id: UUID) -> int:
    """How many people joined a submission."""
    return Supporter.objects.filter(submission_id=submission_id).count()


def supporter_counts(submission_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many people joined each of several submissions; those nobody joined are left out."""
    rows = Supporter.objects.filter(submission_id__in=list(submission_ids)).values("submission_id")
    return dict(rows.annotate(people=Count("id")).values_list("submission_id", "people"))


def is_supporter(submission_id: UUID, person_id: UUID | None) -> bool:
    """Whether a person joined a submission."""
    if person_id is None:
        return False
    return Supporter.objects.filter(submission_id=submission_id, person_id=person_id).exists()


def joined_by(person_id: UUID, *, before: UUID | None = None, limit: int = 20) -> list[UUID]:
    """The submissions a person joined last, newest first; `before` is the last one of the page before."""
    rows = Supporter.objects.filter(person_id=person_id)
    if before is not None:
        last = rows.filter(submission_id=before).values_list("joined_at", "id").first()
        if last is None:
            return []
        rows = rows.filter(Q(joined_at__lt=last[0]) | Q(joined_at=last[0], id__lt=last[1]))
    return list(rows.order_by("-joined_at", "-id").values_list("submission_id", flat=True)[:limit])


def drafts_of(person_id: UUID) -> list[DraftView]:
    """What a person began and has not sent, newest first."""
    rows = Draft.objects.filter(person_id=person_id).order_by("-changed_at")
    return [DraftView(**row) for row in rows.values("id", "city_id", "purpose", "values", "changed_at")]


def _view(row: dict[str, Any]) -> SubmissionView:
    point = Point(row.pop("lat"), row.pop("lon"))
    return SubmissionView(point=point, **row)
