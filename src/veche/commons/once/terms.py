"""The words of what is done once: the call that carries a key, and the answer it got."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from veche.kernel.words import N_

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
FIELD = "once"
LONGEST_KEY = 200
# Who repeats a call after that has long forgotten the first; until then its answer may hold personal data.
ANSWERS_STAY = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that asks to be done once.

    `id` follows from who calls and from the key, of which nothing else is kept; `body` is SHA-256 of what was sent.
    """

    id: UUID
    person_id: UUID | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered. `session` is the session that the call began for a visitor, if it did."""

    status: int
    content_type: str = ""
    location: str = ""
    content: bytes = b""
    session: str = ""


SENTENCES: dict[str, str] = {
    "once.key-missing": N_(
        "Please send the header Idempotency-Key with a value of your own, new for every act: "
        "what is sent twice is then done once."
    ),
    "once.bad-key": N_(
        "The header Idempotency-Key may have at most %(longest)s visible Latin characters. A UUID is a good value."
    ),
    "once.other-body": N_(
        "This key was used before with other content, and that holds. Please use a new key for a new act."
    ),
}
