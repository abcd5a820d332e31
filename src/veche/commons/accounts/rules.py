"""What may be done with accounts and roles."""

import re
from collections.abc import Collection

from veche.commons.accounts.terms import Actor, Grant, Role
from veche.kernel.refusals import Refusal

LONGEST_NAME = 120
LONGEST_REASON = 300
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,180}\.[^\s@<>\"(),:;\\\[\]]{2,60}")


def check_email(email: str) -> Refusal | None:
    """Say whether an address of mail has the form of one; whether it exists, only mail can tell.

    Refuses: `accounts.bad-email`.
    """
    return None if _EMAIL.fullmatch(email.strip()) else Refusal("accounts.bad-email", "email")


def check_name(name: str) -> Refusal | None:
    """Say whether a name fits. Units: characters.

    Refuses: `accounts.name-too-long`.
    """
    if len(name.strip()) > LONGEST_NAME:
        return Refusal("accounts.name-too-long", "name", {"limit": LONGEST_NAME})
    return None


def check_language(language: str, languages: Collection[str]) -> Refusal | None:
    """Say whether the house speaks a language.

    Refuses: `accounts.unknown-language`.
    """
    return None if language in languages else Refusal("accounts.unknown-language", "language")


def check_grant(grant: Grant) -> Refusal | None:
    """Say whether a role is complete: an officer answers for an office, the others for the whole city.

    Refuses: `accounts.office-missing`, `accounts.office-not-asked`.
    """
    if grant.role is Role.OFFICER and grant.office_id is None:
        return Refusal("accounts.office-missing", "office")
    if grant.role is not Role.OFFICER and grant.office_id is not None:
        return Refusal("accounts.office-not-asked", "office")
    return None


def may_grant(by: Actor, grant: Grant, why: str) -> Refusal | None:
    """Say whether somebody may give or take a role: administrators of the city and the system, with a reason.

    Refuses: `accounts.may-not-grant`, `accounts.reason-missing`.
    """
    if not by.is_system and not by.has_role(Role.ADMINISTRATOR, grant.city_id):
        return Refusal("accounts.may-not-grant")
    if not why.strip():
        return Refusal("accounts.reason-missing", "why")
    return None
