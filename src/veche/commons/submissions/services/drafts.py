"""Drafts: nothing that was typed is lost."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.db import transaction

from veche.commons.media import services as media
from veche.commons.submissions import rules
from veche.commons.submissions.models import Draft
from veche.commons.submissions.terms import DRAFT, LARGEST_DRAFT
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal, Refused, refuse_if

_TOKEN_BYTES = 16
_TOKEN = re.compile(r"[\w-]{22}", re.ASCII)


@transaction.atomic
def draft_for(
    token: str | None, *, city_id: UUID, purpose: str, person_id: UUID | None, now: datetime
) -> tuple[Draft, str | None]:
    """Find the draft of this browser or of this person on any device, or begin one.

    Answers the draft and, only when it was begun with another than the browser's, the token for the cookie. A draft
    begun as a visitor becomes the person's after sign-in; a draft of another person is never answered.
    Refuses: never.
    """
    held = find_draft(token, city_id=city_id, purpose=purpose, person_id=person_id)
    if held is not None:
        return held, None
    if token and _TOKEN.fullmatch(token):
        draft, created = _begin(token, city_id=city_id, purpose=purpose, person_id=person_id, now=now)
        if created or (draft.city_id, draft.purpose, draft.person_id) == (city_id, purpose, person_id):
            return draft, None
    fresh = new_token()
    return _begin(fresh, city_id=city_id, purpose=purpose, person_id=person_id, now=now)[0], fresh


def new_token() -> str:
    """A token by which a browser will find its draft; nothing is begun with it yet.

    Refuses: never.
    """
    return token_urlsafe(_TOKEN_BYTES)


@transaction.atomic
def find_draft(token: str | None, *, city_id: UUID, purpose: str, person_id: UUID | None) -> Draft | None:
    """Find a draft as `draft_for` does, and begin none: looking at a form writes nothing.

    Refuses: never.
    """
    drafts = Draft.objects.filter(city_id=city_id, purpose=purpose)
    own = drafts.filter(token_digest=_digest(token)).first() if token else None
    if own is not None and own.person_id in {None, person_id}:
        if own.person_id is None and person_id is not None:
            own.person_id = person_id
            own.save(update_fields=["person"])
        return own
    return drafts.filter(person_id=person_id).order_by("-changed_at").first() if person_id else None


@transaction.atomic
def keep(draft: Draft, values: Mapping[str, Any], *, now: datetime) -> Draft:
    """Lay what was typed over what the draft held before.

    Refuses: `submissions.draft-too-large`.
    """
    held = Draft.objects.select_for_update().get(id=draft.id)
    merged = held.values | rules.cleaned(values)
    if len(json.dumps(merged, ensure_ascii=False)) > LARGEST_DRAFT:
        raise Refused(Refusal("submissions.draft-too-large"))
    Draft.objects.filter(id=draft.id).update(values=merged, changed_at=now)
    draft.values, draft.changed_at = merged, now
    return draft


@transaction.atomic
def ask_confirmation(draft: Draft, email: str, *, now: datetime) -> str:
    """Remember whose mail must confirm the draft; answers the token for the link, of which only a digest is kept.

    Refuses: `submissions.bad-email`.
    """
    refuse_if(rules.check_email(email))
    token = new_token()
    draft.email, draft.confirm_digest, draft.changed_at = email.strip().lower(), _digest(token), now
    draft.save(update_fields=["email", "confirm_digest", "changed_at"])
    return token


def draft_by_confirmation(token: str) -> Draft | None:
    """The draft that a link from a mail confirms; None when it was sent already or is too old.

    Refuses: never.
    """
    return Draft.objects.filter(confirm_digest=_digest(token)).first() if token else None


@transaction.atomic
def finish(draft: Draft) -> None:
    """Let a draft go once it was filed; its photographs moved along before.

    Refuses: never.
    """
    Draft.objects.filter(id=draft.id).delete()


@transaction.atomic
def hold(draft_id: UUID) -> Draft | None:
    """Keep everybody else from finishing this draft until the transaction ends; None when it is gone already.

    Refuses: never.
    """
    return Draft.objects.select_for_update().filter(id=draft_id).first()


@transaction.atomic
def throw_away(draft_id: UUID) -> None:
    """Let a draft go that will not be sent, with its photographs.

    Refuses: never.
    """
    media.drop_all(SubjectRef(DRAFT, draft_id))
    Draft.objects.filter(id=draft_id).delete()


@transaction.atomic
def sweep_drafts(now: datetime, *, limit: int = 200) -> int:
    """Let go of drafts that nobody touched for a fortnight, with their photographs. Answers how many.

    Units: now is UTC. Refuses: never.
    """
    old = list(
        Draft.objects.filter(changed_at__lt=rules.kept_since(now))
        .order_by("changed_at")
        .values_list("id", flat=True)[:limit]
    )
    for draft_id in old:
        media.drop_all(SubjectRef(DRAFT, draft_id))
    Draft.objects.filter(id__in=old).delete()
    return len(old)


def _begin(
    token: str, *, city_id: UUID, purpose: str, person_id: UUID | None, now: datetime
) -> tuple[Draft, bool]:
    # Two windows of a browser may begin at the same moment: then it is one draft.
    return Draft.objects.get_or_create(
        token_digest=_digest(token),
        defaults={"city_id": city_id, "purpose": purpose, "person_id": person_id, "changed_at": now},
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
