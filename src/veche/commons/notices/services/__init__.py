"""Telling people, their wishes, and the letters on their way."""

from veche.commons.notices.services.letters import (
    claim_letter,
    letter_failed,
    letter_gone,
    letter_put_back,
    post_letter,
    send_link,
)
from veche.commons.notices.services.telling import read, read_all, tell, write_letters
from veche.commons.notices.services.wishes import (
    choose_mail,
    person_of_token,
    unsubscribe,
    unsubscribe_token,
)

__all__ = [
    "choose_mail",
    "claim_letter",
    "letter_failed",
    "letter_gone",
    "letter_put_back",
    "person_of_token",
    "post_letter",
    "read",
    "read_all",
    "send_link",
    "tell",
    "unsubscribe",
    "unsubscribe_token",
    "write_letters",
]
