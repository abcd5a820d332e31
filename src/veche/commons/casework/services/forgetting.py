"""Forgetting a person who took part in cases: what a citizen wrote goes, what an office answered stays."""

from datetime import datetime

from django.db import transaction

from veche.commons.casework.models import Case, Step
from veche.commons.casework.terms import PERSONAL_ROLES
from veche.commons.media import services as media
from veche.kernel.forgetting import Forgotten
from veche.kernel.refs import SubjectRef

STEP = "casework.step"


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> None:
    """Empty the steps a person took as a citizen, with their photographs, and take the person off all others.

    The answer of an office is the office's word and stays.
    Refuses: never.
    """
    del now
    own = Step.objects.filter(actor_id=person.person_id, actor_role__in=PERSONAL_ROLES)
    for step_id in list(own.values_list("id", flat=True)):
        media.drop_all(SubjectRef(STEP, step_id))
    own.update(text="", details={}, actor=None)
    Step.objects.filter(actor_id=person.person_id).update(actor=None)
    Case.objects.filter(officer_id=person.person_id).update(officer=None)
