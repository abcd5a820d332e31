"""Telling people, their wishes, and the letters on their way."""

from veche.commons.notices.services.letters import (
    claim_letter,
    letter_failed,
    letter_gone,
    letter_put_back,
    post_closed,
    post_is_open,
    post_letter,
    post_opened,
    post_sms,
    send_link,
)
from veche.commons.notices.services.telling import read, read_all, tell, write_letters
from veche.commons.notices.services.undelivered import (
    expire_letters,
    let_letters_go,
    letter_given_up,
    purge_undelivered,
    release_letters,
)
from veche.commons.notices.services.wishes import (
    choose_mail,
    person_of_token,
    unsubscribe,
    unsubscribe_token,
)

__all__ = [
    "choose_mail",
    "claim_letter",
    "expire_letters",
    "let_letters_go",
    "letter_failed",
    "letter_given_up",
    "letter_gone",
    "letter_put_back",
    "person_of_token",
    "post_closed",
    "post_is_open",
    "post_letter",
    "post_opened",
    "post_sms",
    "purge_undelivered",
    "read",
    "read_all",
    "release_letters",
    "send_link",
    "tell",
    "unsubscribe",
    "unsubscribe_token",
    "write_letters",
]
