"""Reading photographs: rows only, never files."""

from collections.abc import Iterable
from uuid import UUID

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from veche.commons.media.models import Photo
from veche.commons.media.terms import DRAFT, CameraHint, PhotoView, ServedPhoto
from veche.kernel.geo import Point
from veche.kernel.refs import SubjectRef

_SALT = "veche.media.draft"


def photos_of(subject_ids: Iterable[UUID]) -> dict[UUID, list[PhotoView]]:
    """The photographs of many subjects in one query, in their order; a subject without any is left out.

    Ask for a draft's photographs only on the page of its owner: their addresses carry the key that opens them.
    """
    wanted = list(subject_ids)
    if not wanted:
        return {}
    rows = (
        Photo.objects.filter(subject_id__in=wanted, hidden=False)
        .order_by("subject_id", "position", "id")
        .values_list("subject_id", "subject_kind", "id", "width", "height")
    )
    found: dict[UUID, list[PhotoView]] = {}
    for subject_id, kind, photo_id, width, height in rows:
        key = draft_key(photo_id) if kind == DRAFT else ""
        found.setdefault(subject_id, []).append(PhotoView(photo_id, width, height, key))
    return found


def digests_of(subject_id: UUID) -> list[str]:
    """SHA-256 of the photographs of a subject as they are kept, in their order."""
    rows = Photo.objects.filter(subject_id=subject_id).order_by("position", "id")
    return list(rows.values_list("digest", flat=True))


def photo_count(subject: SubjectRef) -> int:
    """How many photographs a subject has, hidden ones included."""
    return Photo.objects.filter(subject_kind=subject.kind, subject_id=subject.id).count()


def camera_hint(subject: SubjectRef) -> CameraHint:
    """Where and when the cameras of a subject's photographs say they were: the first that says so.

    Private: show it only to the person who sent the photographs, as a first guess for the pin.
    """
    rows = (
        Photo.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
        .order_by("position", "id")
        .values_list("lat", "lon", "taken_at")
    )
    point, moment = None, None
    for lat, lon, taken_at in rows:
        if point is None and lat is not None and lon is not None:
            point = Point(lat, lon)
        moment = moment or taken_at
    return CameraHint(point, moment)


def served_photo(photo_id: UUID) -> ServedPhoto | None:
    """What the view must know of a photograph; None when there is none or it is hidden."""
    fields = ("digest", "subject_kind", "sealed", "city_id", "owner_id")
    row = Photo.objects.filter(id=photo_id, hidden=False).values_list(*fields).first()
    return ServedPhoto(photo_id, row[0], row[1] == DRAFT, *row[2:]) if row else None


def draft_key(photo_id: UUID) -> str:
    """The key that opens a draft's photograph; it is of no use for any other."""
    return Signer(salt=_SALT).signature(str(photo_id))


def opens(key: str, photo_id: UUID) -> bool:
    """Whether the key is the one of this photograph."""
    return constant_time_compare(key.encode("utf-8", "replace"), draft_key(photo_id))
