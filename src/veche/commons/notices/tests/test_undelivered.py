"""Letters that were given up are kept for who can mend the cause, sent again or thrown away, in the end forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from veche.commons.journal.models import FactRow
from veche.commons.notices import queries, services
from veche.commons.notices.adapters.mailers import MemoryMailer
from veche.commons.notices.models import Letter
from veche.commons.notices.tasks import purge_undelivered, send_letters, send_mail
from veche.commons.notices.terms import Mail
from veche.kernel.ids import new_id

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def elsewhere() -> UUID:
    return new_id()


def given_up(now: datetime, *, city_id: UUID | None = None) -> UUID:
    mail = Mail(new_id(), "anna@example.org", "Вам ответили", "Здравствуйте!")
    services.post_letter(mail, now=now)
    Letter.objects.filter(id=mail.id).update(city_id=city_id)
    services.letter_given_up(mail.id, "550", now=now)
    return mail.id


def test_administrators_see_a_letter_without_its_address_and_text(now: datetime) -> None:
    given_up(now)
    (letter,) = queries.dead_letters()
    assert "anna" not in repr(letter)
    assert "Здравствуйте" not in repr(letter)
    assert (letter.why, letter.channel) == ("550", "mail")


def test_a_letter_sent_again_arrives_and_is_useful_as_long_as_before(
    now: datetime, post: MemoryMailer
) -> None:
    one = given_up(now)
    later = now + 20 * DAY
    assert send_letters(later) == 0
    assert services.release_letters(now=later, letter_ids=[one]) == 1
    letter = Letter.objects.get()
    assert (letter.attempts, letter.until_at, letter.why) == (0, later + 2 * DAY, "")
    assert send_letters(later) == 1
    assert len(post.sent) == 1
    assert not Letter.objects.exists()


def test_both_acts_are_recorded_with_their_number_and_without_persons(town: UUID, now: datetime) -> None:
    for _ in range(3):
        given_up(now, city_id=town)
    ids = [one.id for one in queries.dead_letters(town)]
    assert services.let_letters_go(now=now, city_id=town, letter_ids=ids[:1]) == 1
    assert services.release_letters(now=now, city_id=town) == 2
    assert services.release_letters(now=now, city_id=town) == 0
    facts = FactRow.objects.order_by("id").values_list("kind", "city_id", "body")
    assert list(facts) == [
        ("notices.LettersLetGo", town, {"count": 1}),
        ("notices.LettersReleased", town, {"count": 2}),
    ]


def test_a_city_reaches_its_own_letters_and_those_of_no_city(
    town: UUID, elsewhere: UUID, now: datetime
) -> None:
    own, nobodys, foreign = (given_up(now, city_id=city) for city in (town, None, elsewhere))
    assert {one.id for one in queries.dead_letters(town)} == {own, nobodys}
    assert queries.dead_letter_count(town) == 2
    assert services.release_letters(now=now, city_id=town, letter_ids=[foreign]) == 0
    assert services.let_letters_go(now=now, city_id=town) == 2
    assert [one.id for one in queries.dead_letters()] == [foreign]


def test_pages_go_on_behind_the_last_letter(now: datetime) -> None:
    ids = sorted(given_up(now) for _ in range(5))
    first = [one.id for one in queries.dead_letters(limit=3)]
    assert first + [one.id for one in queries.dead_letters(after=first[-1], limit=3)] == ids


def test_a_code_that_came_too_late_is_thrown_away_not_kept(now: datetime, post: MemoryMailer) -> None:
    mail = Mail(new_id(), "anna@example.org", "Код", "123456")
    services.post_letter(mail, now=now, useful=timedelta(minutes=15))
    send_mail(now + timedelta(minutes=15))
    assert post.sent == []
    assert not Letter.objects.exists()


def test_what_was_given_up_is_forgotten_after_thirty_days(now: datetime) -> None:
    given_up(now)
    assert purge_undelivered(now + 30 * DAY - timedelta(seconds=1)) == 0
    assert purge_undelivered(now + 30 * DAY) == 1
    assert not Letter.objects.exists()
