"""The words of submissions: what is handed in, by which channel, and why it is not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from veche.kernel.geo import Point
from veche.kernel.ids import number_of
from veche.kernel.refs import SubjectRef
from veche.kernel.words import N_

DRAFT = "submissions.draft"
SUBMISSION = "submissions.submission"

SHORTEST_TEXT = 3
LONGEST_TEXT = 4000
LONGEST_ADDRESS = 300
LARGEST_DRAFT = 64_000
DRAFT_KEPT = timedelta(days=14)


class Channel(StrEnum):
    """How it came in."""

    WEB = "web"
    API = "api"
    IMPORT = "import"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubmission:
    """What a person hands in. `id` is the draft's, or made by the sender: the same id twice is one submission.

    `details` answer the category's questions; `photos_from` names the draft whose photographs move along;
    `source` and `external_id` name the row of an import.
    """

    id: UUID
    city_id: UUID
    text: str
    point: Point
    place_id: UUID
    language: str
    address: str = ""
    anonymous: bool = True
    channel: Channel = Channel.WEB
    details: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    external_id: str | None = None
    photos_from: SubjectRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionView:
    """A submission as pages and services read it. The author is for those who must know; pages show none."""

    id: UUID
    city_id: UUID
    serial: int
    author_id: UUID | None
    anonymous: bool
    language: str
    text: str
    details: Mapping[str, Any]
    point: Point
    place_id: UUID
    address: str
    channel: str
    received_at: datetime

    @property
    def number(self) -> str:
        """The number on the receipt, with its check digit."""
        return number_of(self.serial)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A form that somebody has begun, as the cabinet lists it."""

    id: UUID
    city_id: UUID
    purpose: str
    values: Mapping[str, Any]
    changed_at: datetime


SENTENCES: dict[str, str] = {
    "submissions.text-missing": N_("Please write in a few words what is wrong."),
    "submissions.text-too-short": N_("This is too short to act on. Please write at least a few words."),
    "submissions.text-without-words": N_("We see only signs and no words. Please describe what is wrong."),
    "submissions.text-too-long": N_(
        "Your text has %(length)s characters, and we can take %(limit)s. Nothing is lost: please shorten it a little."
    ),
    "submissions.address-too-long": N_("Please shorten the address to %(limit)s characters."),
    "submissions.no-such-point": N_("This point is not on the map. Please mark the place again."),
    "submissions.no-author": N_("Please sign in or confirm your e-mail address before you send this."),
    "submissions.id-taken": N_("This has been sent before by somebody else. Please begin a new form."),
    "submissions.not-found": N_("We could not find this. It may have been removed."),
    "submissions.may-not-join": N_("Please sign in to say that it concerns you too."),
    "submissions.own": N_("You wrote this yourself, so you are counted already."),
    "submissions.draft-too-large": N_("This form holds too much text to be kept. Please shorten it."),
    "submissions.bad-email": N_("This does not look like an e-mail address. Please check it."),
}
