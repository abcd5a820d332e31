"""The photographs of a form: developed before the transaction of the act opens, kept in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from veche.commons.accounts.access import actor_in
from veche.commons.accounts.terms import Actor
from veche.commons.media import services as photographs
from veche.commons.media.terms import PHOTOS_EACH
from veche.commons.places.terms import CityView
from veche.kernel.beforehand import Prepare
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal

May = Callable[[Actor, UUID], bool]


def developed(*, may: May = lambda _actor, _city_id: True, at_most: int = PHOTOS_EACH) -> Prepare:
    """What a view with photographs does beforehand; nothing is developed for people who may not send any."""

    @contextmanager
    def prepare(request: Any, *_args: Any, **_kwargs: Any) -> Iterator[None]:
        city: CityView = request.city
        uploads = request.FILES.getlist("photos") if may(actor_in(request), city.id) else []
        with photographs.developing(
            uploads, now=timezone.now(), zone=city.calendar.tz, at_most=at_most
        ) as batch:
            request.photographs = batch
            yield

    return prepare


def kept(
    request: HttpRequest,
    subject: SubjectRef,
    *,
    city_id: UUID,
    owner_id: UUID | None,
    at_most: int = PHOTOS_EACH,
) -> list[Refusal]:
    """Give the photographs of the request to a subject; answers what was wrong with the others."""
    batch: photographs.Batch = request.photographs  # type: ignore[attr-defined]
    return photographs.keep_all(batch, subject=subject, city_id=city_id, owner_id=owner_id, at_most=at_most)
