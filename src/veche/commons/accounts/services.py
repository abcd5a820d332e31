"""What is done with accounts: opened, confirmed, named, and given roles."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import ProtectedError

from veche.commons.accounts import rules
from veche.commons.accounts.models import Person, RoleGrant
from veche.commons.accounts.terms import (
    GRANT,
    Actor,
    DemoAccount,
    Grant,
    Level,
    RoleGranted,
    RoleRevoked,
)
from veche.kernel.facts import Record
from veche.kernel.forgetting import Forgotten
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if

FORGOTTEN_DOMAIN = "@forgotten.invalid"
UNCONFIRMED_STAY = timedelta(days=7)


@transaction.atomic
def register(email: str, *, language: str, now: datetime) -> Person:
    """Open an account for an address of mail, or answer the one it has. A new one is not confirmed yet.

    Units: now is UTC. Refuses: `accounts.bad-email`.
    """
    refuse_if(rules.check_email(email))
    person, _ = Person.objects.get_or_create(
        email=email.strip().lower(),
        defaults={"language": language, "created_at": now, "password": make_password(None)},
    )
    return person


@transaction.atomic
def confirm_contact(person: Person, *, now: datetime) -> bool:
    """Note that the person reads this mail. Answers whether that is news.

    Units: now is UTC. Refuses: `accounts.closed`.
    """
    if not person.is_active:
        raise Refused(Refusal("accounts.closed"))
    raised = Person.objects.filter(id=person.id, level__lt=Level.CONTACT).update(level=Level.CONTACT)
    person.level = max(person.level, Level.CONTACT)
    return bool(raised)


@transaction.atomic
def rename(person_id: UUID, name: str) -> None:
    """Write down what the city may call the person; empty is allowed.

    Refuses: `accounts.name-too-long`.
    """
    refuse_if(rules.check_name(name))
    Person.objects.filter(id=person_id).update(name=" ".join(name.split()))


@transaction.atomic
def set_language(person_id: UUID, language: str) -> None:
    """Choose the language of mail and pages.

    Refuses: `accounts.unknown-language`.
    """
    refuse_if(rules.check_language(language, dict(settings.LANGUAGES)))
    Person.objects.filter(id=person_id).update(language=language)


@transaction.atomic
def grant_role(
    person: Person, grant: Grant, *, by: Actor, why: str, now: datetime, record: Record
) -> RoleGrant:
    """Give a person a role. Giving it twice changes nothing and records nothing.

    Units: now is UTC. Refuses: what `rules.check_grant` and `rules.may_grant` refuse; `accounts.closed`.
    """
    refuse_if(rules.check_grant(grant))
    refuse_if(rules.may_grant(by, grant, why))
    if not person.is_active:
        raise Refused(Refusal("accounts.closed"))
    row, created = RoleGrant.objects.get_or_create(
        person=person,
        role=grant.role,
        city_id=grant.city_id,
        office_id=grant.office_id,
        until_at=None,
        defaults={
            "since_at": now,
            "given_by": by.person_id,
            "given_why": why.strip()[: rules.LONGEST_REASON],
        },
    )
    if created:
        record(
            RoleGranted(
                ref=SubjectRef(GRANT, row.id),
                at=now,
                city_id=grant.city_id,
                role=grant.role,
                office_id=grant.office_id,
            )
        )
    return row


@transaction.atomic
def revoke_role(person: Person, grant: Grant, *, by: Actor, why: str, now: datetime, record: Record) -> None:
    """Take a role back; what was done with it stays.

    Units: now is UTC. Refuses: what `rules.may_grant` refuses; `accounts.no-such-grant`.
    """
    refuse_if(rules.may_grant(by, grant, why))
    row = (
        RoleGrant.objects.select_for_update()
        .filter(
            person=person, role=grant.role, city_id=grant.city_id, office_id=grant.office_id, until_at=None
        )
        .first()
    )
    if row is None:
        raise Refused(Refusal("accounts.no-such-grant"))
    row.until_at, row.taken_by = now, by.person_id
    row.taken_why = why.strip()[: rules.LONGEST_REASON]
    row.save(update_fields=["until_at", "taken_by", "taken_why"])
    record(
        RoleRevoked(
            ref=SubjectRef(GRANT, row.id),
            at=now,
            city_id=grant.city_id,
            role=grant.role,
            office_id=grant.office_id,
        )
    )


@transaction.atomic
def open_demo_account(code: str, *, name: str, language: str, now: datetime) -> Person:
    """Open a confirmed account of the demonstration, or answer it. Nobody can receive its mail.

    Units: now is UTC. Refuses: `accounts.bad-email`.
    """
    person = register(f"{code}{DemoAccount.DOMAIN}", language=language, now=now)
    Person.objects.filter(id=person.id).update(name=name, level=Level.CONTACT)
    person.name, person.level = name, Level.CONTACT
    return person


@transaction.atomic
def sweep_unconfirmed(now: datetime, *, limit: int = 500) -> int:
    """Let go of accounts that were asked for and never confirmed. Answers how many.

    Units: now is UTC. Refuses: never.
    """
    ids = list(
        Person.objects.filter(
            level=Level.ANONYMOUS, last_login=None, grants=None, created_at__lt=now - UNCONFIRMED_STAY
        )
        .order_by("created_at")
        .values_list("id", flat=True)[:limit]
    )
    return sum(_let_go(person_id) for person_id in ids)


def _let_go(person_id: UUID) -> bool:
    try:
        with transaction.atomic():
            Person.objects.filter(id=person_id).delete()
    except ProtectedError:  # somebody upstairs keeps them, in a post for example
        return False
    return True


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> None:
    """Close an account for good: no address, no name, no way in. The empty row stays, so that nothing hangs in the air.

    Units: now is UTC. Refuses: `accounts.still-serves` while the person holds a role.
    """
    if RoleGrant.objects.filter(person_id=person.person_id).exclude(until_at__lte=now).exists():
        raise Refused(Refusal("accounts.still-serves"))
    EmailAddress.objects.filter(user_id=person.person_id).delete()
    RoleGrant.objects.filter(person_id=person.person_id).update(given_why="", taken_why="")
    Person.objects.filter(id=person.person_id).update(
        email=f"{person.person_id}{FORGOTTEN_DOMAIN}",
        name="",
        password=make_password(None),
        level=Level.ANONYMOUS,
        is_active=False,
        last_login=None,
    )
