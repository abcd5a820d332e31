"""The words of notices: how people want to be told, what a mail is, and why a mail did not go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from veche.kernel.words import N_

MORNING_HOUR = 8
LETTER_USEFUL = timedelta(days=2)
MOST_ATTEMPTS = 12
LINKS_AN_HOUR = 5
PAGE = 30
LINK_SENTENCE = N_("Somebody, we hope it was you, filled in a form on Veche and gave this e-mail address.")


class MailWish(StrEnum):
    """How a person wants to be told by mail."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person, in plain text. Its id makes its Message-ID: sent twice, it is shown once."""

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
    person_id: UUID
    email: str
    language: str
    wish: MailWish
    sentence: str
    params: Mapping[str, Any]
    url: str


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
}
