"""Me too."""

from collections.abc import Callable
from datetime import datetime

import pytest

from veche.commons.accounts.terms import VISITOR, Actor
from veche.commons.submissions import queries
from veche.commons.submissions.models import Submission
from veche.commons.submissions.services import join, leave, receive
from veche.commons.submissions.terms import NewSubmission
from veche.kernel.ids import new_id
from veche.kernel.refusals import Refused


@pytest.fixture
def pothole(a_message: Callable[..., NewSubmission], alice: Actor, now: datetime) -> Submission:
    return receive(a_message(), by=alice, now=now).submission


def test_joining_twice_counts_once(pothole: Submission, clara: Actor, now: datetime) -> None:
    assert join(pothole.id, by=clara, now=now)
    assert not join(pothole.id, by=clara, now=now)
    assert queries.supporter_count(pothole.id) == 1
    assert queries.supporter_counts([pothole.id]) == {pothole.id: 1}
    assert queries.supporters_of(pothole.id) == [clara.person_id]
    assert queries.is_supporter(pothole.id, clara.person_id)
    assert queries.joined_by(clara.person_id) == [pothole.id]


def test_who_leaves_is_no_longer_counted(pothole: Submission, clara: Actor, now: datetime) -> None:
    join(pothole.id, by=clara, now=now)
    assert leave(pothole.id, by=clara)
    assert not leave(pothole.id, by=clara)
    assert queries.supporter_count(pothole.id) == 0


def test_the_author_is_counted_already(pothole: Submission, alice: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        join(pothole.id, by=alice, now=now)
    assert refused.value.codes == ("submissions.own",)


def test_a_visitor_is_asked_to_sign_in(pothole: Submission, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        join(pothole.id, by=VISITOR, now=now)
    assert refused.value.codes == ("submissions.may-not-join",)


def test_what_is_not_there_cannot_be_joined(clara: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        join(new_id(), by=clara, now=now)
    assert refused.value.codes == ("submissions.not-found",)
