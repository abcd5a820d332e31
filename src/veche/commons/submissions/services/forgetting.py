"""Forgetting a person who handed things in, began to, or joined."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from veche.commons.media import services as media
from veche.commons.submissions.models import Draft, Submission, Supporter
from veche.commons.submissions.services.drafts import throw_away
from veche.commons.submissions.terms import SUBMISSION
from veche.kernel.forgetting import Forgotten
from veche.kernel.refs import SubjectRef


@transaction.atomic
def forget_person(person: Forgotten, *, now: datetime) -> None:
    """Take the words, the address and the photographs out of a person's submissions, and the drafts away.

    The number, the category's case and the count of those who joined stay.
    Refuses: never.
    """
    del now
    own = Submission.objects.filter(author_id=person.person_id)
    for submission_id in list(own.values_list("id", flat=True)):
        media.drop_all(SubjectRef(SUBMISSION, submission_id))
    own.update(text="", details={}, address="", anonymous=True, author=None)
    drafts = Draft.objects.filter(Q(person_id=person.person_id) | Q(email=person.email))
    for draft_id in list(drafts.values_list("id", flat=True)):
        throw_away(draft_id)
    Supporter.objects.filter(person_id=person.person_id).delete()
