"""Handing in."""

from collections.abc import Callable
from datetime import datetime

import pytest

from veche.commons.accounts.terms import SYSTEM, VISITOR, Actor
from veche.commons.media.models import Photo
from veche.commons.places.models import City
from veche.commons.submissions import queries
from veche.commons.submissions.models import Serial, Submission
from veche.commons.submissions.services import receive, receive_many
from veche.commons.submissions.terms import DRAFT, SUBMISSION, NewSubmission
from veche.kernel.geo import Point, cell_of
from veche.kernel.ids import new_id, serial_of
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refused

Make = Callable[..., NewSubmission]


def test_a_submission_gets_a_number_with_a_check_digit(a_message: Make, alice: Actor, now: datetime) -> None:
    received = receive(a_message(), by=alice, now=now)
    view = queries.submission_by_id(received.submission.id)
    assert received.created
    assert view is not None
    assert serial_of(view.number) == received.submission.serial
    assert queries.submission_by_serial(view.serial) == view


def test_words_and_point_are_kept_as_they_should_be(a_message: Make, alice: Actor, now: datetime) -> None:
    new = a_message(
        text="  Яма\x00\r\nу дома ", address=" Ленина, 10 ", details={"depth": "20\x00 см", "wet": True}
    )
    view = queries.submission_by_id(receive(new, by=alice, now=now).submission.id)
    assert view is not None
    assert view.text == "Яма\nу дома"
    assert view.address == "Ленина, 10"
    assert view.details == {"depth": "20 см", "wet": True}
    assert view.author_id == alice.person_id
    assert Submission.objects.get().cell == cell_of(new.point)


def test_sending_twice_is_one_submission(a_message: Make, alice: Actor, now: datetime) -> None:
    new = a_message()
    first, second = receive(new, by=alice, now=now), receive(new, by=alice, now=now)
    assert (first.created, second.created) == (True, False)
    assert first.submission == second.submission
    assert Submission.objects.count() == Serial.objects.count() == 1


def test_nobody_gets_at_the_submission_of_another_by_its_id(
    a_message: Make, alice: Actor, clara: Actor, now: datetime
) -> None:
    new = a_message()
    receive(new, by=alice, now=now)
    with pytest.raises(Refused) as refused:
        receive(new, by=clara, now=now)
    assert refused.value.codes == ("submissions.id-taken",)


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    a_message: Make, alice: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        receive(a_message(text=" ", address="я" * 301, point=Point(100, 0)), by=alice, now=now)
    assert {refusal.field for refusal in refused.value.refusals} == {"text", "address", "point"}
    assert not Submission.objects.exists()
    assert not Serial.objects.exists()


def test_a_visitor_has_to_say_who_they_are(a_message: Make, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        receive(a_message(), by=VISITOR, now=now)
    assert refused.value.codes == ("submissions.no-author",)


def test_the_photographs_of_the_draft_come_along(
    a_message: Make, town: City, alice: Actor, now: datetime
) -> None:
    draft_id = new_id()
    Photo.objects.create(
        city_id=town.id,
        subject_kind=DRAFT,
        subject_id=draft_id,
        width=1,
        height=1,
        digest="x",
        created_at=now,
    )
    submission = receive(a_message(photos_from=SubjectRef(DRAFT, draft_id)), by=alice, now=now).submission
    photo = Photo.objects.get()
    assert (photo.subject_kind, photo.subject_id) == (SUBMISSION, submission.id)


def test_an_import_keeps_order_and_moments_and_numbers_each_row(a_message: Make, now: datetime) -> None:
    news = [(a_message(source="311", external_id=str(row)), now.replace(minute=row)) for row in range(7)]
    received = receive_many(news, by=SYSTEM, batch=3)
    assert [one.submission.external_id for one in received] == [str(row) for row in range(7)]
    assert [one.submission.received_at.minute for one in received] == list(range(7))
    assert all(one.created for one in received)
    assert len({one.submission.serial for one in received}) == 7


def test_importing_twice_adds_nothing(a_message: Make, now: datetime) -> None:
    def rows() -> list[tuple[NewSubmission, datetime]]:
        return [(a_message(source="311", external_id=external), now) for external in ("1", "2", "1")]

    first, second = receive_many(rows(), by=SYSTEM), receive_many(rows(), by=SYSTEM)
    assert [one.created for one in first] == [True, True, False]
    assert first[2].submission == first[0].submission
    assert [one.created for one in second] == [False, False, False]
    assert Submission.objects.count() == 2


def test_a_source_that_names_its_rows_itself_may_send_them_again(a_message: Make, now: datetime) -> None:
    row = a_message(source="311", external_id="1")
    assert [one.created for one in receive_many([(row, now), (row, now)], by=SYSTEM)] == [True, False]
    assert [one.created for one in receive_many([(row, now)], by=SYSTEM)] == [False]
    assert Submission.objects.count() == 1


def test_a_bad_row_leaves_nothing_of_the_import(a_message: Make, now: datetime) -> None:
    with pytest.raises(Refused):
        receive_many([(a_message(), now), (a_message(text=""), now)], by=SYSTEM, batch=1)
    assert not Submission.objects.exists()


def test_a_person_finds_what_they_wrote_newest_first(a_message: Make, alice: Actor, now: datetime) -> None:
    written = [
        receive(a_message(), by=alice, now=now.replace(minute=minute)).submission.id for minute in range(3)
    ]
    assert [view.id for view in queries.latest_of(alice.person_id)] == written[::-1]
