"""The words of notices: how people want to be told, what a mail is, and why a mail did not go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.words import N_

MORNING_HOUR = 8
LETTER_USEFUL = timedelta(days=2)
MOST_ATTEMPTS = 12
LINKS_AN_HOUR = 5
PAGE = 30
# A letter that was good for less than this (a code, say) helps nobody once its time is over.
LONG_USEFUL = timedelta(days=1)
UNDELIVERED_KEPT = timedelta(days=30)
TOO_LATE, TOO_OFTEN = "too-late", "too-often"
LETTERS = "notices.letters"
LINK_SENTENCE = N_("Somebody, we hope it was you, filled in a form on Veche and gave this e-mail address.")


class MailWish(StrEnum):
    """How a person wants to be told by mail."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    NEVER = "never"


class Channel(StrEnum):
    """By which post something goes."""

    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person, in plain text. Its id makes its Message-ID: sent twice, it is shown once.

    A text message is the same without subject and headers, `to` being a number.
    """

    id: UUID
    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as the cabinet shows it; `sentence` is an English message id."""

    id: UUID
    city_id: UUID | None
    kind: str
    sentence: str
    params: Mapping[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that waits for its mail, with what is needed to write it."""

    id: UUID
    city_id: UUID | None
    person_id: UUID
    email: str
    language: str
    wish: MailWish
    sentence: str
    params: Mapping[str, Any]
    url: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that was given up, as administrators see it: without its address and its text."""

    id: UUID
    channel: str
    city_id: UUID | None
    created_at: datetime
    gave_up_at: datetime
    attempts: int
    why: str

    @property
    def says_why(self) -> str:
        """An English msgid; an answer of the post is shown as it is."""
        return WHY.get(self.why, "")


@dataclass(frozen=True, slots=True)
class LettersState:
    """How one post stands: letters that wait, since when the oldest does, those given up, since when it is closed."""

    channel: Channel
    waiting: int
    oldest_at: datetime | None
    given_up: int
    closed_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersReleased(Fact):
    """Letters that had been given up were sent on their way again; whose they were stays out of the journal."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersLetGo(Fact):
    """An administrator threw away letters that had been given up."""

    count: int


WHY: Mapping[str, str] = {
    TOO_LATE: N_("the post did not take it in time"),
    TOO_OFTEN: N_("the post asked to come again too many times"),
}
CHANNEL_WORDS: Mapping[str, str] = {Channel.MAIL: N_("e-mail"), Channel.SMS: N_("text message")}

WISHES: Mapping[MailWish, str] = {
    MailWish.AT_ONCE: N_("At once"),
    MailWish.DAILY: N_("Once a day, in the morning"),
    MailWish.NEVER: N_("Never; I will look in the cabinet"),
}

SENTENCES: dict[str, str] = {
    "notices.too-many-links": N_(
        "We have sent several e-mails to this address within the hour. Please look through your inbox and spam folder, "
        "or try again later. Nothing you typed is lost."
    ),
    "notices.bad-link": N_(
        "This link is damaged. Please open it again from the e-mail, or change this in the cabinet."
    ),
    "notices.unknown-wish": N_("Please choose one of the ways."),
    "notices.LettersReleased": N_("Letters that could not be delivered were sent again: %(count)s."),
    "notices.LettersLetGo": N_("Letters that could not be delivered were thrown away: %(count)s."),
}
