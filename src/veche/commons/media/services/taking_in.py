"""Taking photographs in: developed first, outside of any transaction, then given to their subject."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction

from veche.commons.media import queries, rules
from veche.commons.media.models import Photo
from veche.commons.media.ports import EQUIPMENT, Upload
from veche.commons.media.services.handing_on import next_position
from veche.commons.media.terms import PHOTOS_EACH, Claim, Developed, Limits, Size
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if


@dataclass(slots=True)
class Batch:
    """Files that came together: the photographs made of them, and what was wrong with the others."""

    photos: list[Photo] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def take_in(
    upload: Upload,
    *,
    subject: SubjectRef,
    city_id: UUID,
    owner_id: UUID | None,
    now: datetime,
    zone: tzinfo | None = None,
    field: str = "photos",
    at_most: int = PHOTOS_EACH,
) -> Photo:
    """Check a file, have it cleaned and re-encoded, and keep it as one more photograph of the subject.

    Call it outside of a transaction: decoding takes up to seconds, and a database must not wait for it.
    Units: `zone` is the city's, for cameras that do not name theirs; `field` is the input refusals stand beside.
    Refuses: `media.empty`, `media.too-heavy`, `media.not-a-picture`, `media.kind-not-taken`, `media.mislabelled`,
    `media.too-many`, `media.too-many-pixels`, `media.broken`, `media.too-hard`, `media.took-too-long`, `media.busy`.
    """
    limits = _limits(at_most)
    _refuse_more(subject, limits, field)
    with developing([upload], now=now, zone=zone, field=field, at_most=at_most) as batch:
        refuse_if(batch.refusals)
        return _keep(batch.photos[0], subject, city_id=city_id, owner_id=owner_id, limits=limits, field=field)


@contextmanager
def developing(
    uploads: Sequence[Upload],
    *,
    now: datetime,
    zone: tzinfo | None = None,
    field: str = "photos",
    at_most: int = PHOTOS_EACH,
) -> Iterator[Batch]:
    """Check, clean and lay down files before the transaction in which `keep_all` gives them to a subject.

    What was not kept when the block ends is cleared away, whatever ended it. Units: as `take_in`.
    Refuses: by the refusals of its batch, which are those of `take_in`.
    """
    limits, batch = _limits(at_most), Batch()
    for number, upload in enumerate(uploads):
        try:
            _refuse_more_than(number, limits, field)
            batch.photos.append(_laid_down(upload, limits, field, now, zone))
        except Refused as refused:
            # Ten photographs too many are one sentence, not ten.
            batch.refusals += [one for one in refused.refusals if one not in batch.refusals]
    try:
        yield batch
    finally:
        _clear_unkept([photo.id for photo in batch.photos])


@transaction.atomic
def keep_all(
    batch: Batch,
    *,
    subject: SubjectRef,
    city_id: UUID,
    owner_id: UUID | None,
    field: str = "photos",
    at_most: int = PHOTOS_EACH,
) -> list[Refusal]:
    """Give the photographs of a batch to a subject; answers what was wrong with the others.

    The same picture once more is the one that is there already: a form that is sent again brings no second.
    Refuses: by its answer only, as `take_in` does.
    """
    limits, refusals = _limits(at_most), list(batch.refusals)
    there = Photo.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    digests = set(there.values_list("digest", flat=True)) if batch.photos else set()
    for photo in batch.photos:
        if photo.digest in digests:
            continue
        digests.add(photo.digest)
        try:
            _keep(photo, subject, city_id=city_id, owner_id=owner_id, limits=limits, field=field)
        except Refused as refused:
            refusals += [one for one in refused.refusals if one not in refusals]
    return refusals


def _laid_down(upload: Upload, limits: Limits, field: str, now: datetime, zone: tzinfo | None) -> Photo:
    """A photograph whose files lie on the shelf and whose row is still to be written."""
    developed = _develop(upload, limits, field)
    point = rules.position_of(developed.notes)
    photo = Photo(
        id=new_id(),
        width=developed.width,
        height=developed.height,
        digest=hashlib.sha256(developed.files[Size.LARGE]).hexdigest(),
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        taken_at=rules.taken_at(developed.notes, now, zone),
        created_at=now,
    )
    shelf = EQUIPMENT.need_shelf()
    try:
        shelf.put(photo.id, developed.files)
    except BaseException:
        with suppress(OSError):  # the sweep comes by again
            shelf.clear([photo.id])
        raise
    return photo


@transaction.atomic
def _keep(
    photo: Photo, subject: SubjectRef, *, city_id: UUID, owner_id: UUID | None, limits: Limits, field: str
) -> Photo:
    _refuse_more(subject, limits, field)
    photo.subject_kind, photo.subject_id = subject.kind, subject.id
    photo.city_id, photo.owner_id = city_id, owner_id
    photo.position = next_position(subject)
    photo.save(force_insert=True)
    return photo


def _clear_unkept(photo_ids: list[UUID]) -> None:
    # A database that does not answer leaves them to the sweep.
    with suppress(DatabaseError, OSError):
        kept = (
            set(Photo.objects.filter(id__in=photo_ids).values_list("id", flat=True)) if photo_ids else set()
        )
        EQUIPMENT.need_shelf().clear([one for one in photo_ids if one not in kept])


def _limits(at_most: int) -> Limits:
    return Limits(megabytes=settings.CONFIG.upload_limit_mb, photos=at_most)


def _develop(upload: Upload, limits: Limits, field: str) -> Developed:
    name = upload.name or ""
    claim = Claim(name, upload.content_type or "", upload.size or 0)
    head = upload.read(rules.HEAD_OCTETS)
    kind = rules.recognise(claim, head, limits)
    if isinstance(kind, Refusal):
        raise Refused(replace(kind, field=field))
    content = head + upload.read(limits.octets + 1 - len(head))
    if len(content) > limits.octets:  # it weighed more than it said
        params = {"name": rules.shown_name(name), "megabytes": limits.megabytes}
        raise Refused(Refusal("media.too-heavy", field, params))
    answer = EQUIPMENT.need_darkroom().develop(content, kind, limits)
    if isinstance(answer, Refusal):
        params = {"name": rules.shown_name(name), "megapixels": limits.megapixels}
        raise Refused(Refusal(answer.code, field, params))
    return answer


def _refuse_more(subject: SubjectRef, limits: Limits, field: str) -> None:
    _refuse_more_than(queries.photo_count(subject), limits, field)


def _refuse_more_than(count: int, limits: Limits, field: str) -> None:
    refusal = rules.may_add(count, limits)
    refuse_if(replace(refusal, field=field) if refusal else None)
