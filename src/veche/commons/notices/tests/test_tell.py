"""Telling people."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from veche.commons.accounts.models import Person
from veche.commons.accounts.terms import Actor
from veche.commons.notices import queries
from veche.commons.notices.adapters.mailers import MemoryMailer
from veche.commons.notices.models import Letter, Notice
from veche.commons.notices.ports import PostClosed, PutOff, Undeliverable
from veche.commons.notices.services import choose_mail, read, read_all, tell, write_letters
from veche.commons.notices.tasks import send_letters, send_mail
from veche.commons.notices.terms import Mail, MailWish
from veche.kernel.ids import new_id


def news(*people: Actor, now: datetime, city_id: UUID | None = None, **changes: Any) -> int:
    fields = {
        "fact_id": new_id(),
        "kind": "reports.answer",
        "sentence": "%(office)s answered report %(number)s.",
        "params": {"office": {"ru": "Дорожная служба", "en": "The roads department"}, "number": "17-3"},
        "url": "/town/reports/17-3",
    }
    return tell([one.person_id for one in people], city_id=city_id, now=now, **(fields | changes))


def test_telling_the_same_fact_twice_adds_nothing(alice: Actor, clara: Actor, now: datetime) -> None:
    fact_id = new_id()
    assert news(alice, alice, fact_id=fact_id, now=now) == 1
    assert news(alice, clara, fact_id=fact_id, now=now) == 1
    assert Notice.objects.count() == 2
    assert news(alice, fact_id=fact_id, kind="reports.other", now=now) == 1


def test_the_cabinet_shows_the_newest_first_and_counts_what_is_unread(alice: Actor, now: datetime) -> None:
    for _ in range(3):
        news(alice, now=now)
    notices = queries.notices_of(alice.person_id)
    assert queries.unread_count(alice.person_id) == 3
    assert read(notices[0].id, person_id=alice.person_id, now=now) == "/town/reports/17-3"
    assert queries.unread_count(alice.person_id) == 2
    assert read_all(alice.person_id, now=now) == 2
    assert queries.unread_count(alice.person_id) == 0
    assert (
        queries.notices_of(alice.person_id, before=notices[1].id) == queries.notices_of(alice.person_id)[2:]
    )


def test_nobody_reads_the_notice_of_another(alice: Actor, clara: Actor, now: datetime) -> None:
    news(alice, now=now)
    assert read(Notice.objects.get().id, person_id=clara.person_id, now=now) is None
    assert queries.unread_count(alice.person_id) == 1


def test_a_notice_is_said_in_the_language_of_the_reader(
    clara: Actor, now: datetime, post: MemoryMailer
) -> None:
    news(clara, now=now)
    send_mail(now)
    (mail,) = post.sent
    assert mail.subject == "The roads department answered report 17-3."
    assert "/town/reports/17-3" in str(mail.body)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_sentence_that_names_no_number_stands_behind_the_number_it_is_about(
    language: str, clara: Actor, now: datetime, post: MemoryMailer
) -> None:
    Person.objects.update(language=language)
    news(clara, now=now, sentence="%(office)s answered.", params={"office": "ОМВД", "about": "17-3"})
    send_mail(now)
    (mail,) = post.sent
    assert mail.subject.replace("\u00a0", " ") == "№ 17-3. ОМВД answered."
    assert "№\u00a017-3. ОМВД" in str(mail.body)
    with translation.override(language):
        assert queries.spoken("Nothing to fill in.", {"about": ""}) == "Nothing to fill in."


def test_a_day_is_written_as_the_pages_write_it() -> None:
    for language, said in (("ru", "14\u00a0декабря 2026"), ("en", "14\u00a0December 2026")):
        with translation.override(language):
            assert queries.spoken("%(date)s", {"date": {"date": "2026-12-14"}}) == said


def test_a_sentence_that_lacks_its_figures_does_not_stop_the_post(
    clara: Actor, now: datetime, post: MemoryMailer
) -> None:
    news(clara, now=now, params={})
    assert send_mail(now) == 1


def test_a_mail_goes_once(alice: Actor, now: datetime, post: MemoryMailer) -> None:
    news(alice, now=now)
    assert send_mail(now) == 1
    assert send_mail(now + timedelta(minutes=1)) == 0
    assert write_letters(now + timedelta(days=1)) == 0
    assert not Letter.objects.exists()
    (mail,) = post.sent
    assert mail.extra_headers["Message-ID"] == f"<{Notice.objects.get().id}@example.org>"


def test_a_letter_written_twice_is_one_letter(alice: Actor, now: datetime) -> None:
    news(alice, now=now)
    write_letters(now)
    Notice.objects.update(mailed_at=None)  # as if the first had been written and not noted
    write_letters(now)
    assert Letter.objects.count() == 1


def test_a_days_news_come_in_one_mail_in_the_morning(
    alice: Actor, town: UUID, now: datetime, post: MemoryMailer
) -> None:
    choose_mail(alice.person_id, "daily", now=now)
    for number in ("17-3", "18-5"):
        news(alice, now=now, city_id=town, params={"office": "Дороги", "number": number})
    assert send_mail(now) == 0
    assert send_mail(now.replace(hour=2, minute=59) + timedelta(days=1)) == 0
    assert send_mail(now.replace(hour=3) + timedelta(days=1)) == 1
    assert "17-3" in str(post.sent[0].body)
    assert "18-5" in str(post.sent[0].body)


def test_who_wants_no_mail_still_finds_all_in_the_cabinet(
    alice: Actor, now: datetime, post: MemoryMailer
) -> None:
    choose_mail(alice.person_id, "never", now=now)
    news(alice, now=now)
    assert send_mail(now + timedelta(days=3)) == 0
    assert queries.unread_count(alice.person_id) == 1


def test_mail_that_waits_is_called_back_when_it_is_no_longer_wanted(
    alice: Actor, now: datetime, post: MemoryMailer
) -> None:
    news(alice, now=now)
    choose_mail(alice.person_id, MailWish.NEVER, now=now)
    assert send_mail(now) == 0


def test_an_address_that_was_never_confirmed_gets_no_news(
    alice: Actor, now: datetime, post: MemoryMailer
) -> None:
    Person.objects.update(level=0)
    news(alice, now=now)
    assert send_mail(now) == 0
    assert Notice.objects.get().mailed_at == now


def test_every_mail_can_be_stopped_in_one_click(alice: Actor, now: datetime, post: MemoryMailer) -> None:
    news(alice, now=now)
    send_mail(now)
    headers = post.sent[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in str(post.sent[0].body)


class Broken(MemoryMailer):
    """A post that says no with `answer`."""

    answer: Exception = PostClosed("gone fishing")

    def send(self, mail: Mail) -> None:
        raise self.answer


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    from veche.commons.notices.ports import EQUIPMENT

    mailer = Broken("veche@example.org")
    monkeypatch.setattr(EQUIPMENT, "mailer", mailer)
    return mailer


def test_letters_wait_while_the_post_is_closed(
    alice: Actor, clara: Actor, now: datetime, broken: Broken, request: pytest.FixtureRequest
) -> None:
    news(alice, clara, now=now)
    assert send_mail(now) == 0
    assert list(Letter.objects.values_list("attempts", flat=True)) == [0, 0]
    post = request.getfixturevalue("post")
    assert send_letters(now + timedelta(minutes=1)) == 2
    assert len(post.sent) == 2


def test_a_letter_that_is_put_off_is_tried_later_and_given_up_in_the_end(
    alice: Actor, now: datetime, broken: Broken
) -> None:
    broken.answer = PutOff("450")
    news(alice, now=now)
    send_mail(now)
    letter = Letter.objects.get()
    assert (letter.attempts, letter.due_at) == (1, now + timedelta(minutes=1))
    Letter.objects.update(until_at=now + timedelta(days=30))
    for hours in range(1, 60):
        send_letters(now + timedelta(hours=hours))
    (letter,) = queries.dead_letters()
    assert (letter.why, letter.attempts) == ("too-often", 12)


def test_a_letter_that_cannot_be_delivered_is_kept_with_the_code_of_the_post(
    alice: Actor, now: datetime, broken: Broken
) -> None:
    broken.answer = Undeliverable("550")
    news(alice, now=now)
    assert send_mail(now) == 0
    assert send_mail(now + timedelta(days=1)) == 0
    (letter,) = queries.dead_letters()
    assert (letter.why, letter.gave_up_at, letter.attempts) == ("550", now, 1)


def test_a_letter_that_grew_too_old_is_not_sent_but_kept(
    alice: Actor, now: datetime, post: MemoryMailer
) -> None:
    news(alice, now=now)
    write_letters(now)
    assert send_letters(now + timedelta(days=2)) == 0
    send_mail(now + timedelta(days=2))
    assert [one.why for one in queries.dead_letters()] == ["too-late"]
    assert post.sent == []
