"""Writes of offices: the pack's directory, routes that dispatchers teach, officers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from veche.commons.accounts import services as accounts
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor, Grant, Role
from veche.commons.journal import services as journal
from veche.commons.offices import access
from veche.commons.offices.models import Competence, Office, Officer
from veche.commons.offices.terms import (
    FROM_DISPATCHER,
    FROM_PACK,
    OFFICE,
    OfficerAppointed,
    OfficerDismissed,
    OfficesLoaded,
    RouteLearned,
)
from veche.commons.places import queries as places
from veche.commons.places import services as cities
from veche.commons.places.models import City, Place
from veche.commons.places.terms import CITY
from veche.kernel.pack import Pack, PackCompetence, PackOffice
from veche.kernel.pack.shapes import plain
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused

_Key = tuple[str, str, str]


@transaction.atomic
def load_offices(pack: Pack, city: City, now: datetime) -> None:
    """Write a pack's offices and competences; loading the same pack again changes nothing.

    What the pack no longer names ends today, never vanishes; routes taught by dispatchers stay.
    Units: now is UTC; validity is counted in the city's local days.
    Refuses: never; `read_pack` has checked the pack.
    """
    today = _today(city.pk, now)
    offices, changed = _write_offices(pack, city, today)
    changed |= _write_competences(pack, city, offices, today)
    if changed:
        cities.touch_city(city.pk)
        journal.record(
            OfficesLoaded(
                ref=SubjectRef(CITY, city.pk),
                at=now,
                city_id=city.pk,
                offices=len(pack.offices),
                competences=len(pack.competences),
            )
        )


@transaction.atomic
def learn_route(
    category: str, place_id: UUID | None, office_id: UUID, *, city_id: UUID, by: Actor, now: datetime
) -> UUID:
    """Send what is of this category in this place to this office from today on; answers the id of the line.

    An earlier taught route for the same category and place ends; teaching the same again changes nothing.
    Units: now is UTC; the route holds from the city's local day.
    Refuses: `offices.may-not-teach`, `offices.unknown-office`, `offices.unknown-place`.
    """
    if not access.may_teach(by, city_id):
        raise Refused(Refusal("offices.may-not-teach"))
    # One lesson after another in a city, or two who teach the same at once would leave it twice.
    City.objects.select_for_update().get(pk=city_id)
    office = Office.objects.filter(pk=office_id, city_id=city_id).first()
    if office is None:
        raise Refused(Refusal("offices.unknown-office", "office"))
    place = Place.objects.filter(pk=place_id, city_id=city_id).first() if place_id else None
    if place_id and place is None:
        raise Refused(Refusal("offices.unknown-place", "place"))
    today = _today(city_id, now)
    taught = Competence.objects.select_for_update().filter(
        city_id=city_id, category=category, place=place, origin=FROM_DISPATCHER, valid_until=None
    )
    same = taught.filter(office=office).first()
    if same is not None:
        return same.pk
    taught.filter(valid_from__gte=today).delete()
    taught.update(valid_until=today)
    line = Competence.objects.create(
        city_id=city_id,
        office=office,
        category=category,
        place=place,
        origin=FROM_DISPATCHER,
        valid_from=today,
    )
    cities.touch_city(city_id)
    journal.record(
        RouteLearned(
            ref=SubjectRef(OFFICE, office.pk),
            at=now,
            city_id=city_id,
            category=category,
            office=office.code,
            place=place.code if place else "",
        )
    )
    return line.pk


@transaction.atomic
def appoint_officer(
    person: Person,
    office: Office,
    post: Mapping[str, str],
    is_head: bool = False,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
) -> Officer:
    """Let a person answer for an office, with the role that goes with it. A new head takes the place of the old one.

    `post` is the name of the post in each language, shown to the public instead of a name.
    Units: now is UTC.
    Refuses: `offices.may-not-appoint`, `offices.already-there`, and what accounts refuse.
    """
    if not access.may_appoint(by, office.city_id):
        raise Refused(Refusal("offices.may-not-appoint"))
    # One after another: who asks at the same time for the same is told so, and there is one head.
    Office.objects.select_for_update().get(pk=office.pk)
    if Officer.objects.filter(office=office, person=person, until_at=None).exists():
        raise Refused(Refusal("offices.already-there", "person"))
    if is_head:
        Officer.objects.filter(office=office, is_head=True, until_at=None).update(is_head=False)
    officer = Officer.objects.create(
        office=office, person=person, post=dict(post), is_head=is_head, since_at=now
    )
    accounts.grant_role(
        person,
        Grant(Role.OFFICER, office.city_id, office.pk),
        by=by,
        why=why or office.code,
        now=now,
        record=journal.record,
    )
    ref = SubjectRef(OFFICE, office.pk)
    journal.record(
        OfficerAppointed(ref=ref, at=now, city_id=office.city_id, office=office.code, is_head=is_head)
    )
    return officer


@transaction.atomic
def dismiss_officer(person: Person, office: Office, *, by: Actor, now: datetime, why: str = "") -> None:
    """Let a person no longer answer for an office; what they did stays.

    Units: now is UTC.
    Refuses: `offices.may-not-appoint`, `offices.not-an-officer`, and what accounts refuse.
    """
    if not access.may_appoint(by, office.city_id):
        raise Refused(Refusal("offices.may-not-appoint"))
    officer = Officer.objects.select_for_update().filter(office=office, person=person, until_at=None).first()
    if officer is None:
        raise Refused(Refusal("offices.not-an-officer", "person"))
    officer.until_at = now
    officer.save(update_fields=["until_at"])
    accounts.revoke_role(
        person,
        Grant(Role.OFFICER, office.city_id, office.pk),
        by=by,
        why=why or office.code,
        now=now,
        record=journal.record,
    )
    ref = SubjectRef(OFFICE, office.pk)
    journal.record(
        OfficerDismissed(ref=ref, at=now, city_id=office.city_id, office=office.code, is_head=officer.is_head)
    )


def _today(city_id: UUID, now: datetime) -> date:
    city = places.city_by_id(city_id)
    assert city is not None, "a city has been loaded before its offices"
    return city.calendar.local_date(now)


def _write_offices(pack: Pack, city: City, today: date) -> tuple[dict[str, Office], bool]:
    known = {row.code: row for row in Office.objects.filter(city=city)}
    changed = False
    for one in pack.offices:
        row = known.get(one.code)
        is_new = row is None
        row = known[one.code] = row or Office(city=city, code=one.code)
        if _filled(row, _office_values(one, known.get(one.parent))) or is_new:
            row.save()
            changed = True
    named = {one.code for one in pack.offices}
    gone = [row for code, row in known.items() if code not in named]
    return known, _ended(gone, today) or changed


def _write_competences(pack: Pack, city: City, offices: Mapping[str, Office], today: date) -> bool:
    spots = dict(Place.objects.filter(city=city).values_list("code", "id"))
    lines = Competence.objects.filter(city=city, origin=FROM_PACK).select_related("office", "place")
    known: dict[tuple[_Key, date | None], Competence] = {}
    for row in lines.order_by("id"):
        key = (row.office.code, row.category, row.place.code if row.place else "")
        known[key, row.valid_from] = row
    changed, kept = False, set()
    for one in pack.competences:
        found = known.get((_key(one), one.valid_from))
        row = found or Competence(
            city=city,
            office=offices[one.office],
            category=one.category,
            place_id=spots[one.place] if one.place else None,
            origin=FROM_PACK,
        )
        kept.add(row.pk)
        values = {
            "source": plain(one.source) if one.source else {},
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
        }
        if _filled(row, values) or found is None:
            row.save()
            changed = True
    return _ended([row for row in known.values() if row.pk not in kept], today) or changed


def _key(one: PackCompetence) -> _Key:
    return one.office, one.category, one.place


def _office_values(one: PackOffice, parent: Office | None) -> dict[str, Any]:
    return {
        "parent_id": parent.pk if parent else None,
        "kind": one.kind,
        "names": dict(one.names),
        "hours": dict(one.hours),
        "channels": dict(one.channels),
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
    }


def _ended(rows: list[Any], today: date) -> bool:
    """End what the pack no longer names; whether anything was still in force."""
    ending = [row for row in rows if row.valid_until is None or row.valid_until > today]
    for row in ending:
        row.valid_until = today
        row.save(update_fields=["valid_until"])
    return bool(ending)


def _filled(row: Any, values: Mapping[str, Any]) -> bool:
    """Write values into a row; whether any of them was another."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return bool(changed)
