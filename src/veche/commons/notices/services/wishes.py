"""How people want to be told."""

from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction

from veche.commons.accounts.models import Person
from veche.commons.notices import rules
from veche.commons.notices.models import Notice, Preference
from veche.commons.notices.terms import MailWish
from veche.kernel.refusals import Refusal, Refused, refuse_if

_SIGNER = Signer(salt="veche.notices.unsubscribe")


@transaction.atomic
def choose_mail(person_id: UUID, wish: str, *, now: datetime) -> None:
    """Choose how to be told by mail; mail that waits is called back when it is no longer wanted.

    Units: now is UTC. Refuses: `notices.unknown-wish`.
    """
    refuse_if(rules.check_wish(wish))
    Preference.objects.update_or_create(person_id=person_id, defaults={"mail": wish, "changed_at": now})
    if wish == MailWish.NEVER:
        Notice.objects.filter(person_id=person_id, mailed_at=None).update(mail_due_at=None)


def unsubscribe_token(person_id: UUID) -> str:
    """The signed token for the link at the end of every mail; it opens nothing but this one door."""
    return _SIGNER.sign(str(person_id))


def person_of_token(token: str) -> UUID:
    """Whose link this is.

    Refuses: `notices.bad-link`.
    """
    try:
        return UUID(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        raise Refused(Refusal("notices.bad-link")) from None


@transaction.atomic
def unsubscribe(token: str, *, now: datetime) -> None:
    """Stop all mail to a person, without sign-in: the link came by mail. Once more changes nothing.

    Units: now is UTC. Refuses: `notices.bad-link`.
    """
    person_id = person_of_token(token)
    stopped = Preference.objects.filter(person_id=person_id, mail=MailWish.NEVER).exists()
    if not stopped and Person.objects.filter(id=person_id).exists():
        choose_mail(person_id, MailWish.NEVER, now=now)
