"""Handing photographs on, hiding them, and removing them."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from veche.commons.accounts.terms import Actor
from veche.commons.journal import services as journal
from veche.commons.media import access
from veche.commons.media.models import Photo
from veche.commons.media.ports import EQUIPMENT
from veche.commons.media.terms import DRAFT, HideReason, PhotoHidden
from veche.kernel.forgetting import Forgotten
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused

DRAFT_PHOTOS_STAY = timedelta(days=15)  # a day longer than a draft may lie
ORPHANS_STAY = timedelta(hours=1)
_BATCH = 500
log = logging.getLogger(__name__)


@transaction.atomic
def adopt(from_ref: SubjectRef, to_ref: SubjectRef) -> int:
    """Hand all photographs of one subject to another (a sent draft's to its submission); how many they were."""
    first = next_position(to_ref)
    ids = list(
        Photo.objects.filter(subject_kind=from_ref.kind, subject_id=from_ref.id)
        .order_by("position", "id")
        .values_list("id", flat=True)
    )
    for position, photo_id in enumerate(ids, first):
        Photo.objects.filter(id=photo_id).update(
            subject_kind=to_ref.kind, subject_id=to_ref.id, position=position
        )
    return len(ids)


@transaction.atomic
def drop(photo_id: UUID, *, subject: SubjectRef) -> None:
    """Remove one photograph of a subject and its files.

    Refuses: `media.no-such-photo`.
    """
    gone, _ = Photo.objects.filter(id=photo_id, subject_kind=subject.kind, subject_id=subject.id).delete()
    if not gone:
        raise Refused(Refusal("media.no-such-photo", "photos"))
    _clear_after_commit([photo_id])


@transaction.atomic
def drop_all(subject: SubjectRef) -> int:
    """Remove every photograph of a subject (a draft that was thrown away); how many they were."""
    photos = Photo.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    ids = list(photos.values_list("id", flat=True))
    photos.delete()
    _clear_after_commit(ids)
    return len(ids)


@transaction.atomic
def hide(photo_id: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a photograph out of sight, for a reason from the list; hiding it twice changes nothing.

    Refuses: `media.no-such-photo`, `media.may-not-hide`, `media.unknown-reason`.
    """
    photo = Photo.objects.select_for_update().filter(id=photo_id).first()
    if photo is None:
        raise Refused(Refusal("media.no-such-photo"))
    if not access.may_hide(by, photo.city_id):
        raise Refused(Refusal("media.may-not-hide"))
    if reason not in set(HideReason):
        raise Refused(Refusal("media.unknown-reason", "reason"))
    if photo.hidden:
        return
    Photo.objects.filter(id=photo_id).update(hidden=True)
    ref = SubjectRef(photo.subject_kind, photo.subject_id)
    journal.record(
        PhotoHidden(
            ref=ref, at=now, city_id=photo.city_id, photo_id=photo_id, reason=HideReason(reason).value
        ),
        private={"person": str(by.person_id)},
        owner=by.person_id,
    )


@transaction.atomic
def seal(subject_ids: Iterable[UUID], *, sealed: bool) -> int:
    """Close the photographs of subjects that were hidden from the public, or open them again; how many there are.

    Who hid the subject, and why, is that subject's fact.
    Refuses: never.
    """
    return Photo.objects.filter(subject_id__in=list(subject_ids)).update(sealed=sealed)


def sweep_orphans(now: datetime) -> int:
    """Remove photographs of drafts that are gone by now, and files that no row knows; how many photographs went."""
    return _sweep_drafts(now - DRAFT_PHOTOS_STAY) + _sweep_files(now - ORPHANS_STAY)


def _sweep_drafts(before: datetime) -> int:
    count = 0
    stale = Photo.objects.filter(subject_kind=DRAFT, created_at__lt=before)
    while ids := list(stale.order_by("id").values_list("id", flat=True)[:_BATCH]):
        with transaction.atomic():
            # Asked again inside: the draft may have been sent in between, and its photographs adopted.
            gone = list(stale.filter(id__in=ids).select_for_update().values_list("id", flat=True))
            Photo.objects.filter(id__in=gone).delete()
            _clear_after_commit(gone)
        count += len(gone)
    return count


def _sweep_files(before: datetime) -> int:
    count = 0
    shelf = EQUIPMENT.need_shelf()
    for batch in _batches(shelf.older_than(before)):
        known = set(Photo.objects.filter(id__in=batch).values_list("id", flat=True))
        orphans = [photo_id for photo_id in batch if photo_id not in known]
        shelf.clear(orphans)
        count += len(orphans)
    return count


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _clear_after_commit(photo_ids: list[UUID]) -> None:
    """Files go only when the rows are surely gone; a crash in between leaves orphans for the sweep."""
    if photo_ids:
        transaction.on_commit(partial(_clear, photo_ids))


def _clear(photo_ids: list[UUID]) -> None:
    try:
        EQUIPMENT.need_shelf().clear(photo_ids)
    except OSError as error:  # the rows are gone: the act is done, and the sweep comes by again
        log.warning("files of photographs could not be removed yet: %s", type(error).__name__)


def next_position(subject: SubjectRef) -> int:
    """Where one more photograph of a subject stands."""
    last = Photo.objects.filter(subject_kind=subject.kind, subject_id=subject.id).aggregate(
        last=Max("position")
    )
    return 0 if last["last"] is None else int(last["last"]) + 1


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> None:
    """Remove the photographs a person still owns that belong to no matter of the city, and the name from the rest.

    Those of matters went with them before: their rooms forget first.
    Refuses: never.
    """
    del now
    photos = Photo.objects.filter(owner_id=person.person_id)
    ids = list(photos.filter(subject_kind=DRAFT).values_list("id", flat=True))
    Photo.objects.filter(id__in=ids).delete()
    _clear_after_commit(ids)
    photos.update(owner_id=None)
