"""What the cabinet shows to people with a role: their workplaces, with what waits there."""

from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from veche.commons.accounts.access import actor_in
from veche.commons.accounts.terms import Actor
from veche.commons.places import queries as places
from veche.commons.places.terms import CityView
from veche.modules.reports import access, queries
from veche.modules.reports.views.work.gate import desk_of


class Workplace(NamedTuple):
    """A city somebody works in, and what waits for them there."""

    city: CityView
    url: str
    waits: int
    overdue: int
    unrouted: int
    people_url: str


def work_card(request: HttpRequest) -> str:
    """A card per city in which the person has a role; nothing for everybody else."""
    actor = actor_in(request)
    found = [_workplace(actor, city_id) for city_id in sorted({grant.city_id for grant in actor.grants})]
    cities = [one for one in found if one is not None]
    return render_to_string("reports/work_card.html", {"cities": cities}, request) if cities else ""


def _workplace(actor: Actor, city_id: UUID) -> Workplace | None:
    city = places.city_by_id(city_id)
    if city is None or not access.works_in(actor, city_id):
        return None
    desk = desk_of(actor, city)
    counts = queries.queue_counts(desk.office_ids) if desk.office_ids else {"overdue": 0}
    return Workplace(
        city=city,
        url=reverse("reports:work", kwargs={"city": city.code}),
        waits=sum(counts.values()) - counts["overdue"],
        overdue=counts["overdue"],
        unrouted=queries.unrouted_count(city) if desk.dispatches else 0,
        people_url=reverse("reports:people", kwargs={"city": city.code}) if desk.administers else "",
    )
