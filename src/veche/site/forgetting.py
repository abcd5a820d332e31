"""Forgetting a person through the whole house, in one transaction: all rooms or none."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.module_loading import import_string

from veche.commons.accounts import queries as accounts
from veche.commons.journal import services as journal
from veche.kernel.forgetting import Forgotten
from veche.kernel.refusals import Refusal, Refused
from veche.site import wiring


def forget_person(person_id: UUID, *, reason: str, role: str, now: datetime) -> None:
    """Erase what is a person's own, everywhere, and destroy their key.

    What they did stays as lines without words: numbers, categories, dates. `reason` is a code of the journal's
    `ERASE_REASONS`, `role` who asked for it.
    Units: now is UTC. Refuses: `accounts.not-found`; `accounts.still-serves`.
    """
    person = accounts.person_by_id(person_id)
    if person is None or not accounts.person_of_session(person_id):
        raise Refused(Refusal("accounts.not-found"))
    _overwrite_what_goes()
    with transaction.atomic():
        # From the top down: a room above still finds below what it has to let go of.
        for module in reversed(wiring.modules()):
            if module.forget:
                import_string(module.forget)(Forgotten(person_id, person.email), now=now)
        journal.erase_values(person_id, reason=reason, role=role, now=now)
    _empty_the_write_ahead_log()


def _overwrite_what_goes() -> None:
    """SQLite leaves what was deleted in its free pages unless it is told to overwrite it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _empty_the_write_ahead_log() -> None:
    """The old pages still stand in SQLite's log; where somebody reads just now, its next round takes them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
            cursor.execute("PRAGMA secure_delete=OFF")
