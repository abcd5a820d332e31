"""Hanging lanterns."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tests.toy_module import rules
from tests.toy_module.models import Lantern, LanternCount
from tests.toy_module.terms import LANTERN, LanternHung, NewLantern
from veche.commons.accounts.terms import Actor
from veche.commons.journal import services as journal
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, refuse_if


@transaction.atomic
def hang_lantern(new: NewLantern, *, city: CityView, by: Actor, now: datetime) -> Lantern:
    """Hang a lantern and record it.

    Refuses: what `rules.may_hang` and the boundary of the city refuse.
    """
    refuse_if(rules.may_hang(new, by.level))
    place = places.locate(city.id, new.point)
    if isinstance(place, Refusal):
        refuse_if(place)
    lantern = Lantern.objects.create(
        id=new.id, city_id=city.id, place_id=place.id, words=new.words, hung_at=now
    )
    journal.record(LanternHung(ref=SubjectRef(LANTERN, new.id), at=now, city_id=city.id, place=place.code))
    return lantern


def count_lanterns(fact: LanternHung, *, fact_id: UUID, now: datetime) -> None:
    """Count the lanterns of the city anew: twice is as good as once."""
    count = Lantern.objects.filter(city_id=fact.city_id).count()
    LanternCount.objects.update_or_create(city_id=fact.city_id, defaults={"count": count})
