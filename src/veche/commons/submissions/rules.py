"""What may be handed in."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isfinite
from typing import Any
from uuid import UUID

from veche.commons.submissions.terms import (
    DRAFT_KEPT,
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    SHORTEST_TEXT,
    NewSubmission,
)
from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal

# Control characters but the tab and the line end, halves of letters, and the marks that turn the writing around: with
# one of those a text reads backwards, and so does whatever stands behind it on the page.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,180}\.[^\s@<>\"(),:;\\\[\]]{2,60}")


def clean(text: str) -> str:
    """Make a text fit to be kept: one kind of line end, nothing unseen that steers, composed letters, no rims.

    Refuses: never.
    """
    lines = _STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", lines).strip()


def cleaned(value: Any) -> Any:
    """Clean every text inside lists and mappings; what is no text stays as it is.

    Refuses: never.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return value


def fold(text: str) -> str:
    """Write a text as it is compared: small letters, `ё` as `е`, single spaces.

    Refuses: never.
    """
    return " ".join(unicodedata.normalize("NFC", text).lower().replace("ё", "е").split())


def check_text(text: str) -> Refusal | None:
    """Say whether a text can be acted on. Units: characters, after the rims are stripped.

    Refuses: `submissions.text-missing`, `-too-short`, `-without-words`, `-too-long`.
    """
    text = clean(text)
    if not text:
        return Refusal("submissions.text-missing", "text")
    if not any(ch.isalnum() for ch in text):
        return Refusal("submissions.text-without-words", "text")
    if len(text) < SHORTEST_TEXT:
        return Refusal("submissions.text-too-short", "text")
    if len(text) > LONGEST_TEXT:
        return Refusal("submissions.text-too-long", "text", {"length": len(text), "limit": LONGEST_TEXT})
    return None


def check_address(address: str) -> Refusal | None:
    """Say whether an address line fits. Units: characters.

    Refuses: `submissions.address-too-long`.
    """
    if len(clean(address)) > LONGEST_ADDRESS:
        return Refusal("submissions.address-too-long", "address", {"limit": LONGEST_ADDRESS})
    return None


def check_point(point: Point) -> Refusal | None:
    """Say whether a point lies on the earth. Units: degrees.

    Refuses: `submissions.no-such-point`.
    """
    if not (isfinite(point.lat) and isfinite(point.lon) and abs(point.lat) <= 90 and abs(point.lon) <= 180):
        return Refusal("submissions.no-such-point", "point")
    return None


def check_email(email: str) -> Refusal | None:
    """Say whether an address of mail has the form of one; whether it exists, only mail can tell.

    Refuses: `submissions.bad-email`.
    """
    return None if _EMAIL.fullmatch(email.strip()) else Refusal("submissions.bad-email", "email")


def check_new(new: NewSubmission) -> Iterator[Refusal]:
    """Collect everything that is wrong with a submission.

    Refuses: what `check_text`, `check_address` and `check_point` refuse.
    """
    answers = (check_text(new.text), check_address(new.address), check_point(new.point))
    yield from (answer for answer in answers if answer)


def may_join(person_id: UUID | None, author_id: UUID | None) -> Refusal | None:
    """Say whether a person may join a submission.

    Refuses: `submissions.may-not-join` for a visitor, `submissions.own` for its author.
    """
    if person_id is None:
        return Refusal("submissions.may-not-join")
    if person_id == author_id:
        return Refusal("submissions.own")
    return None


def kept_since(now: datetime) -> datetime:
    """The moment before which untouched drafts are let go. Units: UTC.

    Refuses: never.
    """
    return now - DRAFT_KEPT
