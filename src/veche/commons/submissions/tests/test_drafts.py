"""Nothing that was typed is lost."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from veche.commons.accounts.terms import Actor
from veche.commons.media.models import Photo
from veche.commons.places.models import City
from veche.commons.submissions import queries
from veche.commons.submissions.models import Draft
from veche.commons.submissions.services import (
    ask_confirmation,
    draft_by_confirmation,
    draft_for,
    finish,
    keep,
    sweep_drafts,
)
from veche.commons.submissions.tasks import sweep_drafts as sweep_task
from veche.commons.submissions.terms import DRAFT
from veche.kernel.refusals import Refused


def found(
    token: str | None, town: City, now: datetime, person_id: UUID | None = None
) -> tuple[Draft, str | None]:
    return draft_for(token, city_id=town.id, purpose="report", person_id=person_id, now=now)


def test_a_visitor_comes_back_to_the_draft_by_the_cookie(town: City, now: datetime) -> None:
    draft, token = found(None, town, now)
    keep(draft, {"what": "pothole"}, now=now)
    again, new_token = found(token, town, now)
    assert again.id == draft.id
    assert again.values == {"what": "pothole"}
    assert new_token is None


def test_the_token_itself_is_not_kept(town: City, now: datetime) -> None:
    draft, token = found(None, town, now)
    assert token is not None
    assert len(token) >= 22
    assert token not in (draft.token_digest, draft.confirm_digest)


def test_a_strange_cookie_begins_a_new_draft(town: City, now: datetime) -> None:
    draft, _ = found("made-up", town, now)
    assert draft.values == {}
    assert Draft.objects.count() == 1


def test_later_steps_are_laid_over_earlier_ones(town: City, now: datetime) -> None:
    draft, token = found(None, town, now)
    keep(draft, {"what": "pothole", "text": "яма"}, now=now)
    keep(draft, {"text": "большая яма\x00"}, now=now)
    assert found(token, town, now)[0].values == {"what": "pothole", "text": "большая яма"}


def test_a_signed_in_person_finds_the_draft_on_another_device(
    town: City, alice: Actor, now: datetime
) -> None:
    draft, token = found(None, town, now, alice.person_id)
    keep(draft, {"text": "яма"}, now=now)
    elsewhere, other_token = found(None, town, now, alice.person_id)
    assert elsewhere.id == draft.id
    assert other_token is None
    assert found(token, town, now, alice.person_id)[0].id == draft.id
    assert [view.values for view in queries.drafts_of(alice.person_id)] == [{"text": "яма"}]


def test_a_visitors_draft_becomes_theirs_at_sign_in(town: City, alice: Actor, now: datetime) -> None:
    draft, token = found(None, town, now)
    assert found(token, town, now, alice.person_id)[0].id == draft.id
    assert Draft.objects.get().person_id == alice.person_id


def test_nobody_sees_the_draft_of_another_who_used_this_browser(
    town: City, alice: Actor, clara: Actor, now: datetime
) -> None:
    draft, token = found(None, town, now, alice.person_id)
    assert found(token, town, now, clara.person_id)[0].id != draft.id
    assert found(token, town, now)[0].id != draft.id


def test_a_link_from_the_mail_leads_to_the_draft_once(town: City, now: datetime) -> None:
    draft, _ = found(None, town, now)
    token = ask_confirmation(draft, " Anna@Example.org ", now=now)
    confirmed = draft_by_confirmation(token)
    assert confirmed is not None
    assert (confirmed.id, confirmed.email) == (draft.id, "anna@example.org")
    finish(draft)
    assert draft_by_confirmation(token) is None
    assert draft_by_confirmation("") is None


def test_a_draft_without_a_mail_is_not_found_by_an_empty_link(town: City, now: datetime) -> None:
    found(None, town, now)
    assert draft_by_confirmation("") is None


def test_what_is_no_address_is_refused_before_a_link_goes(town: City, now: datetime) -> None:
    draft, _ = found(None, town, now)
    with pytest.raises(Refused) as refused:
        ask_confirmation(draft, "anna@", now=now)
    assert refused.value.codes == ("submissions.bad-email",)


def test_a_draft_cannot_grow_without_end(town: City, now: datetime) -> None:
    draft, _ = found(None, town, now)
    with pytest.raises(Refused):
        keep(draft, {"text": "я" * 70_000}, now=now)


def test_drafts_untouched_for_a_fortnight_go_with_their_photographs(town: City, now: datetime) -> None:
    old, _ = found(None, town, now)
    young, _ = found(None, town, now + timedelta(days=1))
    Photo.objects.create(
        city_id=town.id, subject_kind=DRAFT, subject_id=old.id, width=1, height=1, digest="x", created_at=now
    )
    assert sweep_drafts(now + timedelta(days=14)) == 0
    assert sweep_task(now + timedelta(days=14, minutes=1)) == 1
    assert [draft.id for draft in Draft.objects.all()] == [young.id]
    assert not Photo.objects.exists()
