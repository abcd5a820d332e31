"""Forgetting a person who was told things."""

from datetime import datetime

from django.db import transaction

from veche.commons.notices.models import Letter, Notice, Preference
from veche.kernel.forgetting import Forgotten


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> None:
    """Throw away what a person was told, and every letter on its way to them.

    Refuses: never.
    """
    del now
    Notice.objects.filter(person_id=person.person_id).delete()
    Preference.objects.filter(person_id=person.person_id).delete()
    Letter.objects.filter(to=person.email).delete()
