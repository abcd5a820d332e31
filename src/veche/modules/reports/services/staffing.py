"""Who works in a city: officers of offices, dispatchers, moderators. The commons keep and record it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from veche.commons.accounts import services as accounts
from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor, Grant, Role
from veche.commons.journal import services as journal
from veche.commons.offices import services as offices
from veche.commons.offices.models import Office, Officer
from veche.commons.places.terms import CityView
from veche.kernel.refusals import Refusal, Refused

GIVEN = (Role.DISPATCHER, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class Post:
    """A post in an office, by its name in each language."""

    office_id: UUID | None
    names: Mapping[str, str]
    is_head: bool = False


@transaction.atomic
def appoint(email: str, post: Post, *, city: CityView, by: Actor, why: str, now: datetime) -> Person:
    """Let whoever reads this mail answer for an office; who has no account yet gets one, to be entered by mail.

    Refuses: `accounts.bad-email`, `offices.unknown-office`, `offices.already-there`, `reports.post-missing`,
    `accounts.reason-missing` beside their fields, and `offices.may-not-appoint`.
    """
    office = _office(post.office_id, city)
    names = {language: name.strip()[:120] for language, name in post.names.items() if name.strip()}
    wrong = [
        *([] if names else [Refusal("reports.post-missing", "post")]),
        *([] if why.strip() else [Refusal("accounts.reason-missing", "why")]),
    ]
    if office is None:
        raise Refused(Refusal("offices.unknown-office", "office"), *wrong)
    if wrong:
        raise Refused(*wrong)
    person = accounts.register(email, language=city.default_language, now=now)
    offices.appoint_officer(person, office, names, post.is_head, by=by, now=now, why=why)
    return person


@transaction.atomic
def give_role(email: str, role: str, *, city: CityView, by: Actor, why: str, now: datetime) -> Person:
    """Make whoever reads this mail a dispatcher or a moderator of the city.

    Refuses: `reports.role-unknown`, `accounts.bad-email`, `accounts.reason-missing`, `accounts.may-not-grant`.
    """
    if role not in GIVEN:
        raise Refused(Refusal("reports.role-unknown", "role"))
    person = accounts.register(email, language=city.default_language, now=now)
    grant = Grant(Role(role), city.id)
    accounts.grant_role(person, grant, by=by, why=why, now=now, record=journal.record)
    return person


@transaction.atomic
def take_role(
    person_id: UUID | None,
    role: str,
    office_id: UUID | None,
    *,
    city: CityView,
    by: Actor,
    why: str,
    now: datetime,
) -> None:
    """Take a role back, and the post that went with it.

    Refuses: `accounts.reason-missing`, `accounts.no-such-grant`, `reports.role-unknown`, `accounts.may-not-grant`.
    """
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person is None:
        raise Refused(Refusal("accounts.no-such-grant"))
    if role not in {*GIVEN, Role.OFFICER}:
        raise Refused(Refusal("reports.role-unknown", "role"))
    if not why.strip():
        raise Refused(Refusal("accounts.reason-missing", "why"))
    office = _office(office_id, city)
    if office and Officer.objects.filter(office=office, person=person, until_at=None).exists():
        offices.dismiss_officer(person, office, by=by, now=now, why=why)
        return
    grant = Grant(Role(role), city.id, office.pk if office else None)
    accounts.revoke_role(person, grant, by=by, why=why, now=now, record=journal.record)


def _office(office_id: UUID | None, city: CityView) -> Office | None:
    return Office.objects.filter(pk=office_id, city_id=city.id).first() if office_id else None
