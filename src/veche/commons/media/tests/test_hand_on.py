"""Adopting, dropping, hiding and sweeping photographs."""

import os
from datetime import timedelta

import pytest

from veche.commons.accounts.terms import SYSTEM, VISITOR, Actor, Grant, Level, Role
from veche.commons.journal.models import FactRow
from veche.commons.media import queries, services, tasks
from veche.commons.media.adapters.shelf import FolderShelf, MemoryShelf
from veche.commons.media.models import Photo
from veche.commons.media.terms import Size
from veche.commons.media.tests.conftest import CITY, NOW
from veche.commons.media.tests.pictures import picture, upload
from veche.kernel.ids import new_id
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refused

pytestmark = pytest.mark.django_db

MODERATOR = Actor(new_id(), Level.CONTACT, frozenset({Grant(Role.MODERATOR, CITY)}))
ELSEWHERE = Actor(new_id(), Level.CONTACT, frozenset({Grant(Role.MODERATOR, new_id())}))


@pytest.fixture
def submission() -> SubjectRef:
    return SubjectRef("submissions.submission", new_id())


def take(subject: SubjectRef, now=NOW) -> Photo:
    return services.take_in(upload(picture()), subject=subject, city_id=CITY, owner_id=None, now=now)


def on_shelf(shelf: FolderShelf, photo_id) -> bool:
    file = shelf.take(photo_id, Size.LARGE)
    if file:
        file.close()
    return file is not None


def test_the_photos_of_a_sent_draft_become_those_of_the_submission(draft, submission):
    first, second = take(draft), take(draft)
    assert services.adopt(draft, submission) == 2
    found = queries.photos_of([draft.id, submission.id])
    assert draft.id not in found
    assert [view.id for view in found[submission.id]] == [first.id, second.id]


def test_adopted_photos_stand_behind_those_already_there(draft, submission):
    old, new = take(submission), take(draft)
    services.adopt(draft, submission)
    assert [view.id for view in queries.photos_of([submission.id])[submission.id]] == [old.id, new.id]


def test_the_photos_of_a_whole_list_cost_one_query(submission, django_assert_num_queries):
    take(submission)
    with django_assert_num_queries(1):
        queries.photos_of([submission.id, *(new_id() for _ in range(19))])
    with django_assert_num_queries(0):
        queries.photos_of([])


def test_a_dropped_photo_takes_its_files_along_once_that_is_sure(
    draft, shelf, django_capture_on_commit_callbacks
):
    photo = take(draft)
    with django_capture_on_commit_callbacks() as callbacks:
        services.drop(photo.id, subject=draft)
    assert on_shelf(shelf, photo.id)
    for callback in callbacks:
        callback()
    assert not on_shelf(shelf, photo.id)
    assert not Photo.objects.exists()


def test_nobody_drops_a_photo_of_somebody_else_s_draft(draft):
    photo = take(draft)
    with pytest.raises(Refused, match=r"media\.no-such-photo"):
        services.drop(photo.id, subject=SubjectRef(draft.kind, new_id()))
    assert Photo.objects.exists()


def test_a_draft_that_is_thrown_away_takes_all_its_photos_along(
    draft, django_capture_on_commit_callbacks, shelf
):
    photos = [take(draft), take(draft)]
    with django_capture_on_commit_callbacks(execute=True):
        assert services.drop_all(draft) == 2
    assert not any(on_shelf(shelf, photo.id) for photo in photos)


@pytest.mark.parametrize("actor", [MODERATOR, SYSTEM])
def test_a_moderator_hides_a_photo_and_the_journal_knows_why(submission, actor):
    photo = take(submission)
    services.hide(photo.id, reason="personal", by=actor, now=NOW)
    services.hide(photo.id, reason="personal", by=actor, now=NOW)
    assert queries.photos_of([submission.id]) == {}
    assert queries.served_photo(photo.id) is None
    fact = FactRow.objects.get()
    assert fact.kind == "media.PhotoHidden"
    assert fact.body == {"photo_id": str(photo.id), "reason": "personal"}


@pytest.mark.parametrize("actor", [VISITOR, ELSEWHERE])
def test_others_may_not_hide_a_photo(submission, actor):
    photo = take(submission)
    with pytest.raises(Refused, match=r"media\.may-not-hide"):
        services.hide(photo.id, reason="personal", by=actor, now=NOW)
    assert queries.served_photo(photo.id) is not None


def test_hiding_needs_a_reason_from_the_list_and_a_photo(submission):
    with pytest.raises(Refused, match=r"media\.unknown-reason"):
        services.hide(take(submission).id, reason="because", by=MODERATOR, now=NOW)
    with pytest.raises(Refused, match=r"media\.no-such-photo"):
        services.hide(new_id(), reason="personal", by=MODERATOR, now=NOW)


def test_a_draft_s_photos_outlive_the_draft_by_a_day_and_a_submission_s_stay(
    draft, submission, shelf, django_capture_on_commit_callbacks
):
    stale, fresh = take(draft, NOW - timedelta(days=16)), take(draft, NOW - timedelta(days=14))
    kept = take(submission, NOW - timedelta(days=800))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_orphans(NOW) == 1
    assert not on_shelf(shelf, stale.id)
    assert on_shelf(shelf, fresh.id)
    assert on_shelf(shelf, kept.id)
    assert tasks.sweep_orphans(NOW) == 0


def test_files_without_a_row_are_swept_after_an_hour(shelf, tmp_path, submission):
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    old, young, known = new_id(), new_id(), take(submission, now)
    for photo_id in (old, young):
        shelf.put(photo_id, {Size.SMALL: b"x"})
    torn = tmp_path / "photos" / old.hex[-2:] / f".{old}-l.jpg.part"
    torn.write_bytes(b"half")
    stranger = torn.with_name("README")
    stranger.write_text("not ours")
    for path in (tmp_path / "photos").rglob("*"):
        if path.is_file() and str(young) not in path.name:
            long_ago = (now - timedelta(hours=2)).timestamp()
            os.utime(path, (long_ago, long_ago))
    assert tasks.sweep_orphans(now) == 1
    assert not torn.exists()
    assert stranger.exists()
    assert on_shelf(shelf, known.id)
    with shelf.take(young, Size.SMALL) as file:
        assert file.read() == b"x"


@pytest.mark.parametrize(
    "make", [lambda tmp: FolderShelf(tmp / "other"), lambda _: MemoryShelf()], ids=["folder", "memory"]
)
def test_every_shelf_keeps_gives_and_clears(make, tmp_path):
    from datetime import UTC, datetime

    other, photo_id = make(tmp_path), new_id()
    assert other.take(photo_id, Size.SMALL) is None
    assert list(other.older_than(datetime(2100, 1, 1, tzinfo=UTC))) == []
    other.put(photo_id, {Size.SMALL: b"s", Size.LARGE: b"l"})
    with other.take(photo_id, Size.LARGE) as file:
        assert file.read() == b"l"
    assert other.take(photo_id, Size.MEDIUM) is None
    assert list(other.older_than(datetime(2100, 1, 1, tzinfo=UTC))) == [photo_id]
    assert list(other.older_than(datetime(2000, 1, 1, tzinfo=UTC))) == []
    other.clear([photo_id, new_id()])
    assert other.take(photo_id, Size.LARGE) is None
